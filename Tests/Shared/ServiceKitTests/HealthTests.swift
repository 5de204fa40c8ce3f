import API
import Platform
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct HealthTests {
    private static let name = "parapet.account.v1.AccountService"

    private func context(_ directory: String, sync: UInt16) throws -> ServiceContext {
        let configuration = try ServiceConfiguration(
            service: .account,
            arguments: ["--plaintext", "--data-dir", directory, "--sync-service", "127.0.0.1:\(sync)"], environment: [:]
        )
        return ServiceContext(
            configuration: configuration, logger: .silent, share: ShareDirectory(path: Checkout.root + "/share/parapet")
        )
    }

    private struct Open: ServerInterceptor {
        func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
    }

    private func server(_ health: HealthService) async throws -> RPCServer {
        var router = Router()
        router.add(health)
        return try await RPCServer.start(
            ServerConfiguration(allowPlaintext: true), router: router, authorizer: Open())
    }

    @Test func `a database that cannot be written ends readiness, not the process's life`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(path: directory + "/a.db", migrations: [])
            let health = HealthService(services: [Self.name])
            let monitor = HealthMonitor(
                health, names: [Self.name], storage: database, context: try context(directory, sync: 1),
                interval: .milliseconds(5))
            let watch = Task { await monitor.run() }
            #expect(await eventually { health.status(of: "sync-service") == .notServing })
            #expect(health.status(of: Self.name) == .serving)
            await database.close()
            #expect(await eventually { health.status(of: Self.name) == .notServing })
            #expect(health.status(of: "database") == .notServing)
            #expect(health.status(of: "") == .serving)
            watch.cancel()
            await watch.value
        }
    }

    @Test func `a peer that answers is told from one that does not`() async throws {
        try await withTemporaryDirectory { directory in
            let peer = try await server(HealthService(services: []))
            let health = HealthService(services: [Self.name])
            let monitor = HealthMonitor(
                health, names: [Self.name], storage: nil, context: try context(directory, sync: peer.port),
                interval: .milliseconds(5))
            #expect(health.status(of: "sync-service") == .unknown)
            let watch = Task { await monitor.run() }
            #expect(await eventually { health.status(of: "sync-service") == .serving })
            await peer.shutdown(grace: .zero)
            #expect(await eventually { health.status(of: "sync-service") == .notServing })
            #expect(health.status(of: Self.name) == .serving)
            #expect(health.status(of: "assessment-service") == nil)
            watch.cancel()
            await watch.value
        }
    }

    @Test func `the query tells a ready service from one that is not, and from none`() async throws {
        let health = HealthService(services: [Self.name])
        health.set("database", .serving)
        health.set("sync-service", .notServing)
        let running = try await server(health)
        let configuration = try ServiceConfiguration(
            service: .account,
            arguments: [
                "--plaintext", "--data-dir", "/nowhere", "--listen", "127.0.0.1:\(running.port)", "--sync-service",
                "b:2",
            ], environment: [:])
        let query = HealthQuery(configuration: configuration, serviceName: Self.name)
        let ready = await query.run()
        #expect(ready.isReady)
        #expect(ready.line == "account-service: serving; sync-service cannot be reached")
        health.set(Self.name, .notServing)
        health.set("database", .notServing)
        health.set("sync-service", .serving)
        let full = await query.run()
        #expect(!full.isReady)
        #expect(full.line == "account-service: not serving; its database cannot be written")
        await running.shutdown(grace: .zero)
        let gone = await query.run()
        #expect(!gone.isReady)
        #expect(gone.line.hasPrefix("account-service: no answer from 127.0.0.1:\(running.port): "))
    }

    @Test(arguments: [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("[::1]:2", "[::1]:2")])
    func `a service that listens everywhere is asked on loopback`(listen: String, asked: String) throws {
        let (configuration, _) = try ServiceConfiguration.read(
            service: .account, arguments: ["--listen", listen], environment: [:])
        #expect(HealthQuery(configuration: configuration, serviceName: "").address.description == asked)
    }
}
