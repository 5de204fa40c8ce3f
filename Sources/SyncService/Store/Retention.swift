import Crypto
import Storage

/// How long history is kept.
struct Retention: Sendable {
    /// Days after which a version goes, from when another took its place or the asset was removed.
    var versionDays: Int64 = 400
    /// Tombstones of an account beyond which they all go, if its assets are fewer: replicas then begin anew.
    var tombstones: Int64 = 100_000
}

extension SyncStore {
    /// How many rows a transaction of tidying looks at or removes.
    private static let tidyingStep: Int64 = 5000

    /// Removes history that is over, in steps that keep each transaction short.
    func tidy(_ retention: Retention) async throws(StorageError) {
        let cutoff = now() - retention.versionDays * 86_400_000
        try await forgetReplaced(before: cutoff)
        try await forgetRemoved(before: cutoff)
        try await forgetTombstones(retention)
        try await forgetUnusedTags()
    }

    /// Versions that another one took the place of before a time.
    private func forgetReplaced(before cutoff: Int64) async throws(StorageError) {
        var after: Int64 = 0
        while true {
            let start = after
            let last = try await writer.write { connection throws(StorageError) in
                // By row, which is by time: what is younger than the cutoff ends the search.
                let replacing = try connection.rows(
                    "SELECT k, asset, account, change, time FROM version WHERE k > ?1 ORDER BY k LIMIT ?2",
                    [.integer(start), .integer(SyncStore.tidyingStep)]
                ) { row in
                    (key: row.int(0), asset: row.int(1), account: row.int(2), change: row.int(3), time: row.int(4))
                }
                for version in replacing {
                    if version.time >= cutoff { return nil as Int64? }
                    let removed = try connection.execute(
                        "DELETE FROM version WHERE asset = ?1 AND k < ?2",
                        [.integer(version.asset), .integer(version.key)])
                    if removed > 0 { try SyncStore.endHistory(version.account, at: version.change, connection) }
                }
                return replacing.last?.key
            }
            guard let last else { return }
            after = last
        }
    }

    /// Versions of assets that were removed before a time.
    private func forgetRemoved(before cutoff: Int64) async throws(StorageError) {
        while true {
            let found = try await writer.write { connection throws(StorageError) in
                let gone = try connection.rows(
                    """
                    SELECT asset, account, change FROM tombstone
                    WHERE time < ?1 AND EXISTS (SELECT 1 FROM version WHERE version.asset = tombstone.asset) LIMIT 1000
                    """, [.integer(cutoff)]
                ) { row in (asset: row.int(0), account: row.int(1), change: row.int(2)) }
                for asset in gone {
                    try connection.execute("DELETE FROM version WHERE asset = ?1", [.integer(asset.asset)])
                    try SyncStore.endHistory(asset.account, at: asset.change, connection)
                }
                return !gone.isEmpty
            }
            if !found { return }
        }
    }

    /// Notes that what an account was before a change number cannot be told any more.
    private static func endHistory(
        _ account: Int64, at change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            "UPDATE account SET history = ?2 WHERE k = ?1 AND history < ?2", [.integer(account), .integer(change)])
    }

    /// A replica that has not heard of a removal would keep the asset for ever, so the account's store counts as a new
    /// incarnation afterwards. Nor can it be told later when those assets were there: their versions go too.
    private func forgetTombstones(_ retention: Retention) async throws(StorageError) {
        let many = try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT account, count(*) FROM tombstone GROUP BY account HAVING count(*) > ?1 AND count(*) > (
                  SELECT count(*) FROM place JOIN asset ON asset.place = place.k WHERE place.account = tombstone.account)
                """, [.integer(retention.tombstones)]
            ) { row in row.int(0) }
        }
        for account in many {
            let key: SQLValue = .integer(account)
            try await writer.write { connection throws(StorageError) in
                try connection.execute(
                    """
                    UPDATE account SET history = (SELECT max(change) FROM tombstone WHERE tombstone.account = account.k)
                    WHERE k = ?1
                    """, [key])
            }
            while try await writer.write({ connection throws(StorageError) in
                try connection.execute(
                    """
                    DELETE FROM version WHERE k IN (
                      SELECT version.k FROM tombstone CROSS JOIN version ON version.asset = tombstone.asset
                      WHERE tombstone.account = ?1 LIMIT \(SyncStore.tidyingStep))
                    """, [key])
            }) > 0 {}
            let epoch = RandomBytes.generate(9).hexText
            try await writer.write { connection throws(StorageError) in
                try connection.execute("DELETE FROM tombstone WHERE account = ?1", [key])
                try connection.execute("UPDATE account SET epoch = ?2 WHERE k = ?1", [key, .text(epoch)])
            }
        }
    }

    /// Tags that no asset has any more.
    private func forgetUnusedTags() async throws(StorageError) {
        var after: Int64 = 0
        while true {
            let start = after
            let last = try await writer.write { connection throws(StorageError) in
                let end: Int64? =
                    try connection.first(
                        "SELECT max(k) FROM (SELECT k FROM tag WHERE k > ?1 ORDER BY k LIMIT ?2)",
                        [.integer(start), .integer(SyncStore.tidyingStep)]
                    ) { row in row.optionalInt(0) } ?? nil
                guard let end else { return nil as Int64? }
                try connection.execute(
                    """
                    DELETE FROM tag WHERE k > ?1 AND k <= ?2
                      AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE asset_tag.tag = tag.k)
                    """, [.integer(start), .integer(end)])
                return end
            }
            guard let last else { return }
            after = last
        }
    }
}
