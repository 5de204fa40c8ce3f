extension Message {
    /// Decodes a message from exactly these bytes.
    ///
    /// - Throws: What is wrong with the bytes, or which of the limits they exceed.
    @inlinable
    public init(decoding bytes: [UInt8], limits: WireLimits = .standard) throws(WireError) {
        try self.init(decoding: unsafe bytes.span.bytes, limits: limits)
    }

    /// Decodes a message from exactly these bytes, which are not copied as a whole.
    @inlinable
    public init(decoding bytes: RawSpan, limits: WireLimits = .standard) throws(WireError) {
        self.init()
        try merge(bytes, limits: limits)
    }

    /// Merges an encoded message: scalars are replaced, messages merged, elements appended.
    @inlinable
    public mutating func merge(_ bytes: RawSpan, limits: WireLimits = .standard) throws(WireError) {
        guard bytes.byteCount <= limits.bytes else { throw .tooLarge(limitBytes: limits.bytes) }
        try unsafe bytes.withUnsafeBytes { raw throws(WireError) in
            let reader = unsafe ByteReader(raw, depth: limits.depth)
            var decoder = FieldDecoder(input: FieldInput(reader: reader, elements: limits.elements))
            try decode(from: &decoder)
        }
    }

    /// The encoded message.
    @inlinable
    public func encoded() -> [UInt8] {
        var output: [UInt8] = []
        encode(into: &output)
        return output
    }

    /// Appends the encoded message.
    @inlinable
    public func encode(into output: inout [UInt8]) {
        let size = encodedSize()
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: size))
        unsafe output.withUnsafeMutableBytes { raw in
            let writer = unsafe ByteWriter(UnsafeMutableRawBufferPointer(rebasing: raw[start...]))
            var encoder = FieldEncoder(output: FieldOutput(writer: writer))
            encode(to: &encoder)
        }
    }

    /// Appends the encoded message to `output`, which has room for `size` bytes: ``encodedSize()``.
    @inlinable
    public func encode(into output: inout OutputRawSpan, size: Int) {
        unsafe output.withUnsafeMutableBytes { raw, count in
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: raw[count..<count + size])
            var encoder = FieldEncoder(output: FieldOutput(writer: unsafe ByteWriter(room)))
            encode(to: &encoder)
            count += encoder.output.writer.offset
        }
    }

    @inlinable
    public mutating func decode(from decoder: inout FieldDecoder) throws(WireError) { try decoder.decode(&self) }

    /// How many bytes ``encoded()`` gives.
    @inlinable
    public func encodedSize() -> Int { inPlace { $0.measure() } }

    /// Writes the fields where the encoder stands, which has room for ``encodedSize()`` bytes.
    @inlinable
    func encode(to encoder: inout FieldEncoder) { inPlace { $0.write(to: &encoder) } }

    @inlinable
    public mutating func measure() -> Int {
        var sizer = FieldSizer()
        visit(&sizer)
        return sizer.size + unknownFields.bytes.count
    }

    /// Unknown fields come first: where one of them is an old value of an enumeration, the field's own value wins.
    @inlinable
    public mutating func write(to encoder: inout FieldEncoder) {
        if !unknownFields.isEmpty { encoder.output.writer.bytes(unsafe unknownFields.bytes.span.bytes) }
        visit(&encoder)
    }

    /// Lends the message to a visit that changes nothing, though by its type it could. A copy to visit would count a
    /// reference for each string, array and message in it.
    @inlinable @inline(__always)
    func inPlace<T>(_ visit: (inout Self) -> T) -> T {
        unsafe withUnsafePointer(to: self) { unsafe visit(&UnsafeMutablePointer(mutating: $0).pointee) }
    }

    /// Visits by a visitor that throws nothing, though the protocol would let it.
    @inlinable @inline(__always)
    mutating func visit<V: FieldVisitor & ~Copyable>(_ visitor: inout V) {
        do { try fields(&visitor) } catch { assertionFailure("\(error)") }
    }
}
