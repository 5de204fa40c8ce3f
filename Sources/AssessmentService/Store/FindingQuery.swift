import API
import Platform
import Storage
import Wire

/// A filter on findings; what is nil or empty matches all.
struct FindingFilter: Sendable {
    var accountID = ""
    var control = ""
    var status: Int64?
    var severity: Int64?
    var region = ""
    var type = ""
    var arn = ""

    /// Conditions over `account`, `control c`, `finding f` and `asset`, without the key of the page.
    var conditions: (sql: [String], values: [SQLValue]) {
        var sql: [String] = []
        var values: [SQLValue] = []
        func add(_ column: String, _ value: SQLValue) {
            values.append(value)
            sql.append("\(column) = ?\(values.count)")
        }
        if !accountID.isEmpty { add("account.id", .text(accountID)) }
        if !control.isEmpty { add("c.id", .text(control)) }
        if let status { add("f.status", .integer(status)) }
        if let severity { add("c.severity", .integer(severity)) }
        if !region.isEmpty { add("asset.region", .text(region)) }
        if !type.isEmpty { add("c.type", .text(type)) }
        if !arn.isEmpty { add("asset.arn", .text(arn)) }
        return (sql, values)
    }
}

extension AssessmentStore {
    /// Where a page of findings begins: after this account, control and ARN.
    struct FindingPosition: Sendable {
        var account: String
        var control: String
        var arn: String
    }

    /// Findings ordered by account, control and ARN.
    func findings(
        _ filter: FindingFilter, after position: FindingPosition?, limit: Int
    ) async throws(StorageError) -> [Finding] {
        try await database.read { connection throws(StorageError) in
            // Group by group: within one account and control the assets come in order from their index, while one
            // query over all would sort every finding for each page.
            var findings: [Finding] = []
            for group in try Self.groups(filter, from: position, connection) {
                let isFirst = group.account == position?.account && group.control == position?.control
                findings += try Self.page(
                    filter, group, after: isFirst ? position?.arn : nil, limit: limit - findings.count, connection)
                if findings.count >= limit { break }
            }
            return findings
        }
    }

    func countFindings(_ filter: FindingFilter) async throws(StorageError) -> Int64 {
        let (conditions, values) = filter.conditions
        let filtersAssets = !filter.region.isEmpty || !filter.arn.isEmpty
        return try await database.read { connection throws(StorageError) in
            try connection.first(
                """
                SELECT count(*) FROM finding f JOIN account ON account.key = f.account
                JOIN control c ON c.key = f.control \(filtersAssets ? "JOIN asset ON asset.key = f.asset" : "")
                \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                """, values
            ) { $0.int(0) } ?? 0
        }
    }

    private struct Group {
        var account: String
        var control: String
        var accountKey: Int64
        var controlKey: Int64
        var type: String
    }

    private static func groups(
        _ filter: FindingFilter, from position: FindingPosition?, _ connection: borrowing Connection
    ) throws(StorageError) -> [Group] {
        var wanted = filter
        (wanted.status, wanted.region, wanted.arn) = (nil, "", "")
        var (conditions, values) = wanted.conditions
        if let position {
            values += [.text(position.account), .text(position.control)]
            conditions.append("(account.id, c.id) >= (?\(values.count - 1), ?\(values.count))")
        }
        return try connection.rows(
            """
            SELECT account.id, c.id, account.key, c.key, c.type FROM account CROSS JOIN control c
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")) ORDER BY account.id, c.id
            """, values
        ) {
            Group(
                account: $0.text(0), control: $0.text(1), accountKey: $0.int(2), controlKey: $0.int(3), type: $0.text(4)
            )
        }
    }

    private static func page(
        _ filter: FindingFilter, _ group: Group, after arn: String?, limit: Int, _ connection: borrowing Connection
    ) throws(StorageError) -> [Finding] {
        var wanted = FindingFilter()
        (wanted.status, wanted.region, wanted.arn) = (filter.status, filter.region, filter.arn)
        var (conditions, values) = wanted.conditions
        values += [.integer(group.accountKey), .integer(group.controlKey), .text(arn ?? ""), SQLValue(limit)]
        let first = values.count - 3
        conditions += ["asset.account = ?\(first)", "f.control = ?\(first + 1)", "asset.arn > ?\(first + 2)"]
        return try connection.rows(
            """
            SELECT c.id, asset.arn, c.type, asset.region, f.status, c.severity, f.reason, a.created, a.id
            FROM control c CROSS JOIN asset CROSS JOIN finding f
              ON f.account = asset.account AND f.control = c.key AND f.asset = asset.key
            LEFT JOIN assessment a ON a.key = f.since
            WHERE c.key = ?\(first + 1) AND asset.type = c.type AND \(conditions.joined(separator: " AND "))
            ORDER BY asset.arn LIMIT ?\(first + 3)
            """, values
        ) { row in
            var finding = Finding()
            finding.accountId = group.account
            finding.controlId = row.text(0)
            finding.arn = row.text(1)
            finding.resourceType = row.text(2)
            finding.region = row.text(3)
            finding.status = FindingStatus(rawValue: Int32(clamping: row.int(4))) ?? .unspecified
            finding.severity = Severity(rawValue: Int32(clamping: row.int(5))) ?? .unspecified
            finding.reason = row.text(6)
            finding.sinceTime = row.optionalInt(7).map { Timestamp(unixMilliseconds: $0) }
            finding.assessmentId = row.text(8)
            return finding
        }
    }
}
