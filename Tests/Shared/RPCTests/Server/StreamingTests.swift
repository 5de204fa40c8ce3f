import RPC
import Testing

struct StreamingTests {
    @Test(arguments: [0, 1, 3, 5000]) func `all responses come in order`(count: Int64) async throws {
        let pair = try await EchoPair()
        var numbers: [Int64] = []
        for try await message in pair.client.serverStreaming(EchoMethods.count, EchoMessage("n", count)) {
            numbers.append(message.number)
        }
        #expect(numbers == Array(0..<count))
        await pair.close()
    }

    @Test func `responses larger than the client's window arrive`() async throws {
        let pair = try await EchoPair(configureClient: { $0.streamWindowBytes = 64 << 10 })
        let payload = [UInt8](repeating: 5, count: 1 << 20)
        var received = 0
        for try await message in pair.client.serverStreaming(
            EchoMethods.count, EchoMessage("", 5, payload: payload))
        {
            #expect(message.payload.count == payload.count)
            received += 1
        }
        #expect(received == 5)
        await pair.close()
    }

    @Test func `a reader that stops suspends the sender, and wakes it by reading on`() async throws {
        let pair = try await EchoPair(configureClient: { $0.streamWindowBytes = 64 << 10 })
        let request = EchoMessage("", 1000, payload: [UInt8](repeating: 5, count: 10 << 10))
        var iterator = pair.client.serverStreaming(EchoMethods.count, request).makeAsyncIterator()
        #expect(try await iterator.next()?.number == 0)
        // Other calls on the connection pass through the loop meanwhile: the sender had its chances.
        for _ in 0..<50 { _ = try await pair.client.unary(EchoMethods.echo, EchoMessage()) }
        // The first batch, the client's window, the high-water mark and the message over it.
        #expect(pair.seen.count("sent") < 60)
        var received = 1
        while try await iterator.next() != nil { received += 1 }
        #expect(received == 1000)
        await pair.close()
    }

    @Test func `giving up the iterator ends the handler`() async throws {
        let pair = try await EchoPair()
        let request = EchoMessage("", 1_000_000, payload: [UInt8](repeating: 5, count: 10 << 10))
        do {
            var iterator = pair.client.serverStreaming(EchoMethods.count, request).makeAsyncIterator()
            #expect(try await iterator.next() != nil)
        }
        #expect(await eventually { pair.seen.all.contains("send failed: CANCELLED") })
        await pair.close()
    }

    @Test func `messages sent before an error are delivered before it`() async throws {
        let pair = try await EchoPair { $0.sendLimitBytes = 1000 }
        var router = Router()
        router.serverStreaming(EchoMethods.count) { _, stream, _ throws(RPCError) in
            try await stream.send(EchoMessage("one"))
            try await stream.send(EchoMessage("two"))
            throw RPCError(.aborted, "no more")
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true))
        var texts: [String] = []
        let error = await rpcError { () async throws(RPCError) in
            for try await message in client.serverStreaming(EchoMethods.count, EchoMessage()) {
                texts.append(message.text)
            }
        }
        #expect(texts == ["one", "two"])
        #expect(error == RPCError(.aborted, "no more"))
        client.close()
        await server.shutdown(grace: .zero)
        await pair.close()
    }

    @Test func `a handler may send from another executor`() async throws {
        var router = Router()
        router.serverStreaming(EchoMethods.count) { request, stream, _ throws(RPCError) in
            try await Elsewhere().send(request.number, stream)
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true))
        var numbers: [Int64] = []
        for try await message in client.serverStreaming(EchoMethods.count, EchoMessage("", 200)) {
            numbers.append(message.number)
        }
        #expect(numbers == Array(0..<200))
        client.close()
        await server.shutdown(grace: .zero)
    }
}

/// An actor whose executor is the main thread's, so that its methods run off every loop.
private actor Elsewhere {
    nonisolated var unownedExecutor: UnownedSerialExecutor { MainActor.sharedUnownedExecutor }

    func send(_ count: Int64, _ stream: ResponseStream<EchoMessage>) async throws(RPCError) {
        for number in 0..<count {
            try await stream.send(EchoMessage("", number, payload: [UInt8](repeating: 0, count: 5000)))
        }
    }
}
