import Glibc
import Platform
import Storage
import StoreReading
import TestSupport
import Testing

/// The sync service itself is killed at its n-th write to the store, every other time with the write half done; started
/// again, it has to come to what an undisturbed one stores. The writes are those of its start, of a sync and of its end.
///
/// `PARAPET_KILL_STRIDE` says at which writes: 1 at each of them, some 15 minutes; else at some twenty.
extension IntegrationTests {
    /// What the killed sync finds in the account.
    enum Beginning: String, CaseIterable {
        /// Nothing of it is known.
        case nothing
        /// A half of it has changed, some went away and some came, since it was read.
        case earlierSync
    }

    @Test(arguments: Beginning.allCases)
    func `a sync whose service is killed at any write comes to what an undisturbed one stores`(
        beginning: Beginning
    ) async throws {
        try await ServiceSet.run(account: "killed") { services in
            let trial = try await KillTrial(services, beginning)
            let writes = try await trial.undisturbed()
            #expect(writes > 200, "a sync writes more")
            let stride = Environment.value("PARAPET_KILL_STRIDE").flatMap { Int($0) } ?? (writes / 23 | 1)
            var (points, kills, assessed) = (0, 0, 0)
            for write in Swift.stride(from: 1, through: writes, by: stride) {
                let isAssessed = points % 7 == 0
                if try await trial.kill(at: write, isAssessed: isAssessed) { kills += 1 }
                points += 1
                assessed += isAssessed ? 1 : 0
            }
            #expect(kills > points * 9 / 10, "\(points) points, and the service was killed at \(kills)")
            print("\(beginning): killed at \(kills) of \(writes) writes, verdicts and alerts compared at \(assessed)")
        }
    }
}

/// One sync, done undisturbed and then again and again with a kill in it.
private final class KillTrial {
    private let services: ServiceSet
    private let faults: WriteFaults
    private let beginning: IntegrationTests.Beginning
    private var expected: [String] = []
    private var expectedVerdicts: [String] = []

    private var store: String { services.data(of: "sync-service") + "/sync.db" }
    private var verdictStore: String { services.data(of: "assessment-service") + "/assessment.db" }

    init(_ services: ServiceSet, _ beginning: IntegrationTests.Beginning) async throws {
        self.services = services
        self.beginning = beginning
        faults = try await WriteFaults(in: services.folder)
        if beginning == .nothing {
            for suffix in ["", "-wal", "-shm"] where Files.exists(store + suffix) { try Files.remove(store + suffix) }
        } else {
            try await services.emulator.set(["generation": 1, "churn": 500, "buckets": 2, "volumes": 3, "topics": 4])
        }
        for service in ["sync-service", "assessment-service"] { try await services.save(service) }
        try await services.start("account-service")
    }

    /// Returns how many writes it took.
    func undisturbed() async throws -> Int {
        faults.set(.none, at: 0)
        try await services.start("assessment-service")
        try await services.start("sync-service", faults.environment(store: store))
        let before = try await lastRun()
        try await sync()
        try await ended(after: before, isAssessed: true)
        expected = try await content()
        expectedVerdicts = try await verdicts()
        #expect(expected.count > 60 && expectedVerdicts.count > 200)
        #expect(await services.stop("sync-service") == .exited(0))
        await services.kill("assessment-service")
        return faults.writes
    }

