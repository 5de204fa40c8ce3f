import Storage

extension SyncStore {
    /// What is known of the scopes of an account, ordered by region and type; empty filters match all.
    func coverage(
        account: Int64, region: String = "", type: String = "", gapsOnly: Bool = false
    ) async throws(StorageError) -> [StoredCoverage] {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.coverage(
                """
                account = ?1 AND NOT removed AND (?2 = '' OR region = ?2) AND (?3 = '' OR type = ?3)
                AND (NOT ?4 OR state NOT IN (1, 3) OR assets_with_gaps > 0)
                """, [.integer(account), .text(region), .text(type), SQLValue(gapsOnly)], connection)
        }
    }

    /// Scopes whose coverage changed after a change number; with 0 only those that are collected.
    static func coverage(
        account: Int64, after change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) -> [StoredCoverage] {
        try coverage(
            "account = ?1 AND change > ?2 AND (?2 > 0 OR NOT removed)", [.integer(account), .integer(change)],
            connection)
    }

    private static func coverage(
        _ condition: String, _ values: [SQLValue], _ connection: borrowing Connection
    ) throws(StorageError) -> [StoredCoverage] {
        try connection.rows(
            """
            SELECT region, type, state, code, message, operation, assets, assets_with_gaps, complete_time, attempt_time,
              change, removed FROM scope WHERE \(condition) ORDER BY region, type
            """, values
        ) { row throws(StorageError) in
            guard let state = ScopeState(rawValue: row.int(2)) else {
                throw StorageError(.corrupt, "a scope has an unknown state")
            }
            return StoredCoverage(
                scope: Scope(region: row.text(0), type: row.text(1)), state: state, code: row.text(3),
                message: row.text(4), operation: row.text(5), assets: row.int(6), assetsWithGaps: row.int(7),
                completeTime: row.optionalInt(8), attemptTime: row.optionalInt(9), change: row.int(10),
                isRemoved: row.bool(11))
        }
    }

    /// How many assets each scope holds, by the region where they are.
    func assetCounts(account: Int64) async throws(StorageError) -> [Scope: [String: Int]] {
        try await reader.read { connection throws(StorageError) in
            var counts: [Scope: [String: Int]] = [:]
            try connection.query(
                """
                SELECT scope.region, scope.type, place.region, count(*)
                FROM scope JOIN asset ON asset.scope = scope.k JOIN place ON place.k = asset.place
                WHERE scope.account = ?1 GROUP BY scope.k, place.k
                """, [.integer(account)]
            ) { row throws(StorageError) in
                counts[Scope(region: row.text(0), type: row.text(1)), default: [:]][row.text(2)] = Int(row.int(3))
                return true
            }
            return counts
        }
    }

    /// Gaps of single assets, counted by scope, call and code.
    func gapCounts(
        account: Int64, region: String = "", type: String = ""
    ) async throws(StorageError) -> [StoredGapCount] {
        try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT scope.region, scope.type, gap.value ->> 'call', gap.value ->> 'code',
                  max(gap.value ->> 'message'), count(*)
                FROM scope JOIN asset ON asset.scope = scope.k AND asset.gaps IS NOT NULL, json_each(asset.gaps) AS gap
                WHERE scope.account = ?1 AND (?2 = '' OR scope.region = ?2) AND (?3 = '' OR scope.type = ?3)
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
                """, [.integer(account), .text(region), .text(type)]
            ) { row in
                StoredGapCount(
                    scope: Scope(region: row.text(0), type: row.text(1)),
                    gap: AssetGap(call: row.text(2), code: row.text(3), message: row.text(4)), assets: row.int(5))
            }
        }
    }
}
