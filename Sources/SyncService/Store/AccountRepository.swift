import Crypto
import Storage

extension SyncStore {
    /// The account, made with a new epoch where it is not known; its name is brought up to date unless empty.
    func account(id: String, name: String) async throws(StorageError) -> StoredAccount {
        let epoch = RandomBytes.generate(9).hexText
        return try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "INSERT INTO account (id, name, epoch) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
                [.text(id), .text(name), .text(epoch)])
            if !name.isEmpty {
                try connection.execute(
                    "UPDATE account SET name = ?2 WHERE id = ?1 AND name <> ?2", [.text(id), .text(name)])
            }
            guard let account = try SyncStore.find("id = ?1", [.text(id)], connection) else {
                throw StorageError(.other, "the account was not written")
            }
            return account
        }
    }

    /// The account with this id.
    func knownAccount(id: String) async throws(StorageError) -> StoredAccount? {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.find("id = ?1", [.text(id)], connection)
        }
    }

    /// The account with this name, without regard to case.
    func knownAccount(name: String) async throws(StorageError) -> StoredAccount? {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.find("name = ?1 COLLATE NOCASE AND name <> '' ORDER BY k DESC", [.text(name)], connection)
        }
    }

    static func find(
        _ condition: String, _ values: [SQLValue], _ connection: borrowing Connection
    ) throws(StorageError) -> StoredAccount? {
        try connection.first("SELECT k, id, name, epoch, change FROM account WHERE \(condition)", values) { row in
            StoredAccount(
                key: row.int(0), id: row.text(1), name: row.text(2), epoch: row.text(3), change: row.int(4))
        }
    }

    /// Notes an account's schedule and when it is due next.
    func setSchedule(account: Int64, _ schedule: Schedule, nextDue: Int64?) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE account SET every_hours = ?2, schedule_off = ?3, next_due = ?4 WHERE k = ?1",
                [
                    .integer(account), .integer(Int64(schedule.everyHours)), SQLValue(schedule.isOff),
                    SQLValue(schedule.isOff ? nil : nextDue),
                ])
        }
    }

    /// Takes an account off the schedule, as when it is disabled: enabling starts a run that puts it back.
    func suspendSchedule(account: Int64) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            try connection.execute("UPDATE account SET next_due = NULL WHERE k = ?1", [.integer(account)])
        }
    }

    /// Accounts whose time has come, and when the next one's will.
    func due(at now: Int64) async throws(StorageError) -> (accounts: [StoredAccount], next: Int64?) {
        try await reader.read { connection throws(StorageError) in
            let accounts = try connection.rows(
                "SELECT k, id, name, epoch, change FROM account WHERE next_due <= ?1 AND NOT schedule_off",
                [.integer(now)]
            ) { row in
                StoredAccount(
                    key: row.int(0), id: row.text(1), name: row.text(2), epoch: row.text(3), change: row.int(4))
            }
            let next = try connection.first(
                "SELECT min(next_due) FROM account WHERE next_due > ?1 AND NOT schedule_off", [.integer(now)]
            ) { row in row.optionalInt(0) }
            return (accounts, next ?? nil)
        }
    }

    /// Accounts that sync by themselves, or would but for their schedule, with the schedules as last learned.
    func scheduled() async throws(StorageError) -> [(StoredAccount, Schedule)] {
        try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT k, id, name, epoch, change, every_hours, schedule_off FROM account
                WHERE next_due IS NOT NULL OR schedule_off
                """
            ) { row in
                let account = StoredAccount(
                    key: row.int(0), id: row.text(1), name: row.text(2), epoch: row.text(3), change: row.int(4))
                return (account, Schedule(everyHours: Int(row.int(5)), isOff: row.bool(6)))
            }
        }
    }

    /// Moves an account's next due time.
    func setNextDue(account: Int64, _ time: Int64) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE account SET next_due = ?2 WHERE k = ?1", [.integer(account), .integer(time)])
        }
    }

    /// The schedule as last learned.
    func schedule(account: Int64) async throws(StorageError) -> Schedule {
        try await reader.read { connection throws(StorageError) in
            try connection.first(
                "SELECT every_hours, schedule_off FROM account WHERE k = ?1", [.integer(account)]
            ) { row in Schedule(everyHours: Int(row.int(0)), isOff: row.bool(1)) } ?? .standard
        }
    }

    /// Each is repeated until it deletes nothing. A tag goes after what refers to it.
    private static let purging = [
        "DELETE FROM version WHERE k IN (SELECT k FROM version WHERE account = ?1 LIMIT 5000)",
        """
        DELETE FROM tombstone WHERE account = ?1 AND change <= (
          SELECT max(change) FROM (SELECT change FROM tombstone WHERE account = ?1 ORDER BY change LIMIT 5000))
        """,
        """
        DELETE FROM asset_tag WHERE (tag, asset) IN (
          SELECT asset_tag.tag, asset_tag.asset FROM tag JOIN asset_tag ON asset_tag.tag = tag.k
          WHERE tag.account = ?1 LIMIT 5000)
        """,
        "DELETE FROM tag WHERE k IN (SELECT k FROM tag WHERE account = ?1 LIMIT 5000)",
        """
        DELETE FROM asset WHERE k IN (
          SELECT asset.k FROM place JOIN asset ON asset.place = place.k WHERE place.account = ?1 LIMIT 5000)
        """,
    ]

    /// Deletes all that is stored of an account, in steps that keep each transaction short. Returns the number of assets.
    ///
    /// - Parameter noting: Done in the last transaction, with that number.
    func purge(
        accountID: String, noting: (@Sendable (Int64, borrowing Connection) throws(StorageError) -> Void)? = nil
    ) async throws(StorageError) -> Int64 {
        guard let account = try await knownAccount(id: accountID) else { return 0 }
        let key: SQLValue = .integer(account.key)
        var assets: Int64 = 0
        for statement in Self.purging {
            while true {
                let deleted = try await writer.write { connection throws(StorageError) in
                    try connection.execute(statement, [key])
                }
                if statement.hasPrefix("DELETE FROM asset ") { assets += Int64(deleted) }
                if deleted == 0 { break }
            }
        }
        let deleted = assets
        try await writer.write { connection throws(StorageError) in
            try noting?(deleted, connection)
            for statement in [
                "DELETE FROM run_scope WHERE run IN (SELECT k FROM run WHERE account = ?1)",
                "DELETE FROM run_region WHERE run IN (SELECT k FROM run WHERE account = ?1)",
                "DELETE FROM run_usage WHERE run IN (SELECT k FROM run WHERE account = ?1)",
                "DELETE FROM run_key WHERE account = ?1", "DELETE FROM run WHERE account = ?1",
                "DELETE FROM dictionary WHERE account = ?1", "DELETE FROM place WHERE account = ?1",
                "DELETE FROM scope WHERE account = ?1", "DELETE FROM account WHERE k = ?1",
            ] {
                try connection.execute(statement, [key])
            }
        }
        return assets
    }
}
