import EventLoop
import RPC
import Testing
import Wire

struct UnaryCallTests {
    @Test func `a request comes back as its response`() async throws {
        let pair = try await EchoPair()
        for number in 0..<100 {
            let response = try await pair.client.unary(EchoMethods.echo, EchoMessage("héllo", Int64(number)))
            #expect(response == EchoMessage("héllo", Int64(number)))
        }
        await pair.close()
    }

    @Test(arguments: [0, 1, 16 << 10, 70_000, 1 << 20, (4 << 20) - 64])
    func `messages of any size up to the limit pass`(size: Int) async throws {
        let pair = try await EchoPair()
        let message = EchoMessage("x", 1, payload: [UInt8](repeating: 7, count: size))
        let response = try await pair.client.unary(EchoMethods.echo, message)
        #expect(response == message)
        await pair.close()
    }

    @Test func `many calls at once share the connection`() async throws {
        let pair = try await EchoPair()
        let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<500 {
                group.addTask { try await pair.client.unary(EchoMethods.echo, EchoMessage("x", Int64(number))).number }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(0..<500))
        await pair.close()
    }

    @Test func `calls over the server's limit of streams wait for their turn`() async throws {
        let pair = try await EchoPair { $0.maxConcurrentStreams = 2 }
        let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<300 {
                group.addTask { try await pair.client.unary(EchoMethods.echo, EchoMessage("x", Int64(number))).number }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(0..<300))
        await pair.close()
    }

    @Test func `a server that is on the client's loop answers it there`() async throws {
        let inner = try await EchoPair()
        var router = Router()
        let loops = Sightings()
        let relay = RPCClient(
            ClientConfiguration(host: "127.0.0.1", port: inner.server.port, allowPlaintext: true),
            loop: inner.server.loop)
        router.unary(EchoMethods.echo) { [loop = inner.server.loop] request, _ throws(RPCError) in
            let response = try await relay.unary(EchoMethods.echo, request)
            loops.note(loop.isCurrent ? "on the loop" : "elsewhere")
            return response
        }
        let outer = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer(),
            loop: inner.server.loop)
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: outer.port, allowPlaintext: true))
        for number in 0..<20 as Range<Int64> {
            #expect(try await client.unary(EchoMethods.echo, EchoMessage("", number)).number == number)
        }
        #expect(loops.all == Array(repeating: "on the loop", count: 20))
        client.close()
        relay.close()
        await outer.shutdown(grace: .zero)
        await inner.close()
    }

    @Test(arguments: StatusCode.allCases.filter { $0 != .ok })
    func `an error arrives with its code and message`(code: StatusCode) async throws {
        let pair = try await EchoPair()
        let text = "50% of\nthe \"Ümläuts\" are lost"
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.fail, EchoMessage(text, Int64(code.rawValue)))
        }
        #expect(error == RPCError(code, text))
        await pair.close()
    }

    @Test func `unknown methods and services are named`() async throws {
        let pair = try await EchoPair()
        let missing = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.missing, EchoMessage())
        }
        #expect(missing == RPCError(.unimplemented, "service parapet.test.v1.Echo has no method Missing"))
        let elsewhere = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.elsewhere, EchoMessage())
        }
        #expect(elsewhere == RPCError(.unimplemented, "no service parapet.test.v1.Nothing here"))
        await pair.close()
    }

    @Test func `the handler sees metadata, the caller and the deadline`() async throws {
        let pair = try await EchoPair()
        var metadata = Metadata()
        metadata.add("x-text", "some text")
        metadata.add("x-data-bin", bytes: [1, 2, 255])
        let response = try await pair.client.unary(
            EchoMethods.describe, EchoMessage(), timeout: .seconds(5), metadata: metadata)
        #expect(response.text == "parapet.test.v1.Echo|Describe|some text|[1, 2, 255]|tester||deadline")
        await pair.close()
    }

    @Test func `what the authorizer refuses reaches no handler`() async throws {
        let pair = try await EchoPair()
        var metadata = Metadata()
        metadata.add("x-refuse", "viewers may not")
        let unary = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.wait, EchoMessage(), metadata: metadata)
        }
        #expect(unary == RPCError(.permissionDenied, "viewers may not"))
        let streaming = await rpcError { () async throws(RPCError) in
            for try await _ in pair.client.serverStreaming(
                EchoMethods.count, EchoMessage("", 3), metadata: metadata)
            {}
        }
        #expect(streaming == RPCError(.permissionDenied, "viewers may not"))
        #expect(pair.seen.all.isEmpty)
        await pair.close()
    }

    @Test func `a message over the limit is refused with limit and size`() async throws {
        let pair = try await EchoPair { $0.receiveLimitBytes = 1000 }
        let large = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(
                EchoMethods.echo, EchoMessage("", payload: [UInt8](repeating: 1, count: 200_000)))
        }
        #expect(large == RPCError(.resourceExhausted, "the request has 200004 bytes, the limit is 1000"))
        let small = try await pair.client.unary(EchoMethods.echo, EchoMessage("still there"))
        #expect(small.text == "still there")
        await pair.close()
    }

    @Test func `a response over the server's limit is refused`() async throws {
        let pair = try await EchoPair { $0.sendLimitBytes = 100 }
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(
                EchoMethods.echo, EchoMessage("", payload: [UInt8](repeating: 1, count: 200)))
        }
        #expect(error == RPCError(.resourceExhausted, "the response has 203 bytes, the limit is 100"))
        await pair.close()
    }

    @Test func `a request or response over the client's limits fails there`() async throws {
        let pair = try await EchoPair(configureClient: {
            $0.receiveLimitBytes = 1000
            $0.sendLimitBytes = 2000
        })
        let payload = [UInt8](repeating: 1, count: 1500)
        let received = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage("", payload: payload))
        }
        #expect(received == RPCError(.resourceExhausted, "the response has 1503 bytes, the limit is 1000"))
        let sent = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage("", payload: payload + payload))
        }
        #expect(sent == RPCError(.resourceExhausted, "the request has 3003 bytes, the limit is 2000"))
        await pair.close()
    }
}
