import HTTP2
import Testing

@testable import RPC

struct StatusHeadersTests {
    private func block(_ fields: [(StaticString, String)]) -> HeaderBlock {
        var block = HeaderBlock()
        for (name, value) in fields { block.add(name, value) }
        return block
    }

    private func error(_ fields: [(StaticString, String)], isOnly: Bool = false) -> RPCError? {
        if case .failure(let error) = StatusHeaders.result(block(fields), isOnly: isOnly) { error } else { nil }
    }

    @Test func `trailers give the status with its message`() {
        #expect(error([("grpc-status", "0")]) == nil)
        #expect(error([("grpc-status", "5"), ("grpc-message", "a%20b")]) == RPCError(.notFound, "a b"))
    }

    @Test func `a status that is not there or not known is UNKNOWN`() {
        #expect(error([])?.code == .unknown)
        #expect(error([("grpc-status", "99"), ("grpc-message", "odd")]) == RPCError(.unknown, "odd"))
        #expect(error([("grpc-status", "x")])?.code == .unknown)
    }

    @Test(arguments: [
        ("400", StatusCode.internalError), ("401", .unauthenticated), ("403", .permissionDenied),
        ("404", .unimplemented),
        ("429", .unavailable), ("502", .unavailable), ("503", .unavailable), ("504", .unavailable), ("500", .unknown),
    ])
    func `an HTTP status becomes the code of gRPC's table`(status: String, code: StatusCode) {
        let error = error([(":status", status), ("content-type", "text/html")], isOnly: true)
        #expect(error == RPCError(code, "the server answered with HTTP status \(status)"))
    }

    @Test func `a response that is no gRPC is refused`() {
        #expect(error([(":status", "200"), ("content-type", "text/html"), ("grpc-status", "0")], isOnly: true) != nil)
        let ok: [(StaticString, String)] = [(":status", "200"), ("content-type", "application/grpc+proto")]
        #expect(error(ok + [("grpc-status", "0")], isOnly: true) == nil)
        #expect(error(ok + [("grpc-status", "0"), ("grpc-encoding", "snappy")], isOnly: true)?.code == .internalError)
    }
}
