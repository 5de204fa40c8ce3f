import API
import Platform
import Storage

/// What an assessment leaves behind, besides its record.
struct AssessmentResult: Sendable {
    var deltas: [FindingDelta] = []
    /// By the control's key; only those that changed.
    var fingerprints: [Int64: String] = [:]
    /// The replica that was evaluated, for the configurations that alerts are explained by.
    var replicaPath: String?
}

extension AssessmentStore {
    /// The keys of controls by their ids; what is stored of them is brought up to date.
    func register(_ controls: [ControlDefinition]) async throws(StorageError) -> [String: Int64] {
        try await database.write { connection throws(StorageError) in
            var keys: [String: Int64] = [:]
            for control in controls {
                // A control whose file cannot be read keeps what was known of it.
                let update = control.problem == nil
                try connection.execute(
                    """
                    INSERT INTO control (id, title, severity, type) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (id) DO UPDATE SET title = excluded.title, severity = excluded.severity,
                      type = excluded.type WHERE ?5
                      AND (title, severity, type) IS NOT (excluded.title, excluded.severity, excluded.type)
                    """,
                    [
                        .text(control.id), .text(control.title), .integer(Int64(control.severity.rawValue)),
                        .text(control.resourceType), SQLValue(update),
                    ])
                let key = try connection.first("SELECT key FROM control WHERE id = ?1", [.text(control.id)]) {
                    $0.int(0)
                }
                keys[control.id] = key
            }
            return keys
        }
    }

    /// The fingerprints of an account's controls, by the controls' keys.
    func fingerprints(accountID: String) async throws(StorageError) -> [Int64: String] {
        try await database.read { connection throws(StorageError) in
            let rows = try connection.rows(
                """
                SELECT e.control, e.fingerprint FROM evaluation e JOIN account ON account.key = e.account
                WHERE account.id = ?1
                """, [.text(accountID)]
            ) { ($0.int(0), $0.text(1)) }
            return Dictionary(rows, uniquingKeysWith: { $1 })
        }
    }

    /// An account's verdicts of one control, by ARN.
    func verdicts(accountID: String, control: Int64) async throws(StorageError) -> [String: StoredVerdict] {
        try await database.read { connection throws(StorageError) in
            let rows = try connection.rows(
                """
                SELECT asset.arn, f.status, f.reason FROM account
                JOIN finding f ON f.account = account.key AND f.control = ?2
                JOIN asset ON asset.key = f.asset WHERE account.id = ?1
                """, [.text(accountID), .integer(control)]
            ) {
                (
                    $0.text(0),
                    StoredVerdict(status: Verdict.Status(rawValue: Int($0.int(1))) ?? .unknown, reason: $0.text(2))
                )
            }
            return Dictionary(rows, uniquingKeysWith: { $1 })
        }
    }

    /// Controls with findings in the account that are not among `controls`, with the deltas that end their findings.
    func deltasOfRemovedControls(
        accountID: String, except controls: Set<Int64>
    ) async throws(StorageError) -> [FindingDelta] {
        try await database.read { connection throws(StorageError) in
            let all = try connection.rows(
                "SELECT key, type FROM control WHERE EXISTS (SELECT 1 FROM account WHERE id = ?1)", [.text(accountID)]
            ) { (key: $0.int(0), type: $0.text(1)) }
            var deltas: [FindingDelta] = []
            for control in all where !controls.contains(control.key) {
                deltas += try connection.rows(
                    """
                    SELECT asset.type, asset.arn, f.status FROM account
                    JOIN finding f ON f.account = account.key AND f.control = ?2
                    JOIN asset ON asset.key = f.asset WHERE account.id = ?1
                    """, [.text(accountID), .integer(control.key)]
                ) {
                    FindingDelta(
                        control: control.key, type: $0.text(0), arn: $0.text(1), region: "",
                        old: Verdict.Status(rawValue: Int($0.int(2))), new: nil, disappearance: .control)
                }
            }
            return deltas
        }
    }

    /// Ends an assessment: findings, alerts, their events and the record, all or nothing.
    ///
    /// - Returns: The record as it is now; nil when the account was purged meanwhile.
    func finish(
        _ record: AssessmentRecord, _ result: AssessmentResult, at time: WallTime
    ) async throws(StorageError) -> AssessmentRecord? {
        try await database.write { connection throws(StorageError) in
            guard
                let account = try connection.first(
                    "SELECT account FROM assessment WHERE key = ?1 AND id = ?2",
                    [.integer(record.key), .text(record.id)],
                    { $0.int(0) })
            else { return nil }
            let counts = try Self.apply(result, account, record.key, time, connection)
            var ended = record
            ended.ended = time
            ended.alerts = counts
            try Self.count(&ended, account, connection)
            try Self.write(ended, connection)
            return ended
        }
    }

    private static func apply(
        _ result: AssessmentResult, _ account: Int64, _ assessment: Int64, _ time: WallTime,
        _ connection: borrowing Connection
    ) throws(StorageError) -> AlertLedger.Counts {
        let evidence = result.deltas.contains { $0.new == .fail } ? result.replicaPath : nil
        var ledger = AlertLedger(
            account: account, assessment: assessment, time: time.unixMilliseconds,
            evidence: evidence.flatMap { ReplicaEvidence(path: $0) })
        for delta in result.deltas { try ledger.apply(delta, on: connection) }
        for (control, fingerprint) in result.fingerprints {
            try connection.execute(
                "INSERT OR REPLACE INTO evaluation (account, control, fingerprint) VALUES (?1, ?2, ?3)",
                [.integer(account), .integer(control), .text(fingerprint)])
        }
        for control in Set(result.deltas.filter { $0.disappearance == .control }.map(\.control)) {
            try connection.execute(
                "DELETE FROM evaluation WHERE account = ?1 AND control = ?2", [.integer(account), .integer(control)])
        }
        return ledger.counts
    }

    private static func count(
        _ record: inout AssessmentRecord, _ account: Int64, _ connection: borrowing Connection
    ) throws(StorageError) {
        let counts = try connection.rows(
            "SELECT status, count(*) FROM finding WHERE account = ?1 GROUP BY status", [.integer(account)]
        ) { (status: $0.int(0), count: $0.int(1)) }
        for (status, count) in counts {
            switch status {
            case 1: record.passed = count
            case 2: record.failed = count
            case 3: record.unknown = count
            default: break
            }
        }
        record.open =
            try connection.first(
                "SELECT count(*) FROM alert WHERE account = ?1 AND state = 1", [.integer(account)]
            ) { $0.int(0) } ?? 0
    }

    private static func write(
        _ record: AssessmentRecord, _ connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            """
            UPDATE assessment SET state = ?2, ended = ?3, controls_total = ?4, controls_done = ?5, controls_failed = ?6,
              passed = ?7, failed = ?8, unknown = ?9, opened = ?10, reopened = ?11, resolved = ?12, open = ?13,
              problem = ?14, change = ?15 WHERE key = ?1
            """,
            [
                .integer(record.key), .state(record.state), SQLValue(record.ended?.unixMilliseconds),
                SQLValue(record.controlsTotal), SQLValue(record.controlsDone), SQLValue(record.controlsFailed),
                .integer(record.passed), .integer(record.failed), .integer(record.unknown),
                .integer(record.alerts.opened), .integer(record.alerts.reopened), .integer(record.alerts.resolved),
                .integer(record.open), .text(record.problem), .integer(record.change),
            ])
    }
}
