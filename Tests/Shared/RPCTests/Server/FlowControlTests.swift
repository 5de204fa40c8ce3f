import RPC
import Testing
import Wire

struct FlowControlTests {
    private static let path = "/parapet.test.v1.Echo/Count"
    private static let echo = "/parapet.test.v1.Echo/Echo"

    /// A server whose streaming handler reads nothing until the gate opens, then all.
    private func withServer(_ gate: Gate, _ body: (RawClient) async throws -> Void) async throws {
        var router = Router()
        router.add(EchoService(seen: Sightings()))
        router.clientStreaming(EchoMethods.count) { requests, _ throws(RPCError) in
            await gate.wait()
            var bytes: Int64 = 0
            while let request = try await requests.next() { bytes += Int64(request.payload.count) }
            return EchoMessage("bytes", bytes)
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = try await RawClient.connect(server.port)
        try await body(client)
        await client.close()
        await server.shutdown(grace: .zero)
    }

    private static func message(_ count: Int) -> [UInt8] {
        framed(EchoMessage("", payload: [UInt8](repeating: 1, count: count)).encoded())
    }

    @Test func `a handler that does not read holds its client back, and no other call`() async throws {
        let gate = Gate()
        try await withServer(gate) { client in
            var body: [UInt8] = []
            for _ in 0..<20 { body += Self.message(100_000) }
            let upload = await client.call(Self.path, body: body)
            let other = await client.call(Self.echo, body: Self.message(1000)).finished()
            #expect(other.status == "0")
            // The window of one stream, which the client uses up, and what was granted for the first message.
            var queued = await upload.queuedBytes
            while queued > body.count - (256 << 10) { queued = await upload.queuedBytes }
            for _ in 0..<20 { _ = await client.call(Self.echo, body: Self.message(1000)).finished() }
            queued = await upload.queuedBytes
            #expect(queued >= body.count - (256 << 10) - 110_000)
            for _ in 0..<20 { _ = await client.call(Self.echo, body: Self.message(50_000)).finished() }
            #expect(await upload.queuedBytes == queued)
            gate.open()
            let response = await upload.finished()
            #expect(response.status == "0")
            #expect(response.body == framed(EchoMessage("bytes", 2_000_000).encoded()))
        }
    }

    @Test func `a message longer than the window arrives`() async throws {
        let gate = Gate()
        gate.open()
        try await withServer(gate) { client in
            let response = await client.call(Self.path, body: Self.message(3_000_000) + Self.message(10)).finished()
            #expect(response.body == framed(EchoMessage("bytes", 3_000_010).encoded()))
            let unary = await client.call(Self.echo, body: Self.message(3_000_000)).finished()
            #expect(unary.body.count == Self.message(3_000_000).count)
        }
    }

    @Test func `bodies that nobody reads use up no window of the connection`() async throws {
        let pair = try await EchoPair { $0.receiveLimitBytes = 100_000 }
        let client = try await RawClient.connect(pair.server.port)
        // Each is refused by its length; together they are many times the connection's window.
        for _ in 0..<30 {
            let refused = await client.call(Self.echo, body: Self.message(200_000)).finished()
            #expect(refused.status == "8")
        }
        #expect(await client.call(Self.echo, body: Self.message(50_000)).finished().status == "0")
        await client.close()
        await pair.close()
    }
}
