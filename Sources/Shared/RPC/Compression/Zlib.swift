import CZlib

/// Owns one inflating `z_stream`, on the heap since zlib keeps its address.
@safe struct Inflater: ~Copyable {
    enum Outcome { case done([UInt8]), tooLong, malformed }

    private let stream: UnsafeMutablePointer<z_stream>

    private init(_ stream: UnsafeMutablePointer<z_stream>) { unsafe self.stream = stream }

    /// Nil when there is no memory for it.
    static func make() -> Inflater? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_inflate_begin(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        return unsafe Inflater(stream)
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// One gzip member that ends with `input`, inflated to at most `limitBytes`.
    func inflate(_ input: RawSpan, limitBytes: Int) -> Outcome {
        guard unsafe inflateReset(stream) == Z_OK else { return .malformed }
        var output: [UInt8] = []
        var code = Z_OK
        unsafe input.withUnsafeBytes { bytes in
            unsafe lend(bytes, to: stream)
            while code == Z_OK, output.count <= limitBytes {
                // One byte over the limit is enough to know.
                let room = min(max(output.count, 4096), limitBytes + 1 - output.count)
                unsafe code = step(stream, room, &output) { unsafe CZlib.inflate($0, Z_NO_FLUSH) }
            }
        }
        if output.count > limitBytes { return .tooLong }
        return unsafe code == Z_STREAM_END && stream.pointee.avail_in == 0 ? .done(output) : .malformed
    }
}

/// Owns one deflating `z_stream`, on the heap since zlib keeps its address.
@safe struct Deflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    private init(_ stream: UnsafeMutablePointer<z_stream>) { unsafe self.stream = stream }

    /// Nil when there is no memory for it.
    static func make() -> Deflater? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_deflate_begin(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        return unsafe Deflater(stream)
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// `input` as one gzip member; nil when zlib refuses.
    func deflate(_ input: RawSpan) -> [UInt8]? {
        guard unsafe deflateReset(stream) == Z_OK else { return nil }
        let bound = unsafe Int(clamping: deflateBound(stream, UInt(input.byteCount)))
        var output: [UInt8] = []
        var code = Z_OK
        unsafe input.withUnsafeBytes { bytes in
            unsafe lend(bytes, to: stream)
            unsafe code = step(stream, bound, &output) { unsafe CZlib.deflate($0, Z_FINISH) }
        }
        return code == Z_STREAM_END ? output : nil
    }
}

/// Has zlib read from `bytes`, which it does not change.
private func lend(_ bytes: UnsafeRawBufferPointer, to stream: UnsafeMutablePointer<z_stream>) {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
        mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(clamping: bytes.count)
}

/// Lets `body` write up to `room` bytes behind `output`; returns its code.
private func step(
    _ stream: UnsafeMutablePointer<z_stream>, _ room: Int, _ output: inout [UInt8],
    _ body: (UnsafeMutablePointer<z_stream>) -> Int32
) -> Int32 {
    let start = output.count
    output += [UInt8](repeating: 0, count: room)
    var code = Z_OK
    unsafe output.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe stream.pointee.next_out = base + start
        unsafe stream.pointee.avail_out = UInt32(clamping: room)
        unsafe code = body(stream)
    }
    unsafe output.removeLast(Int(stream.pointee.avail_out))
    return code
}
