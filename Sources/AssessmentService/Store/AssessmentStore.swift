import API
import Crypto
import Platform
import Storage

/// Assessments, findings and alerts of all accounts, in assessment.db.
struct AssessmentStore: Sendable {
    let database: Database

    /// At start: what was under way has been interrupted, and is done again when its sync asks anew.
    func markInterrupted() async throws(StorageError) {
        try await database.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE assessment SET state = ?1 WHERE state IN (?2, ?3)",
                [.state(.interrupted), .state(.queued), .state(.running)])
        }
    }

    /// The assessment that follows a sync, made or found. One that was interrupted is queued again.
    func begin(accountID: String, syncID: String, at time: WallTime) async throws(StorageError) -> AssessmentRecord {
        try await database.write { connection throws(StorageError) in
            try connection.execute("INSERT OR IGNORE INTO account (id) VALUES (?1)", [.text(accountID)])
            try connection.execute(
                """
                INSERT OR IGNORE INTO assessment (id, account, sync, state, created)
                SELECT ?1, key, ?3, ?4, ?5 FROM account WHERE id = ?2
                """,
                [
                    .text(Hex.encode(RandomBytes.generate(12))), .text(accountID), .text(syncID), .state(.queued),
                    .integer(time.unixMilliseconds),
                ])
            try connection.execute(
                "UPDATE assessment SET state = ?2, created = ?3 WHERE sync = ?1 AND state = ?4",
                [.text(syncID), .state(.queued), .integer(time.unixMilliseconds), .state(.interrupted)])
            guard let record = try find(syncID, connection) else {
                throw StorageError(.other, "the assessment is not there")
            }
            return record
        }
    }

    /// By its id, or the id of its sync.
    func assessment(_ id: String) async throws(StorageError) -> AssessmentRecord? {
        try await database.read { connection throws(StorageError) in try find(id, connection) }
    }

    func setState(_ record: AssessmentRecord) async throws(StorageError) {
        try await database.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE assessment SET state = ?2, ended = ?3, problem = ?4 WHERE key = ?1",
                [
                    .integer(record.key), .state(record.state), SQLValue(record.ended?.unixMilliseconds),
                    .text(record.problem),
                ])
        }
    }

    /// Forgets an assessment that can never be made.
    func drop(_ record: AssessmentRecord) async throws(StorageError) {
        try await database.write { connection throws(StorageError) in
            try connection.execute("DELETE FROM assessment WHERE key = ?1", [.integer(record.key)])
        }
    }

    /// Whether anything is stored of an account.
    func hasAccount(_ id: String) async throws(StorageError) -> Bool {
        try await database.read { connection throws(StorageError) in
            try connection.first("SELECT 1 FROM account WHERE id = ?1", [.text(id)]) { $0.bool(0) } ?? false
        }
    }

    /// Deletes all that is stored of an account.
    ///
    /// - Returns: How many findings there were.
    func purge(_ id: String) async throws(StorageError) -> Int64 {
        try await database.write { connection throws(StorageError) in
            guard
                let key = try connection.first("SELECT key FROM account WHERE id = ?1", [.text(id)], { $0.int(0) })
            else { return 0 }
            let findings = try connection.execute("DELETE FROM finding WHERE account = ?1", [.integer(key)])
            try connection.execute(
                "DELETE FROM alert_event WHERE alert IN (SELECT key FROM alert WHERE account = ?1)", [.integer(key)])
            for table in ["alert", "evaluation", "assessment", "asset"] {
                try connection.execute("DELETE FROM \(table) WHERE account = ?1", [.integer(key)])
            }
            try connection.execute("DELETE FROM account WHERE key = ?1", [.integer(key)])
            return Int64(findings)
        }
    }

    private func find(_ id: String, _ connection: borrowing Connection) throws(StorageError) -> AssessmentRecord? {
        try connection.first(
            "SELECT \(AssessmentRecord.columns) FROM \(AssessmentRecord.source) WHERE a.id = ?1 OR a.sync = ?1",
            [.text(id)]
        ) { AssessmentRecord($0) }
    }
}

extension SQLValue {
    static func state(_ state: AssessmentState) -> SQLValue { .integer(Int64(state.rawValue)) }
}
