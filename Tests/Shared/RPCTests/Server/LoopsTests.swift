import Glibc
import RPC
import Synchronization
import Testing

struct LoopsTests {
    private func server(loops: Int, port: UInt16 = 0, seen: Sightings) async throws -> RPCServer {
        var configuration = ServerConfiguration(port: port, allowPlaintext: true)
        configuration.loops = loops
        var router = Router()
        router.unary(EchoMethods.echo) { request, _ throws(RPCError) in
            seen.note(currentThread())
            return request
        }
        router.add(EchoService(seen: seen))
        router.unary(EchoMethods.describe) { request, _ throws(RPCError) in
            seen.note(currentThread())
            return request
        }
        return try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
    }

    private func client(_ port: UInt16) -> RPCClient {
        RPCClient(ClientConfiguration(host: "127.0.0.1", port: port, allowPlaintext: true))
    }

    @Test func `connections are spread over the loops, and each is served`() async throws {
        let seen = Sightings()
        let server = try await server(loops: 3, seen: seen)
        var clients: [RPCClient] = []
        let limit = ContinuousClock.now + .seconds(60)
        // The kernel spreads by a hash of the addresses: so many connections as it takes.
        while Set(seen.all).count < 3, clients.count < 200, ContinuousClock.now < limit {
            let client = client(server.port)
            clients.append(client)
            for number in 0..<2 as Range<Int64> {
                #expect(try await client.unary(EchoMethods.describe, EchoMessage("", number)).number == number)
            }
        }
        #expect(Set(seen.all).count == 3)
        for client in clients { client.close() }
        await server.shutdown(grace: .zero)
    }

    @Test func `a shutdown drains every loop`() async throws {
        let seen = Sightings()
        let server = try await server(loops: 2, seen: seen)
        let clients = (0..<20).map { _ in client(server.port) }
        await withTaskGroup(of: StatusCode?.self) { group in
            for client in clients {
                group.addTask {
                    await rpcError { () async throws(RPCError) in
                        _ = try await client.unary(EchoMethods.wait, EchoMessage())
                    }?.code
                }
            }
            #expect(await eventually { seen.count("waiting") == 20 })
            await server.shutdown(grace: .milliseconds(20))
            for await code in group { #expect(code == .unavailable) }
        }
        #expect(await eventually { seen.count("cancelled") == 20 })
        for client in clients { client.close() }
    }

    @Test func `a port in use is refused, with several loops too`() async throws {
        let seen = Sightings()
        let first = try await server(loops: 2, seen: seen)
        await #expect(throws: RPCServerError.self) { _ = try await server(loops: 2, port: first.port, seen: seen) }
        await first.shutdown(grace: .zero)
    }
}

private func currentThread() -> String { "\(pthread_self())" }
