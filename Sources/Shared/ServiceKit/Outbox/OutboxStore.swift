import Platform
import Storage

/// The outbox's SQL.
struct OutboxStore {
    /// Refused commands kept for a look; older ones go.
    static let refusedLimit: Int64 = 1000
    private static let columns = "id, destination, kind, key, account_id, payload, not_before, attempts"

    static func insert(
        _ command: OutboxCommand, now: WallTime, on connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            """
            INSERT INTO outbox (destination, kind, key, account_id, payload, created_at, not_before)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) WHERE refused_at IS NULL DO NOTHING
            """,
            [
                .text(command.destination), .text(command.kind), .text(command.key), .text(command.accountID),
                .blob(command.payload), .integer(now.unixMilliseconds),
                .integer((command.notBefore ?? now).unixMilliseconds),
            ])
    }

    /// The first waiting command of each destination and account, those due earliest in front.
    static func heads(limit: Int64, on connection: borrowing Connection) throws(StorageError) -> [OutboxCommand] {
        try connection.rows(
            """
            SELECT \(columns) FROM outbox WHERE id IN (
                SELECT min(id) FROM outbox WHERE refused_at IS NULL GROUP BY destination, account_id)
            ORDER BY not_before, id LIMIT ?1
            """, [.integer(limit)]
        ) { row in command(row) }
    }

    static func contains(
        kind: String, accountID: String, on connection: borrowing Connection
    ) throws(StorageError) -> Bool {
        try connection.first(
            "SELECT 1 FROM outbox WHERE refused_at IS NULL AND account_id = ?1 AND kind = ?2 LIMIT 1",
            [.text(accountID), .text(kind)]
        ) { _ in true } ?? false
    }

    static func remove(_ id: Int64, on connection: borrowing Connection) throws(StorageError) {
        try connection.execute("DELETE FROM outbox WHERE id = ?1", [.integer(id)])
    }

    static func removeWaiting(
        kind: String, accountID: String, on connection: borrowing Connection
    ) throws(StorageError) -> Int {
        try connection.execute(
            "DELETE FROM outbox WHERE refused_at IS NULL AND account_id = ?1 AND kind = ?2",
            [.text(accountID), .text(kind)])
    }

    static func refuse(
        _ id: Int64, reason: String, now: WallTime, on connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            "UPDATE outbox SET refused_at = ?2, last_error = ?3, attempts = attempts + 1 WHERE id = ?1",
            [.integer(id), .integer(now.unixMilliseconds), .text(reason)])
        try connection.execute(
            """
            DELETE FROM outbox WHERE refused_at IS NOT NULL AND id NOT IN (
                SELECT id FROM outbox WHERE refused_at IS NOT NULL ORDER BY refused_at DESC, id DESC LIMIT ?1)
            """, [.integer(refusedLimit)])
    }

    static func postpone(
        _ id: Int64, reason: String, until: WallTime, on connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            "UPDATE outbox SET not_before = ?2, last_error = ?3, attempts = attempts + 1 WHERE id = ?1",
            [.integer(id), .integer(until.unixMilliseconds), .text(reason)])
    }

    static func refused(on connection: borrowing Connection) throws(StorageError) -> [(OutboxCommand, String)] {
        try connection.rows(
            "SELECT \(columns), last_error FROM outbox WHERE refused_at IS NOT NULL ORDER BY refused_at, id"
        ) { row in (command(row), row.text(8)) }
    }

    private static func command(_ row: borrowing Row) -> OutboxCommand {
        var command = OutboxCommand(
            destination: row.text(1), kind: row.text(2), key: row.text(3), accountID: row.text(4),
            payload: row.blob(5), notBefore: WallTime(unixMilliseconds: row.int(6)))
        command.id = row.int(0)
        command.attempts = Int(clamping: row.int(7))
        return command
    }
}
