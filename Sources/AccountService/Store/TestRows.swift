import Platform
import Storage

/// The SQL of the tests of connections in use.
enum TestRows {
    static func find(_ id: AccountID, on connection: borrowing Connection) throws(StorageError) -> TestReport? {
        let checks = try connection.rows(
            "SELECT name, outcome, message FROM connection_check WHERE account_id = ?1 ORDER BY position",
            [.text(id.description)]
        ) { row in
            TestReport.Check(
                name: row.text(0), outcome: TestReport.Outcome(rawValue: row.text(1)) ?? .unknown, message: row.text(2))
        }
        return try connection.first(
            "SELECT revision, aws_account_id, principal_arn, time_ms FROM connection_test WHERE account_id = ?1",
            [.text(id.description)]
        ) { row in
            TestReport(
                checks: checks, awsAccountID: row.text(1), principal: row.text(2),
                time: WallTime(unixMilliseconds: row.int(3)), revision: row.int(0))
        }
    }

    /// Replaces what is stored; nil removes it.
    static func save(
        _ report: TestReport?, of id: AccountID, on connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute("DELETE FROM connection_test WHERE account_id = ?1", [.text(id.description)])
        guard let report else { return }
        try connection.execute(
            "INSERT INTO connection_test VALUES (?1, ?2, ?3, ?4, ?5)",
            [
                .text(id.description), .integer(report.revision), .text(report.awsAccountID), .text(report.principal),
                .integer(report.time.unixMilliseconds),
            ])
        for (position, check) in report.checks.enumerated() {
            try connection.execute(
                "INSERT INTO connection_check VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    .text(id.description), SQLValue(position), .text(check.name), .text(check.outcome.rawValue),
                    .text(check.message),
                ])
        }
    }
}
