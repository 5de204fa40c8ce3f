import API
import Platform
import Storage
import Wire

extension AssessmentStore {
    /// Verdicts and open alerts by severity, of one account or, with an empty id, of all.
    func posture(accountID: String) async throws(StorageError) -> Posture {
        try await database.read { connection throws(StorageError) in
            var posture = Posture()
            let only = "(?1 = '' OR account.id = ?1)"
            let account: [SQLValue] = [.text(accountID)]
            // Grouped by control first: the findings of one lie together.
            let counts = try connection.rows(
                """
                SELECT c.severity, f.status, sum(f.n) FROM (
                  SELECT account, control, status, count(*) AS n FROM finding GROUP BY account, control, status) f
                JOIN control c ON c.key = f.control JOIN account ON account.key = f.account
                WHERE \(only) GROUP BY c.severity, f.status
                """, account
            ) { (severity: Int($0.int(0)), status: Int($0.int(1)), count: $0.int(2)) }
            for (severity, status, count) in counts { posture.add(severity, status, count) }
            let open = try connection.rows(
                """
                SELECT c.severity, count(*) FROM alert JOIN control c ON c.key = alert.control
                JOIN account ON account.key = alert.account WHERE alert.state = 1 AND \(only) GROUP BY c.severity
                """, account
            ) { (severity: Int($0.int(0)), count: $0.int(1)) }
            for (severity, count) in open { posture.addOpen(severity, count) }
            let newest = try connection.first(
                """
                SELECT a.ended, a.id FROM \(AssessmentRecord.source)
                WHERE a.ended IS NOT NULL AND \(only) ORDER BY a.ended DESC, a.key DESC LIMIT 1
                """, account
            ) { (ended: $0.int(0), id: $0.text(1)) }
            posture.assessed = newest.map { WallTime(unixMilliseconds: $0.ended) }
            if !accountID.isEmpty { posture.assessmentID = newest?.id ?? "" }
            return posture
        }
    }
}
