import RPC
import Testing

/// A chain of two servers: what ends the outer call ends the inner one.
@Suite struct InheritanceTests {
    private static let relay = EchoMethod(service: "parapet.test.v1.Relay", name: "Relay")
    private static let detached = EchoMethod(service: "parapet.test.v1.Relay", name: "Detached")

    private struct Service: RPCService {
        static let serviceName = "parapet.test.v1.Relay"
        let inner: RPCClient
        let seen: Sightings
        let target: EchoMethod
        let timeout: Duration?

        func register(on router: inout Router) {
            router.unary(relay) { request, _ throws(RPCError) in
                try await inner.unary(target, request, timeout: timeout)
            }
            // Holds a stream that nobody waits on, and does not look at its own cancellation.
            router.unary(detached) { request, _ throws(RPCError) in
                let stream = try inner.open(EchoMethods.wait)
                try await stream.send(request)
                stream.finish()
                await withCheckedContinuation { done in
                    Task.detached {
                        _ = await eventually { seen.count("cancelled") == 1 }
                        done.resume()
                    }
                }
                return request
            }
        }
    }

    private func withChain(
        _ target: EchoMethod, timeout: Duration? = nil, _ body: (RPCClient, EchoPair) async throws -> Void
    ) async throws {
        let inner = try await EchoPair()
        var router = Router()
        router.add(Service(inner: inner.client, seen: inner.seen, target: target, timeout: timeout))
        let outer = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: TestAuthorizer())
        let client = RPCClient(ClientConfiguration(host: "127.0.0.1", port: outer.port, allowPlaintext: true))
        try await body(client, inner)
        client.close()
        await inner.close()
        await outer.shutdown(grace: .zero)
    }

    @Test func `the inner call has the outer call's deadline`() async throws {
        try await withChain(EchoMethods.describe) { client, _ in
            let without = try await client.unary(Self.relay, EchoMessage())
            #expect(without.text.hasSuffix("|no deadline"))
            let with = try await client.unary(Self.relay, EchoMessage(), timeout: .seconds(60))
            #expect(with.text.hasSuffix("|deadline"))
        }
    }

    @Test func `the earlier of two deadlines holds`() async throws {
        try await withChain(EchoMethods.wait, timeout: .milliseconds(100)) { client, inner in
            let error = await rpcError { () throws(RPCError) in
                _ = try await client.unary(Self.relay, EchoMessage(), timeout: .seconds(60))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(await eventually { inner.seen.count("cancelled") == 1 })
        }
        try await withChain(EchoMethods.wait, timeout: .seconds(60)) { client, inner in
            let error = await rpcError { () throws(RPCError) in
                _ = try await client.unary(Self.relay, EchoMessage(), timeout: .milliseconds(100))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(await eventually { inner.seen.count("cancelled") == 1 })
        }
    }

    @Test(arguments: [relay, detached].map(\.name))
    func `the inner call is cancelled with the outer one`(method: String) async throws {
        try await withChain(EchoMethods.wait) { client, inner in
            let task = Task {
                try await client.unary(
                    EchoMethod(service: "parapet.test.v1.Relay", name: method), EchoMessage())
            }
            #expect(await eventually { inner.seen.count("waiting") == 1 })
            task.cancel()
            #expect(await eventually { inner.seen.count("cancelled") == 1 })
        }
    }
}
