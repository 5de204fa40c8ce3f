import API
import Platform
import RPC
import ServiceKit
import Storage
import Synchronization
import Testing
import Wire

@testable import AccountService

/// The account service on a database of its own, with fakes for the others.
struct Bench {
    let folder: String
    let clock = StillClock()
    let sync: FakeSync
    let assessment = FakeAssessment()
    let vault: Vault
    let store: AccountStore
    let handlers: AccountHandlers
    let courier: Courier
    /// Every line that the service logged.
    let log: Lines

    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private init(folder: String, log: Lines) async throws {
        self.folder = folder
        self.log = log
        sync = FakeSync(clock: clock)
        vault = try Vault.open(path: "\(folder)/vault.key", keyIDsInUse: [])
        let logger = Logger(service: "account-service", level: .debug, format: .json, write: { log.add($0) })
        let database = try await Database.open(path: "\(folder)/account.db", migrations: AccountSchema.migrations)
        // A system clock for the outbox: its waits are real, and short.
        let outbox = Outbox(
            database: database, policy: ServiceKit.RetryPolicy(base: .milliseconds(1), cap: .milliseconds(5)),
            logger: logger)
        store = AccountStore(
            database: database, outbox: outbox, audit: AuditLog(database: database, clock: clock), clock: clock)
        handlers = AccountHandlers(
            store: store, vault: vault, directory: Sample.directory, sync: sync, assessment: assessment,
            tokens: OneToken(), clock: clock, logger: logger,
            pause: { _ in try? await Task.sleep(for: .milliseconds(2)) })
        courier = Courier(store: store, sync: sync, assessment: assessment)
    }

    /// Runs a test in a folder that is gone afterwards.
    static func run(_ body: (Bench) async throws -> Void) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-account")
        defer { try? Files.removeTree(folder) }
        let bench = try await Bench(folder: folder, log: Lines())
        try await body(bench)
        await bench.store.database.close()
    }

    /// The same data after a crash: nothing was said good-bye to but the file.
    func restarted() async throws -> Bench {
        await store.database.close()
        return try await Bench(folder: folder, log: log)
    }

    /// Runs `body` while what is owed is delivered.
    func delivering(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let courier = courier
            group.addTask { await courier.run() }
            do {
                try await body()
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    /// A caller with the rights of an administrator.
    func call() -> CallContext { CallContext(caller: Caller(kind: .person(.admin), name: "root")) }

    func service() -> CallContext { CallContext(caller: Caller(kind: .service("sync-service"), name: "sync-service")) }

    // MARK: What most tests begin with

    func draft(_ name: String = "prod", secret: String = "") async throws -> API.Account {
        let answer = try await handlers.createAccount(
            .with {
                $0.name = name
                $0.externalId = secret
            }, call())
        return try #require(answer.account)
    }

    func connected(
        _ name: String = "prod", secret: String = "", role: String = Sample.roleText
    ) async throws -> API.Account {
        let draft = try await draft(name, secret: secret)
        let answer = try await handlers.connectAccount(
            .with {
                $0.accountId = draft.id
                $0.roleArn = role
            }, call())
        return try #require(answer.account)
    }

    func update(_ id: String, _ paths: [String], _ set: (inout UpdateAccountRequest) -> Void) async throws
        -> API.Account
    {
        let answer = try await handlers.updateAccount(
            .with {
                $0.accountId = id
                $0.updateMask = FieldMask(paths)
                set(&$0)
            }, call())
        return try #require(answer.account)
    }

    func get(_ id: String) async throws -> API.Account {
        try #require(try await handlers.getAccount(.with { $0.accountId = id }, call()).account)
    }

    func test(_ id: String, role: String = "") async throws -> [TestConnectionResponse] {
        let collected = CollectedResponses<TestConnectionResponse>()
        try await handlers.testConnection(
            .with {
                $0.accountId = id
                $0.roleArn = role
            }, ResponseStream(collectingInto: collected), call())
        return collected.responses
    }

    func connection(_ id: String, revision: Int64 = 0, sync: String = "sync-1") async throws -> GetConnectionResponse {
        try await handlers.getConnection(
            .with {
                $0.accountId = id
                $0.revision = revision
                $0.syncId = sync
            }, service())
    }

    func audited() async throws -> [AuditEvent] {
        try await store.audit.records(limit: 1000).map(\.event)
    }
}

/// Waits until `condition` holds; a condition that never does is an issue, not a hang.
func eventually(
    _ what: Comment, within limit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        if ContinuousClock.now >= deadline {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// The status that a call ends with; nil when it succeeds.
func status<T>(_ body: () async throws -> T) async -> RPCError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? RPCError ?? RPCError(.unknown, "\(error)")
    }
}
