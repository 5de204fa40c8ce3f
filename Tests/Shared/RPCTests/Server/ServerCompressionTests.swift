import Testing
import Wire

@testable import RPC

struct ServerCompressionTests {
    private static let path = "/parapet.test.v1.Echo/Echo"
    private static let gzip = [("grpc-encoding", "gzip")]

    private func answer(
        _ headers: [(String, String)], body: [UInt8], path: String = path,
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (RawResponse, Sightings) {
        let pair = try await EchoPair(configure: configure)
        let client = try await RawClient.connect(pair.server.port)
        let response = await client.call(path, headers, body: body).finished()
        await client.close()
        await pair.close()
        return (response, pair.seen)
    }

    @Test func `a compressed request is understood, and may be mixed with plain ones`() async throws {
        let compressed = try await answer(Self.gzip, body: framed(GzipCodecTests.hello, compressed: true)).0
        #expect(compressed.status == "0")
        #expect(compressed.body == framed(GzipCodecTests.plain))
        let plain = try await answer(Self.gzip, body: framed(GzipCodecTests.plain)).0
        #expect(plain.body == framed(GzipCodecTests.plain))
    }

    @Test func `an unknown encoding is UNIMPLEMENTED and told what is known`() async throws {
        let response = try await answer([("grpc-encoding", "br")], body: framed(GzipCodecTests.hello, compressed: true))
            .0
        #expect(response.status == "12")
        #expect(response["grpc-accept-encoding"] == "identity,gzip")
    }

    @Test(arguments: [
        ("Echo", []), ("Describe", []), ("Count", []), ("Fail", []), ("Missing", []), ("Echo", [("x-refuse", "no")]),
        ("Echo", [("grpc-timeout", "soon")]), ("Echo", [("grpc-accept-encoding", "gzip")]),
    ])
    func `each response says which encodings are understood`(
        method: String, headers: [(String, String)]
    ) async throws {
        let response = try await answer(
            headers, body: framed(EchoMessage("", 1).encoded()), path: "/parapet.test.v1.Echo/\(method)"
        ) { $0.compression = .gzip }.0
        #expect(response.lists.first?["grpc-accept-encoding"] == "identity,gzip")
        #expect(response.lists.dropFirst().allSatisfy { $0["grpc-accept-encoding"] == nil })
    }

    @Test(arguments: [[], [("grpc-encoding", "identity")]])
    func `a compressed message without an encoding is INTERNAL`(headers: [(String, String)]) async throws {
        let (response, seen) = try await answer(
            headers, body: framed(GzipCodecTests.hello, compressed: true), path: "/parapet.test.v1.Echo/Wait")
        #expect(response.status == "13")
        #expect(seen.all.isEmpty)
    }

    @Test func `a bomb is RESOURCE_EXHAUSTED and reaches no handler`() async throws {
        let zeros = [UInt8](repeating: 0, count: 20_000_000)
        let bomb = try #require(GzipCodec().deflated(zeros))
        let (response, seen) = try await answer(
            Self.gzip, body: framed(bomb, compressed: true), path: "/parapet.test.v1.Echo/Wait"
        ) { $0.receiveLimitBytes = 1_000_000 }
        #expect(response.status == "8")
        #expect(response["grpc-message"] == "the inflated request is over the limit of 1000000 bytes")
        #expect(seen.all.isEmpty)
    }

    @Test(arguments: [Array(GzipCodecTests.hello.dropLast()), GzipCodecTests.hello + [7], [], [1, 2, 3]] as [[UInt8]])
    func `a request that is not one gzip member is INTERNAL`(bytes: [UInt8]) async throws {
        let response = try await answer(Self.gzip, body: framed(bytes, compressed: true)).0
        #expect(response.status == "13")
    }

    @Test func `responses are compressed for clients that take it`() async throws {
        let request = EchoMessage("x", payload: [UInt8](repeating: 3, count: 10_000)).encoded()
        let taken = try await answer([("grpc-accept-encoding", "deflate, gzip")], body: framed(request)) {
            $0.compression = .gzip
        }.0
        #expect(taken["grpc-encoding"] == "gzip")
        #expect(taken.body.first == 1)
        #expect(taken.body.count < 200)
        let message = try GzipCodec().inflated(taken.body[5...], limit: 20_000)
        #expect(message == request)
        let refused = try await answer([("grpc-accept-encoding", "identity")], body: framed(request)) {
            $0.compression = .gzip
        }.0
        #expect(refused["grpc-encoding"] == nil)
        #expect(refused.body == framed(request))
    }

    @Test func `a handler sees and decides what is compressed`() async throws {
        var router = Router()
        router.bidirectional(EchoMethods.count) { requests, responses, call throws(RPCError) in
            call.compressesResponses = true
            while let request = try await requests.next() {
                let text = call.requestWasCompressed ? "compressed" : "plain"
                let answer = EchoMessage(text, payload: request.payload)
                try await responses.send(answer, compressed: request.number == 1 ? false : nil)
            }
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = try await RawClient.connect(server.port)
        let payload = [UInt8](repeating: 3, count: 2000)
        let first = EchoMessage("", 0, payload: payload).encoded()
        let second = EchoMessage("", 1, payload: payload).encoded()
        let shorter = try #require(GzipCodec().deflated(first))
        let response = await client.call(
            "/parapet.test.v1.Echo/Count", Self.gzip + [("grpc-accept-encoding", "gzip")],
            body: framed(shorter, compressed: true) + framed(second)
        ).finished()
        #expect(response.status == "0")
        #expect(response.body[0] == 1)
        let length = Int(response.body[3]) << 8 | Int(response.body[4])
        let inflated = try GzipCodec().inflated(response.body[5..<5 + length], limit: 5000)
        #expect(try EchoMessage(decoding: inflated) == EchoMessage("compressed", payload: payload))
        #expect(Array(response.body[(5 + length)...]) == framed(EchoMessage("plain", payload: payload).encoded()))
        await client.close()
        await server.shutdown(grace: .zero)
    }
}
