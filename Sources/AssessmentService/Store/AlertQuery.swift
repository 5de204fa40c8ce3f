import API
import Platform
import Storage
import Wire

/// An alert with what a list needs beside its message.
struct StoredAlert: Sendable {
    var key: Int64
    var alert: Alert
    /// The configuration that the last change of its reason was found in, and its change number.
    var configuration: String
    var change: Int64

    static let columns = """
        alert.key, alert.id, account.id, c.id, c.title, c.severity, asset.arn, asset.type, asset.region, alert.state,
        alert.reason, alert.opened, alert.first_opened, alert.resolved, alert.resolution, alert.reopened,
        alert.confirmed, alert.configuration, alert.change
        """
    static let source = """
        alert JOIN account ON account.key = alert.account JOIN control c ON c.key = alert.control
        JOIN asset ON asset.key = alert.asset
        """

    init(_ row: borrowing Row) {
        key = row.int(0)
        var alert = Alert()
        alert.id = row.text(1)
        alert.accountId = row.text(2)
        alert.controlId = row.text(3)
        alert.title = row.text(4)
        alert.severity = Severity(rawValue: Int32(clamping: row.int(5))) ?? .unspecified
        alert.arn = row.text(6)
        alert.resourceType = row.text(7)
        alert.region = row.text(8)
        alert.state = AlertState(rawValue: Int32(clamping: row.int(9))) ?? .unspecified
        alert.reason = row.text(10)
        alert.openTime = Timestamp(unixMilliseconds: row.int(11))
        alert.firstOpenTime = Timestamp(unixMilliseconds: row.int(12))
        alert.resolveTime = row.optionalInt(13).map { Timestamp(unixMilliseconds: $0) }
        alert.resolution = row.text(14)
        alert.reopened = Int32(clamping: row.int(15))
        alert.confirmed = row.bool(16)
        self.alert = alert
        configuration = row.text(17)
        change = row.int(18)
    }
}

/// A filter on alerts; what is nil or empty matches all.
struct AlertFilter: Sendable {
    var accountID = ""
    var control = ""
    var state: Int64?
    var severity: Int64?
    var region = ""
    var type = ""
    var arn = ""

    var conditions: (sql: [String], values: [SQLValue]) {
        let texts = [
            ("account.id", accountID), ("c.id", control), ("asset.region", region), ("asset.type", type),
            ("asset.arn", arn),
        ].filter { !$0.1.isEmpty }.map { ($0.0, SQLValue.text($0.1)) }
        let numbers = [("alert.state", state), ("c.severity", severity)].compactMap { name, value in
            value.map { (name, SQLValue.integer($0)) }
        }
        let all = texts + numbers
        return (all.enumerated().map { "\($1.0) = ?\($0 + 1)" }, all.map(\.1))
    }
}

/// An event of an alert that others are told of.
struct AlertChange: Sendable {
    /// Rises with each event of any alert.
    var number: Int64
    var event: String
    var alert: Alert
}

extension AssessmentStore {
    /// Where a page of alerts begins: after this alert.
    struct AlertPosition: Sendable {
        var severity: Int64
        var control: String
        var arn: String
        var key: Int64
    }

    /// Alerts, the most severe first, then by control, ARN and the order in which they were made.
    func alerts(
        _ filter: AlertFilter, after position: AlertPosition?, limit: Int
    ) async throws(StorageError) -> [StoredAlert] {
        var (conditions, values) = filter.conditions
        if let position {
            let first = values.count + 1
            values += [
                .integer(-position.severity), .text(position.control), .text(position.arn), .integer(position.key),
            ]
            conditions.append(
                "(-c.severity, c.id, asset.arn, alert.key) > (?\(first), ?\(first + 1), ?\(first + 2), ?\(first + 3))")
        }
        values.append(SQLValue(limit))
        let sql = """
            SELECT \(StoredAlert.columns) FROM \(StoredAlert.source) \(Self.wherever(conditions))
            ORDER BY -c.severity, c.id, asset.arn, alert.key LIMIT ?\(values.count)
            """
        let bound = values
        return try await database.read { connection throws(StorageError) in
            try connection.rows(sql, bound) { StoredAlert($0) }
        }
    }

    func countAlerts(_ filter: AlertFilter) async throws(StorageError) -> Int64 {
        let (conditions, values) = filter.conditions
        let sql = "SELECT count(*) FROM \(StoredAlert.source) \(Self.wherever(conditions))"
        return try await database.read { connection throws(StorageError) in
            try connection.first(sql, values) { $0.int(0) } ?? 0
        }
    }

    /// An alert with its events, oldest first.
    func alert(_ id: String) async throws(StorageError) -> (alert: StoredAlert, events: [AlertEvent])? {
        try await database.read { connection throws(StorageError) in
            guard
                let stored = try connection.first(
                    "SELECT \(StoredAlert.columns) FROM \(StoredAlert.source) WHERE alert.id = ?1", [.text(id)],
                    { StoredAlert($0) })
            else { return nil }
            let events = try connection.rows(
                """
                SELECT e.event, e.time, a.id, e.detail FROM alert_event e LEFT JOIN assessment a ON a.key = e.assessment
                WHERE e.alert = ?1 ORDER BY e.key
                """, [.integer(stored.key)]
            ) { row in
                var event = AlertEvent()
                event.event = row.text(0)
                event.time = Timestamp(unixMilliseconds: row.int(1))
                event.assessmentId = row.text(2)
                event.detail = row.text(3)
                return event
            }
            return (stored, events)
        }
    }

    /// The number of the newest event; 0 before the first.
    func newestAlertChange() async throws(StorageError) -> Int64 {
        try await database.read { connection throws(StorageError) in
            try connection.first("SELECT coalesce(max(key), 0) FROM alert_event") { $0.int(0) } ?? 0
        }
    }

    /// Openings, reopenings and resolutions after an event, in order.
    func alertChanges(
        after number: Int64, accountID: String, limit: Int
    ) async throws(StorageError) -> [AlertChange] {
        try await database.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(StoredAlert.columns), e.key, e.event FROM alert_event e CROSS JOIN \(StoredAlert.source)
                WHERE e.key > ?1 AND alert.key = e.alert AND e.event IN ('opened', 'reopened', 'resolved')
                  AND (?2 = '' OR account.id = ?2) ORDER BY e.key LIMIT ?3
                """, [.integer(number), .text(accountID), SQLValue(limit)]
            ) { AlertChange(number: $0.int(19), event: $0.text(20), alert: StoredAlert($0).alert) }
        }
    }

    static func wherever(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    }
}
