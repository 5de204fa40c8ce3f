import API
import Crypto
import Platform
import RPC
import Storage
import Synchronization
import TestSupport
import Testing
import Wire

@testable import ServiceKit

/// Answers a few of the account service's methods with what shows who was let in.
private struct EchoService: RPCService {
    static let serviceName = AccountMethods.getAccount.service

    func register(on router: inout Router) {
        router.unary(AccountMethods.getAccount) { _, call throws(RPCError) in
            GetAccountResponse.with { $0.account = Account.with { $0.name = call.caller.name } }
        }
        router.unary(AccountMethods.createAccount) { _, _ throws(RPCError) in CreateAccountResponse() }
        router.unary(AccountMethods.getConnection) { _, _ throws(RPCError) in GetConnectionResponse() }
    }
}

/// One running service with a token file and an authority of its own.
private final class RunningService: Sendable {
    let directory: String
    let identities: TestIdentities
    let files: ServiceConfiguration.TLSFiles
    let signals: AsyncStream<Signals.Signal>.Continuation
    let lines = Collected<String>()
    let events = Collected<String>()
    let stream: AsyncStream<Signals.Signal>

    init(_ directory: String) throws {
        self.directory = directory
        identities = try TestIdentities(in: directory)
        files = try identities.files(.account)
        (stream, signals) = AsyncStream<Signals.Signal>.makeStream()
        let tokens = ["viewer", "admin"].map { "\($0) \(Hex.encode(SHA256.digest("token-\($0)"))) kim-\($0)\n" }
        try Files.writeAtomically(Array(tokens.joined().utf8), to: directory + "/tokens")
    }

    var ready: String { directory + "/ready" }
    var data: String { directory + "/data" }

    func run() async throws {
        let configuration = try ServiceConfiguration(
            service: .account,
            arguments: [
                "--listen", "127.0.0.1:0", "--data-dir", data, "--token-file", directory + "/tokens", "--ready-file",
                ready, "--share", Checkout.root + "/share/parapet", "--tls-cert", files.certificate, "--tls-key",
                files.key, "--tls-ca", files.authority,
            ], environment: [:])
        let logger = Logger(service: "account-service", format: .json) { [lines] in lines.add($0) }
        try await ServiceRunner.run(configuration, logger, stream) { [events] context in
            let database = try await context.openDatabase("account.db", migrations: [Migration(1, AuditLog.schema)])
            return ServiceParts(
                services: [EchoService()], audit: AuditLog(database: database),
                background: [
                    {
                        events.add("background")
                        try? await Task.sleep(for: .seconds(600))
                        events.add("background ended")
                    }
                ],
                shutdown: {
                    await database.close()
                    events.add("shut down")
                })
        }
    }

    /// A client with a token, or with a service's certificate.
    func client(token: String? = nil, as service: ServiceName? = nil, expecting: ServiceName = .account) throws
        -> RPCClient
    {
        let address = try #require(HostPort(String(decoding: try Files.read(ready).dropLast(), as: UTF8.self)))
        let own = try service.map { try identities.files($0, suffix: "-client") }
        return RPCClient(
            ClientConfiguration(
                host: address.host, port: address.port,
                tls: ClientTLS(
                    caFile: files.authority, certFile: own?.certificate, keyFile: own?.key,
                    expectedServerURI: expecting.uri), bearerToken: token))
    }
}

private func code<Q: Message, R: Message>(_ client: RPCClient, _ method: Method<Q, R>) async -> StatusCode {
    do throws(RPCError) {
        _ = try await client.unary(method, Q(), timeout: .seconds(10))
        return .ok
    } catch {
        return error.code
    }
}

