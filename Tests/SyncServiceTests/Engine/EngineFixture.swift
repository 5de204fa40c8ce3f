import Platform
import ServiceKit
import Storage
import Synchronization

@testable import SyncService

/// A clock that a test sets.
final class ManualWallClock: WallClock {
    private let time = Mutex(WallTime(unixSeconds: 1_800_000_000))
    func now() -> WallTime { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// A new directory that is removed with the value's owner.
final class TemporaryDirectory: Sendable {
    let path: String
    init() throws {
        path = "/tmp/parapet-sync-test-" + newIdentifier("")
        try Files.createDirectory(path)
    }
    deinit { try? Files.removeTree(path) }
}

/// An engine over fakes, in a directory of its own.
struct EngineFixture {
    let directory: TemporaryDirectory
    let clock = ManualWallClock()
    let aws = FakeAWS()
    let connections: FakeConnections
    let store: SyncStore
    var context: EngineContext
    let coordinator: SyncCoordinator

    static let types = [
        PlannedType(name: "aws_vpc", isGlobal: false, service: "ec2"),
        PlannedType(name: "aws_s3_bucket", isGlobal: true, service: "s3"),
    ]

    init(
        _ regions: [String] = ["eu-central-1"], types: [PlannedType] = Self.types,
        sharing other: EngineFixture? = nil, configure: (inout EngineContext) -> Void = { _ in }
    ) async throws {
        directory = try other?.directory ?? TemporaryDirectory()
        connections = other?.connections ?? FakeConnections(regions)
        store = try await SyncStore.open(
            path: directory.path + "/sync.db", extra: SyncProgram.storeMigrations, clock: clock)
        context = EngineContext(
            store: store, aws: other?.aws ?? aws, connections: connections, types: types)
        let outbox = Outbox(database: store.writer)
        context.assess = { run, connection throws(StorageError) in
            try AssessmentDelivery.enqueue(run, in: outbox, on: connection)
        }
        configure(&context)
        coordinator = SyncCoordinator(context: context)
    }

    func account(_ id: String = "acct-1") async throws -> StoredAccount {
        try await store.account(id: id, name: "")
    }

    /// Queues a run and carries it out. Returns it as it ended.
    @discardableResult
    func sync(_ filter: RunFilter = RunFilter()) async throws -> StoredRun {
        let account = try await account()
        let asked = try await store.request(
            account: account.key, cause: .change, key: "", isPatient: true, filter: filter)
        guard case .created(let run) = asked else { throw Unexpected(what: "\(asked)") }
        await RunExecutor(context: context, control: RunControl(runID: run.id, accountKey: account.key)).execute()
        guard let ended = try await store.run(id: run.id) else { throw Unexpected(what: "no run") }
        return ended
    }

    func assets(_ filter: AssetFilter = AssetFilter()) async throws -> [StoredAsset] {
        try await store.assets(account: account().key, filter, after: nil, limit: 500)
    }

    func coverage(_ type: String, _ region: String) async throws -> StoredCoverage? {
        try await store.coverage(account: account().key, region: region, type: type).first
    }

    func change() async throws -> Int64 { try await account().change }
}

struct Unexpected: Error { var what: String }

/// Waits for a state, a minute at most.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<6000 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(60))
    }
    return false
}
