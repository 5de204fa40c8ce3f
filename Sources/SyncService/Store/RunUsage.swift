import Storage

extension SyncStore {
    /// Adds to what a run has called.
    func addUsage(run: Int64, _ usage: [RunUsage]) async throws(StorageError) {
        guard !usage.isEmpty else { return }
        try await writer.write { connection throws(StorageError) in
            for place in usage {
                try connection.execute(
                    """
                    INSERT INTO run_usage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, retries = retries + excluded.retries,
                      throttles = throttles + excluded.throttles, bytes = bytes + excluded.bytes,
                      peak = max(peak, excluded.peak)
                    """,
                    [
                        .integer(run), .text(place.service), .text(place.region), .integer(place.calls),
                        .integer(place.retries), .integer(place.throttles), .integer(place.bytes),
                        .integer(place.peak),
                    ])
            }
            try connection.execute(
                """
                UPDATE run SET (api_calls, retries, throttles) =
                  (SELECT sum(calls), sum(retries), sum(throttles) FROM run_usage WHERE run = ?1) WHERE k = ?1
                """, [.integer(run)])
        }
    }

    /// What a run has called, ordered by service and region.
    func usage(run: Int64) async throws(StorageError) -> [RunUsage] {
        try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT service, region, calls, retries, throttles, bytes, peak FROM run_usage WHERE run = ?1
                ORDER BY service, region
                """, [.integer(run)]
            ) { row in
                RunUsage(
                    service: row.text(0), region: row.text(1), calls: row.int(2), retries: row.int(3),
                    throttles: row.int(4), bytes: row.int(5), peak: row.int(6))
            }
        }
    }
}
