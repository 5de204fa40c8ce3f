@testable import RPC

// Arrays in and out: the tests' macros take no spans.
extension GzipCodec {
    func deflated(_ message: [UInt8]) -> [UInt8]? { deflate(message.span.bytes) }

    func inflated(_ bytes: some Sequence<UInt8>, limit: Int = 1000) throws(RPCError) -> [UInt8] {
        try inflate(Array(bytes).span.bytes, limitBytes: limit, what: "request")
    }
}
