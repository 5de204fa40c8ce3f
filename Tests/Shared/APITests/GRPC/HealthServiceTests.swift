import API
import RPC
import Testing

struct HealthServiceTests {
    private struct OpenDoor: ServerInterceptor {
        func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
    }

    private func serve(_ health: HealthService) async throws -> (RPCServer, RPCClient) {
        var router = Router()
        router.add(health)
        let server = try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: OpenDoor())
        return (server, RPCClient(ClientConfiguration(host: "127.0.0.1", port: server.port, allowPlaintext: true)))
    }

    private func request(_ service: String) -> HealthCheckRequest {
        var request = HealthCheckRequest()
        request.service = service
        return request
    }

    @Test func `known services and the server are serving, others are not found`() async throws {
        let health = HealthService(services: ["a.B"])
        let (server, client) = try await serve(health)
        #expect(try await client.unary(HealthMethods.check, request("")).status == .serving)
        #expect(try await client.unary(HealthMethods.check, request("a.B")).status == .serving)
        health.set("a.B", .notServing)
        #expect(try await client.unary(HealthMethods.check, request("a.B")).status == .notServing)
        await #expect(throws: RPCError(.notFound, "service a.C")) {
            _ = try await client.unary(HealthMethods.check, request("a.C"))
        }
        client.close()
        await server.shutdown(grace: .zero)
    }

    @Test func `who watches is told at once and at each change, and let go at the end`() async throws {
        let health = HealthService(services: ["a.B"])
        let (server, client) = try await serve(health)
        var watch = client.serverStreaming(HealthMethods.watch, request("a.B")).makeAsyncIterator()
        #expect(try await watch.next()?.status == .serving)
        health.set("a.B", .serving)
        health.set("a.B", .notServing)
        #expect(try await watch.next()?.status == .notServing)
        health.set("a.B", .serving)
        #expect(try await watch.next()?.status == .serving)
        health.end()
        #expect(try await watch.next()?.status == .notServing)
        await #expect(throws: RPCError(.unavailable, "the server shuts down")) { _ = try await watch.next() }
        await server.shutdown(grace: .seconds(10))
        client.close()
    }

    @Test func `a service that is not known yet is watched until it is`() async throws {
        let health = HealthService(services: [])
        let (server, client) = try await serve(health)
        var watch = client.serverStreaming(HealthMethods.watch, request("late")).makeAsyncIterator()
        #expect(try await watch.next()?.status == .serviceUnknown)
        health.set("late", .serving)
        #expect(try await watch.next()?.status == .serving)
        client.close()
        await server.shutdown(grace: .zero)
    }
}
