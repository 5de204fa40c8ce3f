import Crypto
public import Platform
public import Storage

/// The log of changes and refusals of one service: rows are added and never changed, and each is bound to all before
/// it by its hash. A change made past the triggers shows in ``verify()``; a cut at the end shows only to one who
/// remembers ``head(on:)``.
public struct AuditLog: Sendable {
    let database: Database
    let clock: any WallClock

    /// - Parameter database: Its migrations hold ``schema``.
    public init(database: Database, clock: any WallClock = SystemWallClock()) {
        self.database = database
        self.clock = clock
    }

    /// A service adds it to its own migrations.
    public static let schema = """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,  -- milliseconds since 1970
            caller_kind TEXT NOT NULL,
            caller_name TEXT NOT NULL,
            action TEXT NOT NULL,
            account_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX audit_account ON audit (account_id, sequence);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
            WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM audit), 0) + 1
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """

    /// Adds an event to the write under way, so that neither is without the other.
    public func append(_ event: AuditEvent, on connection: borrowing Connection) throws(StorageError) {
        let head = try head(on: connection)
        var record = AuditRecord(
            sequence: head.sequence + 1, time: WallTime(unixMilliseconds: clock.now().unixMilliseconds), event: event,
            hash: [])
        record.hash = record.hash(after: head.hash)
        try connection.execute(
            "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            [
                .integer(record.sequence), .integer(record.time.unixMilliseconds), .text(event.callerKind),
                .text(event.callerName), .text(event.action), .text(event.accountID), .text(event.outcome.rawValue),
                .text(event.detail), .blob(record.hash),
            ])
    }

    /// Adds an event that comes with no other change, such as a refusal.
    public func append(_ event: AuditEvent) async throws(StorageError) {
        try await database.write { connection throws(StorageError) in try append(event, on: connection) }
    }

    /// The latest sequence number and hash; 0 and 32 zero bytes for an empty log.
    public func head(on connection: borrowing Connection) throws(StorageError) -> (sequence: Int64, hash: [UInt8]) {
        try connection.first("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1") { row in
            (sequence: row.int(0), hash: row.blob(1))
        } ?? (0, AuditRecord.origin)
    }

    /// Records in order, or newest first.
    ///
    /// - Parameters:
    ///   - after: Only those beyond this sequence number (before it, when `newestFirst`).
    ///   - accountID: Only those of one account.
    public func records(
        after: Int64? = nil, limit: Int, accountID: String? = nil, newestFirst: Bool = false
    ) async throws(StorageError) -> [AuditRecord] {
        let position = newestFirst ? "sequence < ?1" : "sequence > ?1"
        let sql = """
            SELECT * FROM audit WHERE \(position) \(accountID == nil ? "" : "AND account_id = ?3")
            ORDER BY sequence \(newestFirst ? "DESC" : "ASC") LIMIT ?2
            """
        var values: [SQLValue] = [.integer(after ?? (newestFirst ? .max : 0)), SQLValue(limit)]
        if let accountID { values.append(.text(accountID)) }
        return try await database.read { [values] connection throws(StorageError) in
            try connection.rows(sql, values) { row in AuditRecord(row) }
        }
    }

    /// Checks the whole chain.
    ///
    /// - Returns: The sequence number of the first record that is missing or does not fit; nil when all is well.
    public func verify() async throws(StorageError) -> Int64? {
        var previous = AuditRecord.origin
        var expected: Int64 = 1
        while true {
            // In parts: the log may be long, and others want the database meanwhile.
            let part = try await records(after: expected - 1, limit: 1000)
            for record in part {
                guard record.sequence == expected, record.hash == record.hash(after: previous) else { return expected }
                previous = record.hash
                expected += 1
            }
            if part.count < 1000 { return nil }
        }
    }
}

extension AuditRecord {
    /// What the first record follows.
    static let origin = [UInt8](repeating: 0, count: SHA256.digestLength)

    init(_ row: borrowing Row) {
        self.init(
            sequence: row.int(0), time: WallTime(unixMilliseconds: row.int(1)),
            event: AuditEvent(
                callerKind: row.text(2), callerName: row.text(3), action: row.text(4), accountID: row.text(5),
                outcome: AuditEvent.Outcome(rawValue: row.text(6)) ?? .failed, detail: row.text(7)),
            hash: row.blob(8))
    }

    /// Every part goes in with its length in front, so that no two records read the same.
    func hash(after previous: [UInt8]) -> [UInt8] {
        var hasher = SHA256Hasher()
        hasher.update(previous)
        let texts = [
            event.callerKind, event.callerName, event.action, event.accountID, event.outcome.rawValue, event.detail,
        ]
        for number in [sequence, time.unixMilliseconds] { hasher.update(number) }
        for text in texts {
            hasher.update(Int64(text.utf8.count))
            hasher.update(text)
        }
        return hasher.finish()
    }
}

extension SHA256Hasher {
    fileprivate mutating func update(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { update($0) }
    }
}
