import RPC
import Testing

struct ShutdownTests {
    @Test func `a shutdown lets running calls end`() async throws {
        var router = Router()
        let seen = Sightings()
        router.unary(EchoMethods.echo) { request, _ throws(RPCError) in
            seen.note("waiting")
            try? await Task.sleep(for: .milliseconds(200))
            return request
        }
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true))
        async let response = client.unary(EchoMethods.echo, EchoMessage("late"))
        #expect(await eventually { seen.count("waiting") == 1 })
        await server.shutdown(grace: .seconds(10))
        #expect(try await response.text == "late")
        let refused = await rpcError { () async throws(RPCError) in
            _ = try await client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(refused?.code == .unavailable)
        client.close()
    }

    @Test func `calls that outlast the grace time are cancelled`() async throws {
        let pair = try await EchoPair()
        async let error = rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.wait, EchoMessage())
        }
        #expect(await eventually { pair.seen.all.contains("waiting") })
        await pair.server.shutdown(grace: .milliseconds(50))
        #expect(await error?.code == .unavailable)
        #expect(await eventually { pair.seen.all.contains("cancelled") })
        pair.client.close()
    }

    @Test(.timeLimit(.minutes(1))) func `an idle server does not wait for the grace to end, and twice is no harm`()
        async throws
    {
        let pair = try await EchoPair()
        _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        await pair.server.shutdown(grace: .seconds(3600))
        await pair.server.shutdown(grace: .seconds(3600))
        pair.client.close()
    }

    @Test func `a client connects anew to a server that came back`() async throws {
        let first = try await EchoPair(configureClient: {
            $0.backoff = BackoffPolicy(initial: .milliseconds(1), max: .milliseconds(5))
        })
        _ = try await first.client.unary(EchoMethods.echo, EchoMessage())
        let port = first.server.port
        await first.server.shutdown(grace: .zero)
        let refused = await rpcError { () async throws(RPCError) in
            _ = try await first.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(refused?.code == .unavailable)
        #expect(refused?.message.contains("Connection refused") == true)
        let second = try await EchoPair(configure: { $0.port = port })
        var answer: String?
        let limit = ContinuousClock.now + .seconds(60)
        while answer == nil, ContinuousClock.now < limit {
            answer = try? await first.client.unary(EchoMethods.echo, EchoMessage("again")).text
        }
        #expect(answer == "again")
        first.client.close()
        await second.close()
    }

    @Test func `an idle connection is ended, and the next call makes another`() async throws {
        let seen = Sightings()
        let pair = try await EchoPair {
            $0.maxConnectionIdle = .milliseconds(50)
            $0.observer = { event in
                if case .connectionClosed(_, nil) = event { seen.note("closed") }
            }
        }
        for round in 1...3 {
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
            #expect(await eventually { seen.count("closed") == round })
        }
        await pair.close()
    }
}
