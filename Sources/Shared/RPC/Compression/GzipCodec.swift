/// Compresses and inflates the messages of one loop, one after the other: zlib's state (some 300 KiB for both ways) is
/// made at the first use and used again. Confined to its owner's thread.
final class GzipCodec {
    private var inflater: Inflater?
    private var deflater: Deflater?

    /// The inflated message.
    ///
    /// Inflating stops at the limit, so that a bomb costs no more memory than a large message does.
    ///
    /// - Throws: RESOURCE_EXHAUSTED over `limitBytes`; INTERNAL for anything but one whole gzip member (RFC 1952).
    func inflate(_ input: RawSpan, limitBytes: Int, what: StaticString) throws(RPCError) -> [UInt8] {
        if inflater == nil { inflater = Inflater.make() }
        guard inflater != nil else { throw RPCError(.resourceExhausted, "no memory to inflate the \(what)") }
        switch inflater?.inflate(input, limitBytes: limitBytes) {
        case .done(let output): return output
        case .tooLong:
            throw RPCError(.resourceExhausted, "the inflated \(what) is over the limit of \(limitBytes) bytes")
        case .malformed, nil: throw RPCError(.internalError, "the compressed \(what) is not one gzip member")
        }
    }

    /// The compressed message; nil when compressing does not make it shorter, so that it is better sent as it is.
    func deflate(_ input: RawSpan) -> [UInt8]? {
        if deflater == nil { deflater = Deflater.make() }
        guard let output = deflater?.deflate(input), output.count < input.byteCount else { return nil }
        return output
    }
}