@Suite(.timeLimit(.minutes(1))) struct ServiceRunnerTests {
    private func withService(_ body: @Sendable @escaping (RunningService) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let service = try RunningService(directory)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                group.addTask {
                    defer { service.signals.yield(.terminate) }
                    guard await eventually({ Files.exists(service.ready) }) else { throw CancellationError() }
                    try await body(service)
                }
                try await group.waitForAll()
            }
            #expect(!Files.exists(service.ready))
            #expect(service.events.all == ["background", "background ended", "shut down"])
            try DataDirectory(locking: service.data).unlock()
        }
    }

    @Test func `people and services are let in as their tokens and certificates say, and refusals are audited`()
        async throws
    {
        try await withService { service in
            let viewer = try service.client(token: "token-viewer")
            let answer = try await viewer.unary(AccountMethods.getAccount, GetAccountRequest(), timeout: .seconds(10))
            #expect(answer.account?.name == "kim-viewer")
            #expect(await code(viewer, AccountMethods.createAccount) == .permissionDenied)
            #expect(await code(viewer, AccountMethods.getConnection) == .permissionDenied)
            #expect(await code(try service.client(token: "token-admin"), AccountMethods.createAccount) == .ok)
            #expect(await code(try service.client(as: .sync), AccountMethods.getConnection) == .ok)
            #expect(await code(try service.client(as: .account), AccountMethods.getConnection) == .permissionDenied)
            #expect(await code(try service.client(), AccountMethods.getAccount) == .unauthenticated)
            #expect(await code(try service.client(token: "wrong"), AccountMethods.getAccount) == .unauthenticated)
            #expect(await code(try service.client(), HealthMethods.check) == .ok)
            let reader = try await Database.open(path: service.data + "/account.db", migrations: [], readOnly: true)
            let refused = try await AuditLog(database: reader).records(limit: 100).map(\.event)
            #expect(
                refused.map { "\($0.action) \($0.callerName)" } == [
                    "CreateAccount kim-viewer", "GetConnection kim-viewer", "GetConnection account-service",
                    "GetAccount ", "GetAccount ",
                ])
            await reader.close()
        }
    }

    @Test func `a failed call is logged with the id that its caller gave, or one of its own`() async throws {
        try await withService { service in
            let client = try service.client(token: "token-viewer")
            for id in ["mine-1", "no id: spaces", ""] {
                var metadata = Metadata()
                if !id.isEmpty { metadata.add("x-request-id", id) }
                _ = try? await client.unary(
                    AccountMethods.createAccount, CreateAccountRequest(), timeout: .seconds(10), metadata: metadata)
            }
            let failures = service.lines.all.filter { $0.contains("a call failed") }
            try #require(failures.count == 3)
            #expect(failures[0].contains("\"request_id\":\"mine-1\""))
            #expect(failures[0].contains("\"caller\":\"kim-viewer\""))
            #expect(failures[0].contains("AccountService/CreateAccount"))
            #expect(!failures[1].contains("no id"))
            #expect(failures.dropFirst().allSatisfy { !$0.contains("\"request_id\":\"\"") })
        }
    }

    @Test func `a client that expects another service does not talk to this one`() async throws {
        try await withService { service in
            let client = try service.client(token: "token-viewer", expecting: .sync)
            #expect(await code(client, AccountMethods.getAccount) == .unavailable)
        }
    }

    @Test func `reflection lists what is served`() async throws {
        try await withService { service in
            let client = try service.client(token: "token-viewer")
            let request = ServerReflectionRequest.with { $0.messageRequest = .listServices("") }
            var names: [String] = []
            for try await bytes in client.streamRaw(
                "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", [request.encoded()], timeout: .seconds(10))
            {
                let response = try ServerReflectionResponse(decoding: bytes)
                if case .listServicesResponse(let list) = response.messageResponse { names += list.service.map(\.name) }
            }
            #expect(names.contains("parapet.account.v1.AccountService"))
            #expect(names.contains("grpc.health.v1.Health"))
        }
    }

    @Test func `a renewed certificate is taken over at SIGHUP, a broken one is not`() async throws {
        try await withService { service in
            let before = service.lines.all.count
            _ = try service.identities.files(.account, lifetime: .seconds(30 * 86_400))
            service.signals.yield(.hangup)
            #expect(
                await eventually {
                    service.lines.all.dropFirst(before).contains { $0.contains("certificates reloaded") }
                })
            try Files.writeAtomically([1], to: service.files.certificate)
            service.signals.yield(.hangup)
            #expect(await eventually { service.lines.all.contains { $0.contains("certificates were not reloaded") } })
            #expect(await code(try service.client(token: "token-viewer"), AccountMethods.getAccount) == .ok)
        }
    }

    @Test func `a second process on the same data is refused`() async throws {
        try await withService { service in
            let second = try RunningService(service.directory)
            let error = await #expect(throws: ConfigurationError.self) { try await second.run() }
            #expect(error?.description.contains("is in use by another process") == true)
        }
    }
}