    /// Returns whether the service was killed: at the last writes it may have less to write this time.
    func kill(at write: Int, isAssessed: Bool) async throws -> Bool {
        let told: Comment = "\(beginning), write \(write)"
        try await services.restore("sync-service")
        if isAssessed {
            try await services.restore("assessment-service")
            try await services.start("assessment-service")
        }
        faults.set(write.isMultiple(of: 2) ? .killHalfway : .kill, at: write)
        var before: Int64?
        if try await services.start("sync-service", faults.environment(store: store)) {
            before = try? await lastRun()
            try? await sync()
            if let before { try await ended(after: before, isAssessed: isAssessed) }
        }
        let wasKilled = await services.stop("sync-service") == .signalled(SIGKILL)
        #expect(try await services.start("sync-service"), told)
        let runs = beginning == .nothing ? 0 : 1
        // Whoever asked for it asks again, unless the wish was kept.
        if try await lastRun() <= runs { try await sync() }
        try await ended(after: Int64(runs), isAssessed: isAssessed)
        let problems = try await rows(store, "SELECT * FROM pragma_integrity_check")
        #expect(problems == ["ok"], told)
        #expect(try await content() == expected, told)
        if isAssessed { #expect(try await verdicts() == expectedVerdicts, told) }
        await services.kill("sync-service")
        await services.kill("assessment-service")
        return wasKilled
    }

    private func sync() async throws {
        let answer = try await services.parapet(["sync", "start", "killed"])
        guard answer.status.isSuccess else { throw HarnessError(String(decoding: answer.error, as: UTF8.self)) }
    }

    /// Waits for the end of what came after a run, or of the service.
    private func ended(after run: Int64, isAssessed: Bool) async throws {
        let database = try await Database.open(path: store, migrations: [], readOnly: true)
        let isOpen = "state IN (1, 2, 7)" + (isAssessed ? " OR assessment NOT IN (0, 3)" : "")
        try await eventually("the sync has ended", every: .milliseconds(4)) {
            if services.status(of: "sync-service") != nil { return true }
            let open = try await database.read { connection throws(StorageError) in
                try connection.first("SELECT sum(\(isOpen)) FROM run WHERE k > ?1", [.integer(run)]) { row in
                    row.optionalInt(0)
                }
            }
            return open == .some(0)
        }
        await database.close()
    }

    private func lastRun() async throws -> Int64 {
        let last = try await rows(store, "SELECT coalesce(max(k), 0) FROM run").first
        return last.flatMap { Int64($0) } ?? 0
    }

    /// All that is known of the account, without times, change numbers and keys.
    private func content() async throws -> [String] {
        let tags = "(SELECT group_concat(tag) FROM (SELECT key || value AS tag FROM tag JOIN asset_tag ON tag = k"
        return try await [
            lines(
                "s.region, s.type, a.id, a.arn, a.name, p.region, a.tags, hex(a.fingerprint), a.gaps",
                tags + " WHERE asset = a.k ORDER BY 1))",
                from: "asset a JOIN scope s ON s.k = a.scope JOIN place p ON p.k = a.place"),
            storedVersions(store),
            lines("region, type, state, code, message, operation, assets, assets_with_gaps, removed", from: "scope"),
            lines("scope, region, type, id, arn, name", from: "tombstone"),
            lines("state, problem, scopes_total, scopes_done, scopes_with_gaps, assets_seen", from: "run"),
        ].flatMap { $0 }
    }

    private func verdicts() async throws -> [String] {
        let names = "JOIN control c ON c.key = f.control JOIN asset a ON a.key = f.asset"
        let findings = try await lines(
            "c.id, a.region, a.arn, status, reason", in: verdictStore, from: "finding f \(names)")
        let alerts = try await lines(
            "c.id, a.arn, state, resolution, reopened, confirmed, reason", in: verdictStore, from: "alert f \(names)")
        return findings + alerts
    }

    /// Rows as text, sorted.
    private func lines(
        _ columns: String, _ last: String = "''", in path: String? = nil, from tables: String
    ) async throws -> [String] {
        try await rows(path ?? store, "SELECT json_array(\(columns), \(last)) FROM \(tables)").sorted()
    }

    private func rows(_ path: String, _ query: String) async throws -> [String] {
        let database = try await Database.open(path: path, migrations: [], readOnly: true)
        let rows = try await database.read { connection throws(StorageError) in
            try connection.rows(query) { row in row.text(0) }
        }
        await database.close()
        return rows
    }
}
