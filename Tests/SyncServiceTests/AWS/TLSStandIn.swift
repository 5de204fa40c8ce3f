import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// A service behind TLS and a proxy that leads to it, in a process of their own.
struct TLSStandIn {
    let folder: String
    let port: Int64
    let proxyPort: Int64
    private let process: ChildProcess

    var endpoint: String { "https://127.0.0.1:\(port)" }
    /// A name that nobody can resolve; the proxy leads it to the service.
    var named: String { "https://api.stand-in.test:\(port)" }
    var proxy: String { "http://127.0.0.1:\(proxyPort)" }
    var bundle: String { folder + "/cert.pem" }

    static func with(isTwo: Bool = false, _ body: (TLSStandIn) async throws -> Void) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-tls")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(Array(FaultTests.topics.utf8), to: folder + "/body.xml")
        let process = try ChildProcess.start(
            [Emulator.python, Fixtures.path("tls_stand_in.py"), folder] + (isTwo ? ["h2"] : []))
        let outcome: Result<Void, any Error>
        do {
            try await eventually("the stand-in listens") { Files.exists(folder + "/ports") }
            let ports = try JSONValue(parsing: Files.read(folder + "/ports")).array ?? []
            try #require(ports.count == 2)
            let standIn = TLSStandIn(
                folder: folder, port: ports[0].int64 ?? 0, proxyPort: ports[1].int64 ?? 0, process: process)
            try await body(standIn)
            outcome = .success(())
        } catch { outcome = .failure(error) }
        _ = await process.stop(grace: .seconds(1))
        try outcome.get()
    }

    /// What it has seen.
    func stats() async throws -> JSONValue {
        let harness = try ClientHarness(endpoint: proxy)
        let (_, body) = try await harness.client.local.send("GET", proxy + "/stats", headers: [], timeout: .seconds(10))
        await harness.stop()
        return try JSONValue(parsing: body)
    }
}

@Suite(.enabled(if: Files.exists(Emulator.python), "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
struct TLSTests {
    private func topics(_ harness: ClientHarness) async -> AWSError? {
        let error = await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") }
        await harness.stop()
        return error
    }

    @Test func `a server is trusted by the bundle that AWS_CA_BUNDLE names and by no other`() async throws {
        try await TLSStandIn.with { server in
            let trusting = try ClientHarness(endpoint: server.endpoint, caBundle: server.bundle)
            #expect(await topics(trusting) == nil)
            let error = await topics(try ClientHarness(endpoint: server.endpoint))
            #expect(error?.code == "Parapet.Connection")
        }
    }

    @Test func `a proxy is used for hosts that are no exception`() async throws {
        try await TLSStandIn.with { server in
            func harness(_ endpoint: String, _ environment: [String: String]) throws -> ClientHarness {
                try ClientHarness(endpoint: endpoint, caBundle: server.bundle, environment: environment)
            }
            #expect(await topics(try harness(server.named, ["HTTPS_PROXY": server.proxy])) == nil)
            let tunnels = try await server.stats()["tunnels"]
            #expect(tunnels == [.string("api.stand-in.test:\(server.port)")])
            // The lower-case name comes first, and one for plain HTTP is not for TLS.
            let both = ["https_proxy": server.proxy, "HTTPS_PROXY": "http://127.0.0.1:1"]
            #expect(await topics(try harness(server.named, both)) == nil)
            let direct = ["HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "other.test,127.0.0.1"]
            #expect(await topics(try harness(server.endpoint, direct)) == nil)
            #expect(await topics(try harness(server.endpoint, ["HTTP_PROXY": "http://127.0.0.1:1"])) == nil)
            for suffix in ["stand-in.test", ".stand-in.test", "*"] {
                let exception = ["HTTPS_PROXY": server.proxy, "NO_PROXY": suffix]
                #expect(await topics(try harness(server.named, exception))?.code == "Parapet.Connection")
            }
            #expect(try await server.stats()["tunnels"]?.array?.count == 2)
        }
    }

    @Test func `a proxy that refuses is named, its password never`() async throws {
        try await TLSStandIn.with { server in
            try Files.writeAtomically([], to: server.folder + "/guarded")
            let own = server.proxy.replacing("http://", with: "http://user:pass@")
            let good = try ClientHarness(
                endpoint: server.named, caBundle: server.bundle, environment: ["HTTPS_PROXY": own])
            #expect(await topics(good) == nil)
            let wrong = ["HTTPS_PROXY": server.proxy.replacing("http://", with: "http://user:hunter2@")]
            let refused = await topics(
                try ClientHarness(endpoint: server.named, caBundle: server.bundle, environment: wrong))
            #expect(refused?.code == "Parapet.Connection")
            #expect(refused?.message == "the proxy answers HTTP 407 to CONNECT")
            var text = ""
            dump(ProxyOptions(environment: wrong), to: &text)
            #expect(!"\(text) \(ProxyOptions(environment: wrong))".contains("hunter2"))
        }
    }

    @Test func `what is on the machine is asked directly, whatever the proxy`() async throws {
        let server = try CredentialStandIn.start()
        let harness = try ClientHarness(endpoint: server.endpoint, environment: ["HTTP_PROXY": "http://127.0.0.1:1"])
        let (status, _) = try await harness.client.local.send(
            "GET", server.endpoint + "/container", headers: [], timeout: .seconds(10))
        #expect(status == 200)
        let error = await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") }
        #expect(error?.code == "Parapet.Connection")
        await harness.stop()
        server.stop()
    }

    @Test func `a stream of HTTP/2 that ends early is repeated, and an error where it always does`() async throws {
        try await TLSStandIn.with(isTwo: true) { server in
            for fault in ["reset", "cut", "leave"] {
                let harness = try ClientHarness(endpoint: server.endpoint, caBundle: server.bundle)
                try Files.writeAtomically([], to: server.folder + "/" + fault)
                let found = try await harness.list("sns", "ListTopics", "Topics[]")
                #expect(found.count == 1, "\(fault)")
                #expect(harness.client.meter.total().calls == 2, "\(fault)")
                await harness.stop()
            }
            var limits = AWSLimits()
            limits.attempts = 1
            let once = try ClientHarness(endpoint: server.endpoint, limits: limits, caBundle: server.bundle)
            try Files.writeAtomically([], to: server.folder + "/cut")
            let error = await failure { () throws(AWSError) in _ = try await once.call("sns", "ListTopics") }
            #expect(error?.code == "Parapet.MalformedResponse")
            await once.stop()
        }
    }

    @Test(arguments: [false, true])
    func `calls share connections, by HTTP/2 where the service has it`(isTwo: Bool) async throws {
        try await TLSStandIn.with(isTwo: isTwo) { server in
            var limits = AWSLimits()
            limits.inFlight = 16
            let harness = try ClientHarness(endpoint: server.endpoint, limits: limits, caBundle: server.bundle)
            let good = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<400 {
                    group.addTask {
                        await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") } == nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            await harness.stop()
            let stats = try await server.stats()
            #expect(good == 400 && stats["requests"] == 400)
            #expect(stats["by_two"] == (isTwo ? 400 : 0))
            let connections = stats["connections"]?.int64 ?? 0
            #expect(isTwo ? connections == 1 : (1...16).contains(connections), "\(connections)")
        }
    }
}
