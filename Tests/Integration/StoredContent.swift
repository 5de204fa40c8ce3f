import Platform
import Storage
import StoreReading
import TestSupport

/// What the sync service and the assessment service of an installation keep of its one account.
struct StoredContent {
    private let services: ServiceSet

    init(_ services: ServiceSet) { self.services = services }

    /// The sync service's store.
    var path: String { services.data(of: "sync-service") + "/sync.db" }
    private var verdictStore: String { services.data(of: "assessment-service") + "/assessment.db" }

    /// What SQLite finds wrong with the store; `ok` alone where that is nothing.
    func problems() async throws -> [String] { try await rows(path, "SELECT * FROM pragma_integrity_check") }

    /// Waits for the end of what came after a run, or of the service.
    func ended(after run: Int64, isAssessed: Bool) async throws {
        let database = try await Database.open(path: path, migrations: [], readOnly: true)
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

    func lastRun() async throws -> Int64 {
        let last = try await rows(path, "SELECT coalesce(max(k), 0) FROM run").first
        return last.flatMap { Int64($0) } ?? 0
    }

    func assetIDs() async throws -> Set<String> { Set(try await lines("id", from: "asset")) }

    func removedIDs() async throws -> Set<String> { Set(try await lines("id", from: "tombstone")) }

    /// How many scopes the runs that have not ended have finished.
    func finished() async throws -> Int { try await lines("region, type", from: "run_scope").count }

    /// The codes of what could not be read.
    func gapCodes() async throws -> Set<String> {
        Set(try await rows(path, "SELECT code FROM scope WHERE code <> ''"))
    }

    /// All that is known of the account, without times, change numbers and keys.
    ///
    /// - Parameter history: Also the states that assets had, and the runs.
    func content(history: Bool = true) async throws -> [String] {
        let tags = "(SELECT group_concat(tag) FROM (SELECT key || value AS tag FROM tag JOIN asset_tag ON tag = k"
        return try await [
            lines(
                "s.region, s.type, a.id, a.arn, a.name, p.region, a.tags, hex(a.fingerprint), a.gaps",
                tags + " WHERE asset = a.k ORDER BY 1))",
                from: "asset a JOIN scope s ON s.k = a.scope JOIN place p ON p.k = a.place"),
            history ? storedVersions(path) : [],
            lines("region, type, state, code, message, operation, assets, assets_with_gaps, removed", from: "scope"),
            lines("scope, region, type, id, arn, name", from: "tombstone"),
            history
                ? lines("state, problem, scopes_total, scopes_done, scopes_with_gaps, assets_seen", from: "run") : [],
        ].flatMap { $0 }
    }

    func verdicts() async throws -> [String] {
        let names = "JOIN control c ON c.key = f.control JOIN asset a ON a.key = f.asset"
        let findings = try await lines(
            "c.id, a.region, a.arn, status, reason", in: verdictStore, from: "finding f \(names)")
        let alerts = try await lines(
            "c.id, a.arn, state, resolution, reopened, confirmed, reason", in: verdictStore, from: "alert f \(names)")
        return findings + alerts
    }

    /// Rows as text, sorted.
    private func lines(
        _ columns: String, _ last: String = "''", in other: String? = nil, from tables: String
    ) async throws -> [String] {
        try await rows(other ?? path, "SELECT json_array(\(columns), \(last)) FROM \(tables)").sorted()
    }

    func rows(_ path: String, _ query: String) async throws -> [String] {
        let database = try await Database.open(path: path, migrations: [], readOnly: true)
        let rows = try await database.read { connection throws(StorageError) in
            try connection.rows(query) { row in row.text(0) }
        }
        await database.close()
        return rows
    }
}
