import Storage

/// What one call found in a region that is enabled and not chosen.
struct NoticedRegion: Sendable, Equatable {
    var region: String
    var instances = 0
    var hasMore = false
    /// AWS's error code, where it refused: what is there is unknown.
    var code = ""
    var isNew = false
}

extension SyncStore {
    /// Notes what a run found in regions that it does not collect.
    /// One that no earlier run knew is new: it was enabled since.
    func notice(account: Int64, run: Int64, _ regions: [NoticedRegion]) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            let earlier = try SyncStore.noticed(
                "run = (SELECT max(run) FROM run_region WHERE run IN (SELECT k FROM run WHERE account = ?1 AND k < ?2))",
                [.integer(account), .integer(run)], connection)
            let known = Set(earlier.map(\.region)).union(
                try connection.rows("SELECT DISTINCT region FROM scope WHERE account = ?1", [.integer(account)]) {
                    row in row.text(0)
                })
            for region in regions {
                let isNew = !earlier.isEmpty && !known.contains(region.region)
                try connection.execute(
                    "INSERT OR REPLACE INTO run_region VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    [
                        .integer(run), .text(region.region), .integer(Int64(region.instances)),
                        SQLValue(region.hasMore), .text(region.code), SQLValue(isNew),
                    ])
            }
        }
    }

    /// What a run noticed, ordered by region.
    func noticed(run: Int64) async throws(StorageError) -> [NoticedRegion] {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.noticed("run = ?1", [.integer(run)], connection)
        }
    }

    /// What an account's latest run of all noticed, ordered by region.
    func noticed(account: Int64) async throws(StorageError) -> [NoticedRegion] {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.noticed(
                """
                run = (SELECT max(k) FROM run WHERE account = ?1 AND types = '' AND regions = '' AND scopes_total > 0)
                """, [.integer(account)], connection)
        }
    }

    private static func noticed(
        _ condition: String, _ values: [SQLValue], _ connection: borrowing Connection
    ) throws(StorageError) -> [NoticedRegion] {
        try connection.rows(
            """
            SELECT region, instances, has_more, code, newly_enabled FROM run_region WHERE \(condition) ORDER BY region
            """, values
        ) { row in
            NoticedRegion(
                region: row.text(0), instances: Int(clamping: row.int(1)), hasMore: row.bool(2), code: row.text(3),
                isNew: row.bool(4))
        }
    }
}
