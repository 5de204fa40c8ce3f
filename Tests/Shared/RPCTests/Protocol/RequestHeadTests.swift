import HTTP2
import Testing

@testable import RPC

struct RequestHeadTests {
    private func head(_ changes: [(StaticString, String)] = [], without: StaticString = "") -> RequestHead {
        RequestHead(list(changes, without: without))
    }

    private func list(_ changes: [(StaticString, String)] = [], without: StaticString = "") -> HeaderBlock {
        var block = HeaderBlock()
        let fields: [(StaticString, String)] = [
            (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), (":authority", "localhost"),
            ("te", "trailers"), ("content-type", "application/grpc"), ("user-agent", "test"),
        ]
        for (name, value) in fields where "\(name)" != "\(without)" {
            block.add(name, changes.first { "\($0.0)" == "\(name)" }?.1 ?? value)
        }
        for (name, value) in changes where !fields.contains(where: { "\($0.0)" == "\(name)" }) {
            block.add(name, value)
        }
        return block
    }

    @Test func `custom headers are metadata, those of the protocol are not`() {
        let list = list([("x-id", "7"), ("grpc-accept-encoding", "gzip"), ("grpc-timeout", "5S")])
        let head = RequestHead(list)
        let metadata = RequestHead.metadata(list)
        #expect(head.refusal == nil)
        #expect(head.timeout == .seconds(5))
        #expect(head.path.map { list.text($0) } == "/a.B/C")
        #expect(metadata.description == "[user-agent, x-id]")
        #expect(metadata["x-id"] == "7")
    }

    @Test(arguments: [
        "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8", "application/grpc+proto;a=b",
    ])
    func `gRPC's content types are accepted`(type: String) {
        #expect(head([("content-type", type)]).refusal == nil)
    }

    @Test(arguments: ["application/json", "application/grpc-web", "application/grpc+json", "application/grp", ""])
    func `other content types are not gRPC`(type: String) {
        #expect(head([("content-type", type)]).refusal == .http(415))
    }

    @Test func `a missing content type or another method is not gRPC`() {
        #expect(head(without: "content-type").refusal == .http(415))
        #expect(head([(":method", "GET")]).refusal == .http(405))
    }

    @Test func `an encoding that is not known is refused by name`() {
        let error = RPCError(.unimplemented, "grpc-encoding br is not supported; identity and gzip are")
        #expect(head([("grpc-encoding", "br")]).refusal == .status(error))
        #expect(head([("grpc-encoding", "identity")]).refusal == nil)
        #expect(head([("grpc-encoding", "gzip")]).encoding == .gzip)
        #expect(head().encoding == .identity)
    }

    @Test(arguments: [
        ("gzip", true), ("identity, deflate, gzip", true), ("identity,gzip ,br", true), ("identity", false),
        ("gzipped,x-gzip", false), ("", false),
    ])
    func `gzip is found among the encodings that the client accepts`(value: String, found: Bool) {
        #expect(head([("grpc-accept-encoding", value)]).acceptsGzip == found)
    }

    @Test func `a malformed timeout is refused`() {
        guard case .status(let error) = head([("grpc-timeout", "soon")]).refusal else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .internalError)
    }
}
