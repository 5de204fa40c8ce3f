import Crypto
import Platform
import Storage

/// Writes verdicts and what follows of them for alerts, inside the transaction that ends an assessment.
///
/// `unknown` neither opens nor resolves an alert: it marks an open one as unconfirmed.
struct AlertLedger: ~Copyable {
    private let account: Int64
    /// Key of the assessment.
    private let assessment: Int64
    private let time: Int64
    private let evidence: ReplicaEvidence?
    private(set) var counts = Counts()

    struct Counts: Sendable, Equatable {
        var opened: Int64 = 0
        var reopened: Int64 = 0
        var resolved: Int64 = 0
    }

    private struct Standing {
        var key: Int64
        var isOpen: Bool
        var isConfirmed: Bool
    }

    /// - Parameter time: Milliseconds since 1970.
    init(account: Int64, assessment: Int64, time: Int64, evidence: consuming ReplicaEvidence?) {
        self.account = account
        self.assessment = assessment
        self.time = time
        self.evidence = evidence
    }

    mutating func apply(_ delta: FindingDelta, on connection: borrowing Connection) throws(StorageError) {
        guard let asset = try assetKey(delta, connection) else { return }
        try writeFinding(delta, asset, connection)
        // Only what failed, or could not be told since, has an open alert.
        guard delta.new == .fail || delta.old == .fail || delta.old == .unknown else { return }
        let standing = try connection.first(
            "SELECT key, state, confirmed FROM alert WHERE account = ?1 AND control = ?2 AND asset = ?3",
            [.integer(account), .integer(delta.control), .integer(asset)]
        ) { Standing(key: $0.int(0), isOpen: $0.int(1) == 1, isConfirmed: $0.bool(2)) }
        switch delta.new {
        case .fail: try fail(delta, asset, standing, connection)
        case .unknown: try unconfirm(delta, standing, connection)
        case .pass, nil: try resolve(delta, standing, connection)
        }
    }

    private func assetKey(
        _ delta: FindingDelta, _ connection: borrowing Connection
    ) throws(StorageError) -> Int64? {
        let found = try connection.first(
            "SELECT key, region FROM asset WHERE account = ?1 AND type = ?2 AND arn = ?3",
            [.integer(account), .text(delta.type), .text(delta.arn)]
        ) { (key: $0.int(0), region: $0.text(1)) }
        if let found {
            if !delta.region.isEmpty, delta.region != found.region {
                try connection.execute(
                    "UPDATE asset SET region = ?2 WHERE key = ?1", [.integer(found.key), .text(delta.region)])
            }
            return found.key
        }
        if delta.new == nil { return nil }
        try connection.execute(
            "INSERT INTO asset (account, type, arn, region) VALUES (?1, ?2, ?3, ?4)",
            [.integer(account), .text(delta.type), .text(delta.arn), .text(delta.region)])
        return connection.lastInsertedRowID
    }

    private func writeFinding(
        _ delta: FindingDelta, _ asset: Int64, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard let status = delta.new else {
            try connection.execute(
                "DELETE FROM finding WHERE account = ?1 AND control = ?2 AND asset = ?3",
                [.integer(account), .integer(delta.control), .integer(asset)])
            return
        }
        try connection.execute(
            """
            INSERT INTO finding (account, control, asset, status, reason, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (account, control, asset) DO UPDATE SET
              since = iif(status = excluded.status, since, excluded.since), status = excluded.status,
              reason = excluded.reason
            """,
            [
                .integer(account), .integer(delta.control), .integer(asset), .integer(Int64(status.rawValue)),
                .text(delta.reason), .integer(assessment),
            ])
    }

    private mutating func fail(
        _ delta: FindingDelta, _ asset: Int64, _ standing: Standing?, _ connection: borrowing Connection
    ) throws(StorageError) {
        let seen = evidence?.configuration(type: delta.type, arn: delta.arn)
        let proof: [SQLValue] = [.text(delta.reason), .text(seen?.text ?? ""), .integer(seen?.change ?? 0)]
        guard let standing else {
            try connection.execute(
                """
                INSERT INTO alert (id, account, control, asset, state, opened, first_opened, reason, configuration, change)
                VALUES (?4, ?5, ?6, ?7, 1, ?8, ?8, ?1, ?2, ?3)
                """,
                proof + [
                    .text(Hex.encode(RandomBytes.generate(12))), .integer(account), .integer(delta.control),
                    .integer(asset), .integer(time),
                ])
            counts.opened += 1
            return try event("opened", connection.lastInsertedRowID, delta.reason, connection)
        }
        if standing.isOpen {
            try connection.execute(
                "UPDATE alert SET reason = ?1, configuration = ?2, change = ?3, confirmed = 1 WHERE key = ?4",
                proof + [.integer(standing.key)])
            if !standing.isConfirmed { try event("confirmed", standing.key, delta.reason, connection) }
            return
        }
        try connection.execute(
            """
            UPDATE alert SET state = 1, opened = ?5, resolved = NULL, resolution = '', reopened = reopened + 1,
              confirmed = 1, reason = ?1, configuration = ?2, change = ?3 WHERE key = ?4
            """, proof + [.integer(standing.key), .integer(time)])
        counts.reopened += 1
        try event("reopened", standing.key, delta.reason, connection)
    }

    private func unconfirm(
        _ delta: FindingDelta, _ standing: Standing?, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard let standing, standing.isOpen, standing.isConfirmed else { return }
        try connection.execute("UPDATE alert SET confirmed = 0 WHERE key = ?1", [.integer(standing.key)])
        try event("unconfirmed", standing.key, delta.reason, connection)
    }

    private mutating func resolve(
        _ delta: FindingDelta, _ standing: Standing?, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard let standing, standing.isOpen else { return }
        try connection.execute(
            "UPDATE alert SET state = 2, resolved = ?2, resolution = ?3, confirmed = 1 WHERE key = ?1",
            [.integer(standing.key), .integer(time), .text(delta.resolution)])
        counts.resolved += 1
        let detail = delta.reason.isEmpty ? delta.resolution : "\(delta.resolution): \(delta.reason)"
        try event("resolved", standing.key, detail, connection)
    }

    private func event(
        _ name: String, _ alert: Int64, _ detail: String, _ connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            "INSERT INTO alert_event (alert, assessment, event, time, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
            [.integer(alert), .integer(assessment), .text(name), .integer(time), .text(detail)])
    }
}
