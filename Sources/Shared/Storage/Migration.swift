/// One step of a schema's history. Its SQL runs once, in a transaction of its own that also records the version.
public struct Migration: Sendable {
    public let version: Int
    public let sql: String

    /// - Parameters:
    ///   - version: 1 for the first, rising; it becomes the database's `user_version`.
    ///   - sql: One or more statements.
    public init(_ version: Int, _ sql: String) {
        self.version = version
        self.sql = sql
    }
}

extension Connection {
    /// Brings the schema up to the last of `migrations`; a database beyond it is refused.
    func migrate(_ migrations: [Migration]) throws(StorageError) {
        let steps = migrations.sorted { $0.version < $1.version }
        let newest = Int64(steps.last?.version ?? 0)
        let present = try schemaVersion()
        if present > newest && !steps.isEmpty {
            throw StorageError(
                .tooNew,
                "the database has schema version \(present), this program knows \(newest): it was written by a newer version"
            )
        }
        for step in steps where Int64(step.version) > present {
            try transaction(.immediate) { connection throws(StorageError) in
                // Another process may have been faster.
                if try connection.schemaVersion() >= Int64(step.version) { return }
                try connection.script(step.sql)
                try connection.script("PRAGMA user_version = \(step.version)")
            }
        }
    }

    func schemaVersion() throws(StorageError) -> Int64 {
        try first("PRAGMA user_version") { row in row.int(0) } ?? 0
    }
}
