import Platform
import Storage

/// The SQL of accounts: rows to accounts and back, within a transaction of the caller.
enum AccountRows {
    static func find(_ id: AccountID, on connection: borrowing Connection) throws(StorageError) -> ManagedAccount? {
        try first("id = ?1", [.text(id.description)], on: connection)
    }

    static func find(named key: String, on connection: borrowing Connection) throws(StorageError) -> ManagedAccount? {
        try first("name_key = ?1", [.text(key)], on: connection)
    }

    /// By id, else by name without regard to case. No name has the form of an id.
    static func find(
        reference: String, on connection: borrowing Connection
    ) throws(StorageError) -> ManagedAccount? {
        if let account = try find(AccountID(stored: reference), on: connection) { return account }
        return try find(named: reference.asciiLowercased, on: connection)
    }

    /// The connected account of an AWS account, other than `id`.
    static func connected(
        to awsAccountID: String, otherThan id: AccountID, on connection: borrowing Connection
    ) throws(StorageError) -> ManagedAccount? {
        try first(
            "aws_account_id = ?1 AND id <> ?2 AND state IN ('enabled', 'disabling', 'disabled')",
            [.text(awsAccountID), .text(id.description)], on: connection)
    }

    /// Ordered by name.
    ///
    /// - Parameters:
    ///   - after: Only names whose key is beyond this one.
    ///   - containing: Only names whose key has this in it.
    static func list(
        after: String?, state: Lifecycle.State?, containing: String, limit: Int, on connection: borrowing Connection
    ) throws(StorageError) -> [ManagedAccount] {
        try select(
            """
            (?1 IS NULL OR name_key > ?1) AND (?2 IS NULL OR state = ?2) AND (?3 = '' OR instr(name_key, ?3) > 0)
            ORDER BY name_key LIMIT ?4
            """, [SQLValue(after), SQLValue(state?.rawValue), .text(containing), SQLValue(limit)], on: connection)
    }

    static func insert(_ account: ManagedAccount, on connection: borrowing Connection) throws(StorageError) {
        let marks = (1...values(account).count).map { "?\($0)" }.joined(separator: ", ")
        try connection.execute("INSERT INTO account (\(columns)) VALUES (\(marks))", values(account))
        try TestRows.save(account.lastTest, of: account.id, on: connection)
    }

    static func update(_ account: ManagedAccount, on connection: borrowing Connection) throws(StorageError) {
        let names = columns.split(separator: ",").map { $0.trimmed }
        let sets = names.enumerated().dropFirst().map { "\($1) = ?\($0 + 1)" }.joined(separator: ", ")
        try connection.execute("UPDATE account SET \(sets) WHERE id = ?1", values(account))
        try TestRows.save(account.lastTest, of: account.id, on: connection)
    }

    static func delete(_ id: AccountID, on connection: borrowing Connection) throws(StorageError) {
        try connection.execute("DELETE FROM account WHERE id = ?1", [.text(id.description)])
    }

    /// The vault's keys that secrets are sealed with.
    static func keyIDs(on connection: borrowing Connection) throws(StorageError) -> Set<String> {
        Set(
            try connection.rows(
                """
                SELECT external_id_key FROM account
                UNION SELECT candidate_external_id_key FROM account WHERE candidate_external_id_key IS NOT NULL
                """
            ) { row in row.text(0) })
    }

    private static let columns = """
        id, name, name_key, state, role_arn, aws_account_id, revision, external_id, external_id_key,
        candidate_revision, candidate_role_arn, candidate_external_id, candidate_external_id_key,
        candidate_external_id_changed, regions, schedule_hours, schedule_off, configuration_revision,
        connection_edits, create_ms, update_ms
        """

    private static func values(_ account: ManagedAccount) -> [SQLValue] {
        let (connection, candidate) = (account.connection, account.candidate)
        return [
            .text(account.id.description), .text(account.name.description), .text(account.name.key),
            .text(account.state.rawValue), SQLValue(connection.role?.description),
            SQLValue(connection.role?.awsAccountID), .integer(connection.revision),
            .blob(connection.externalID.bytes), .text(connection.externalID.keyID),
            SQLValue(candidate?.revision), SQLValue(candidate?.role.description),
            SQLValue(candidate?.externalID.bytes), SQLValue(candidate?.externalID.keyID),
            SQLValue(candidate?.externalIDChanged), .text(account.regions.stored),
            SQLValue(account.schedule.everyHours), SQLValue(account.schedule.off),
            .integer(account.configurationRevision), .integer(account.connectionEdits),
            .integer(account.created.unixMilliseconds), .integer(account.updated.unixMilliseconds),
        ]
    }

    private static func first(
        _ condition: String, _ values: [SQLValue], on connection: borrowing Connection
    ) throws(StorageError) -> ManagedAccount? {
        try select(condition, values, on: connection).first
    }

    private static func select(
        _ condition: String, _ values: [SQLValue], on connection: borrowing Connection
    ) throws(StorageError) -> [ManagedAccount] {
        var accounts = try connection.rows("SELECT \(columns) FROM account WHERE \(condition)", values) {
            row throws(StorageError) in try account(row)
        }
        for index in accounts.indices {
            accounts[index].lastTest = try TestRows.find(accounts[index].id, on: connection)
        }
        return accounts
    }

    private static func account(_ row: borrowing Row) throws(StorageError) -> ManagedAccount {
        guard let state = Lifecycle.State(rawValue: row.text(3)) else {
            throw StorageError(.corrupt, "account \(row.text(0)): state \(row.text(3))")
        }
        return ManagedAccount(
            id: AccountID(stored: row.text(0)), name: AccountName(stored: row.text(1)), lifecycle: Lifecycle(state),
            connection: RoleConnection(
                revision: row.int(6), role: try row.optionalText(4).map(role),
                externalID: SealedSecret(keyID: row.text(8), bytes: row.blob(7))),
            candidate: try candidate(row), regions: RegionChoice(stored: row.text(14)),
            schedule: Schedule(stored: Int32(clamping: row.int(15)), off: row.bool(16)),
            configurationRevision: row.int(17), connectionEdits: row.int(18), lastTest: nil,
            created: WallTime(unixMilliseconds: row.int(19)), updated: WallTime(unixMilliseconds: row.int(20)))
    }

    private static func candidate(_ row: borrowing Row) throws(StorageError) -> CandidateConnection? {
        guard let revision = row.optionalInt(9) else { return nil }
        return CandidateConnection(
            revision: revision, role: try role(row.text(10)),
            externalID: SealedSecret(keyID: row.text(12), bytes: row.blob(11)), externalIDChanged: row.bool(13))
    }

    private static func role(_ text: String) throws(StorageError) -> RoleARN {
        do { return try RoleARN(text) } catch { throw StorageError(.corrupt, "a role's ARN: \(text)") }
    }
}

extension RegionChoice {
    /// `*` for all, else the names with commas between.
    fileprivate var stored: String {
        switch self {
        case .all: "*"
        case .only(let names): names.joined(separator: ",")
        }
    }

    fileprivate init(stored text: String) {
        self = text == "*" ? .all : .only(text.split(separator: ",").map(String.init))
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        drop { $0.isWhitespace }
    }
}
