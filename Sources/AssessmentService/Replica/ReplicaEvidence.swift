import CSQLite

/// Reads configurations from a replica, as the evaluation saw them.
struct ReplicaEvidence: ~Copyable {
    private let statement: SQLiteStatement

    /// nil where there is no replica.
    init?(path: String) {
        do throws(EvaluationError) {
            let handle = try SQLiteHandle(path: path, readOnly: true)
            // Better without than late: a replica that is being filled is locked for moments.
            sqlite3_busy_timeout(handle.pointer, 100)
            statement = try handle.prepare("SELECT configuration, change FROM _asset WHERE type = ?1 AND arn = ?2")
        } catch {
            return nil
        }
    }

    /// One configuration; nil where there is no replica, too.
    static func configuration(path: String, type: String, arn: String) -> (text: String, change: Int64)? {
        guard let evidence = ReplicaEvidence(path: path) else { return nil }
        return evidence.configuration(type: type, arn: arn)
    }

    /// Canonical JSON and its change number; nil for an asset that the replica lacks.
    func configuration(type: String, arn: String) -> (text: String, change: Int64)? {
        statement.bind(type, at: 1)
        statement.bind(arn, at: 2)
        defer { statement.reset() }
        guard sqlite3_step(statement.pointer) == SQLITE_ROW else { return nil }
        return (statement.text(0), statement.int(1))
    }
}
