import API
import Platform
import RPC
import ServiceKit
import Storage
import Synchronization

@testable import AssessmentService

/// The assessment service without a network, beside stand-ins for the others.
final class ServiceHarness: Sendable {
    let directory: String
    let sync: FakeSync
    let handlers: AssessmentHandlers
    let database: Database
    let clock = TickingClock()
    /// How many verdicts each assessment changed, from the log.
    let changes = ChangeLog()
    private let runner: Task<Void, Never>

    static let versioning = ControlDefinition(
        id: "bucket_versioning", title: "Versioned", severity: .high, resourceType: "aws_bucket",
        frameworks: ["cis:1", "fsbp:S3.1"], rationale: "why", remediation: "how",
        sql: """
            select arn, case when versioning = 'Enabled' then 'pass' else 'fail' end as status,
              'versioning is ' || coalesce(versioning, 'off') as reason from aws_bucket
            """)
    static let privacy = ControlDefinition(
        id: "bucket_private", title: "Private", severity: .critical, resourceType: "aws_bucket",
        sql: """
            select arn, case when public then 'fail' else 'pass' end as status, '' as reason from aws_bucket
            where public is not null
            """)

    init(
        controls: [ControlDefinition] = [versioning, privacy], directory: String? = nil, sync: FakeSync? = nil,
        accounts: FakeAccounts = FakeAccounts()
    ) async throws {
        self.directory = try directory ?? Files.createTemporaryDirectory(prefix: "parapet-assessment")
        let sync = try sync ?? FakeSync()
        self.sync = sync
        database = try await Database.open(
            path: self.directory + "/assessment.db", migrations: AssessmentSchema.migrations)
        let store = AssessmentStore(database: database)
        try await store.markInterrupted()
        let registry = ControlRegistry(controls)
        let changes = changes
        let logger = Logger(
            service: "test", level: .info, format: .json,
            write: { line in
                guard let found = line.ranges(of: "\"changes\":").first else { return }
                let count = Int(line[found.upperBound...].prefix { $0.isNumber }) ?? -1
                changes.add(count)
            })
        handlers = AssessmentHandlers(
            store: store, board: AssessmentBoard(), worker: ReplicaWorker(directory: self.directory + "/replicas"),
            registry: registry, catalogue: CatalogueCache(registry: registry), sync: sync, accounts: accounts,
            alertsChanged: Signal(), pageTokens: PageTokens(), audit: AuditLog(database: database), logger: logger,
            clock: clock)
        let runner = handlers.runner
        self.runner = Task { await runner.run() }
    }

    /// Ends the service; its directory stays for another.
    func stop() async {
        runner.cancel()
        await runner.value
        await database.close()
    }

    func end() async {
        await stop()
        try? Files.removeTree(directory)
    }

    @discardableResult
    func assess(_ syncID: String, account: String = "acc", change: Int64 = 0) async throws -> Assessment {
        var request = AssessRequest()
        (request.accountId, request.syncId, request.change) = (account, syncID, change)
        let response = try await handlers.assess(request, CallContext(method: "Assess"))
        return response.assessment ?? Assessment()
    }

    func findings(_ filter: (inout ListFindingsRequest) -> Void = { _ in }) async throws -> [Finding] {
        var request = ListFindingsRequest()
        filter(&request)
        return try await handlers.listFindings(request, CallContext()).findings
    }

    func alerts(_ filter: (inout ListAlertsRequest) -> Void = { _ in }) async throws -> [Alert] {
        var request = ListAlertsRequest()
        filter(&request)
        return try await handlers.listAlerts(request, CallContext()).alerts
    }

    func alert(_ id: String) async throws -> GetAlertResponse {
        var request = GetAlertRequest()
        request.alertId = id
        return try await handlers.getAlert(request, CallContext())
    }
}

/// Each look is a second later than the one before.
final class TickingClock: WallClock {
    private let seconds = Mutex<Int64>(1_800_000_000)

    func now() -> WallTime {
        seconds.withLock { seconds in
            seconds += 1
            return WallTime(unixSeconds: seconds)
        }
    }
}

final class ChangeLog: Sendable {
    private let state = Mutex<[Int]>([])
    var counts: [Int] { state.withLock { $0 } }
    func add(_ count: Int) { state.withLock { $0.append(count) } }
}
