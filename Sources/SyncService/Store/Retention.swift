import Crypto
import Storage

/// How long history is kept.
struct Retention: Sendable {
    /// Days after which a version that is no asset's current one goes.
    var versionDays: Int64 = 400
    /// Tombstones of an account beyond which they all go, if its assets are fewer: replicas then begin anew.
    var tombstones: Int64 = 100_000
}

extension SyncStore {
    /// Removes history that is over, in steps that keep each transaction short.
    func tidy(_ retention: Retention) async throws(StorageError) {
        let cutoff = now() - retention.versionDays * 86_400_000
        while true {
            let removed = try await writer.write { connection throws(StorageError) in
                try connection.execute(
                    """
                    DELETE FROM version WHERE k IN (
                      SELECT k FROM version WHERE time < ?1
                        AND NOT EXISTS (SELECT 1 FROM asset WHERE asset.k = version.asset AND asset.version = version.k)
                      LIMIT 5000)
                    """, [.integer(cutoff)])
            }
            if removed == 0 { break }
        }
        try await forgetTombstones(retention)
    }

    /// A replica that has not heard of a removal would keep the asset for ever, so the account's store counts as a new
    /// incarnation afterwards.
    private func forgetTombstones(_ retention: Retention) async throws(StorageError) {
        let epoch = RandomBytes.generate(9).hexText
        try await writer.write { connection throws(StorageError) in
            let many = try connection.rows(
                """
                SELECT account, count(*) FROM tombstone GROUP BY account HAVING count(*) > ?1
                  AND count(*) > (SELECT count(*) FROM asset WHERE asset.account = tombstone.account)
                """, [.integer(retention.tombstones)]
            ) { row in row.int(0) }
            for account in many {
                try connection.execute("DELETE FROM tombstone WHERE account = ?1", [.integer(account)])
                try connection.execute(
                    "UPDATE account SET epoch = ?2 WHERE k = ?1", [.integer(account), .text(epoch)])
            }
        }
    }
}
