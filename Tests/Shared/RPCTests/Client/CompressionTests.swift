import RPC
import Testing

@Suite struct ClientCompressionTests {
    private static let flags = EchoMethod(service: "parapet.test.v1.Gzip", name: "Flags")

    /// Answers each request with whether it came compressed, and compresses every other answer.
    private struct Service: RPCService {
        static let serviceName = "parapet.test.v1.Gzip"

        func register(on router: inout Router) {
            router.bidirectional(flags) { requests, responses, call throws(RPCError) in
                call.compressesResponses = true
                var number: Int64 = 0
                while let request = try await requests.next() {
                    let answer = EchoMessage("\(call.requestWasCompressed)", number, payload: request.payload)
                    try await responses.send(answer, compressed: number % 2 == 0)
                    number += 1
                }
            }
        }
    }

    private func withClient(
        _ configure: (inout ClientConfiguration) -> Void = { _ in }, _ body: (RPCClient) async throws -> Void
    ) async throws {
        var router = Router()
        router.add(Service())
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        var configuration = ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true)
        configure(&configuration)
        let client = RPCClient(configuration)
        try await body(client)
        client.close()
        await server.shutdown(grace: .zero)
    }

    private let payload = [UInt8](repeating: 5, count: 20_000)

    @Test(arguments: [Compression.identity, .gzip])
    func `a unary call compresses its request when asked to, and takes a compressed response`(
        compression: Compression
    ) async throws {
        try await withClient { client in
            let response = try await client.unaryResponse(
                Self.flags, EchoMessage(payload: payload), CallOptions(compression: compression))
            #expect(response.message.text == (compression == .gzip ? "true" : "false"))
            #expect(response.message.payload == payload)
            #expect(response.wasCompressed)
        }
    }

    @Test func `each message of a stream is compressed or not`() async throws {
        try await withClient { client in
            let stream = try client.open(Self.flags, CallOptions(compression: .gzip))
            for (number, compressed) in [true, false, nil].enumerated() {
                try await stream.send(EchoMessage(payload: payload), compressed: compressed)
                let response = try await stream.next()
                #expect(response?.text == "\(compressed ?? true)")
                #expect(response?.payload == payload)
                #expect(stream.responseWasCompressed == (number % 2 == 0))
            }
        }
    }

    @Test func `a response that inflates to more than the limit is refused`() async throws {
        try await withClient({ $0.receiveLimitBytes = 10_000 }) { client in
            let error = await rpcError { () throws(RPCError) in
                _ = try await client.unary(Self.flags, EchoMessage(payload: payload), CallOptions())
            }
            #expect(error?.code == .resourceExhausted)
            #expect(error?.message.contains("10000") == true)
        }
    }
}
