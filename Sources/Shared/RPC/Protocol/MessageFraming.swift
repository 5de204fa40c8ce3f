import HTTP2
import Wire

/// The frame around each message: a flag for compression, a length of four bytes, the message (PROTOCOL-HTTP2,
/// Length-Prefixed-Message).
enum MessageFraming {
    static let headerCount = 5

    enum Next: Equatable {
        /// The frame at the front is not complete.
        case incomplete
        /// The message at the front of the queue is at these offsets; the frame ends with it.
        case message(Range<Int>)
        case refused(RPCError)
    }

    /// What stands at the front of `queue`. A length over the limit is refused as soon as it is seen.
    ///
    /// - Parameter encoding: What the sender has announced; a compressed message without one is refused with INTERNAL
    ///   (gRPC's compression document).
    static func next(
        in queue: borrowing ByteQueue, limitBytes: Int, what: StaticString, encoding: Compression = .identity
    ) -> Next {
        guard queue.count >= headerCount else { return .incomplete }
        let flag = queue[0]
        guard flag == 0 || (flag == 1 && encoding != .identity) else {
            let text = flag == 1 ? "a compressed message without grpc-encoding" : "malformed message frame"
            return .refused(RPCError(.internalError, text))
        }
        let length = Int(queue.bigEndian(at: 1))
        guard length <= limitBytes else { return .refused(tooLarge(length, limitBytes, what)) }
        guard queue.count >= headerCount + length else { return .incomplete }
        return .message(headerCount..<headerCount + length)
    }

    /// Whether the message at the front of `queue`, which is complete, is compressed.
    static func isCompressed(_ queue: borrowing ByteQueue) -> Bool { queue[0] == 1 }

    static func tooLarge(_ size: Int, _ limit: Int, _ what: StaticString) -> RPCError {
        RPCError(.resourceExhausted, "the \(what) has \(size) bytes, the limit is \(limit)")
    }

    /// Appends a frame whose message `encode` appends. Over the limit, nothing is appended and the error returned.
    static func append(
        to output: inout [UInt8], limitBytes: Int, what: StaticString, _ encode: (inout [UInt8]) -> Void
    ) -> RPCError? {
        let start = output.count
        for _ in 0..<headerCount { output.append(0) }
        encode(&output)
        let length = output.count - start - headerCount
        guard length <= limitBytes, let wire = UInt32(exactly: length) else {
            output.removeLast(output.count - start)
            return tooLarge(length, limitBytes, what)
        }
        writeLength(wire, to: &output, at: start)
        return nil
    }

    /// Appends a frame around a message to `output`, which has room for both.
    ///
    /// - Parameter size: Of the message; 4 GiB at most.
    static func append(_ message: some Message, size: Int, to output: inout OutputRawSpan) {
        output.append(0)
        output.append(UInt8(truncatingIfNeeded: size >> 24))
        output.append(UInt8(truncatingIfNeeded: size >> 16))
        output.append(UInt8(truncatingIfNeeded: size >> 8))
        output.append(UInt8(truncatingIfNeeded: size))
        message.encode(into: &output, size: size)
    }

    /// A frame around a message of `size` bytes.
    static func frame(_ message: some Message, size: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(headerCount + size)
        output.append(0)
        for shift in stride(from: 24, through: 0, by: -8) { output.append(UInt8(truncatingIfNeeded: size >> shift)) }
        message.encode(into: &output)
        return output
    }

    /// Compresses the message of the frame that begins at `start` and ends with `output`; leaves it as it is when that
    /// does not make it shorter.
    static func compress(_ output: inout [UInt8], from start: Int, by codec: GzipCodec) {
        let message = start + headerCount
        guard let shorter = unsafe codec.deflate(output.span.bytes.extracting(message..<output.count)),
            let wire = UInt32(exactly: shorter.count)
        else { return }
        output.replaceSubrange(message..., with: shorter)
        output[start] = 1
        writeLength(wire, to: &output, at: start)
    }

    private static func writeLength(_ length: UInt32, to output: inout [UInt8], at start: Int) {
        output[start + 1] = UInt8(truncatingIfNeeded: length >> 24)
        output[start + 2] = UInt8(truncatingIfNeeded: length >> 16)
        output[start + 3] = UInt8(truncatingIfNeeded: length >> 8)
        output[start + 4] = UInt8(truncatingIfNeeded: length)
    }
}
