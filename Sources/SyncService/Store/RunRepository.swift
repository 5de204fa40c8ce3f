import Storage

/// What became of a wish for a run.
enum RunRequest: Sendable, Equatable {
    /// A new run waits for its turn.
    case created(StoredRun)
    /// The run that this or an earlier wish leads to.
    case existing(StoredRun)
    /// Refused: this run is under way.
    case busy(StoredRun)
    /// Refused: the assessment of this run is under way.
    case assessing(StoredRun)
}

extension SyncStore {
    /// Asks for a run.
    ///
    /// - Parameters:
    ///   - key: Names the wish; empty for none.
    ///   - isPatient: Whether the run may wait for the one under way: it is then its one follow-up.
    ///   - filter: What part of the account is read. A follow-up that others wait for too reads all.
    ///   - noting: Done in the transaction that makes a run.
    func request(
        account: Int64, cause: RunCause, key: String, isPatient: Bool, filter: RunFilter = RunFilter(),
        noting: (@Sendable (StoredRun, borrowing Connection) throws(StorageError) -> Void)? = nil
    ) async throws(StorageError) -> RunRequest {
        let time = now()
        let id = newIdentifier("sync-")
        return try await writer.write { connection throws(StorageError) in
            if !key.isEmpty, let run = try SyncStore.run(key: key, account: account, connection) {
                return .existing(run)
            }
            let open = try SyncStore.openRuns(account: account, connection)
            if !isPatient {
                if let run = open.first { return .busy(run) }
                let assessed = try SyncStore.runs(
                    "account.k = ?1 AND run.assessment IN (?2, ?3) LIMIT 1",
                    [
                        .integer(account), .integer(AssessmentState.running.rawValue),
                        .integer(AssessmentState.pending.rawValue),
                    ], connection)
                if let run = assessed.first { return .assessing(run) }
            } else if let queued = open.first(where: { $0.state == .queued }) {
                try SyncStore.note(key, for: queued, connection)
                try connection.execute(
                    "UPDATE run SET types = '', regions = '' WHERE k = ?1", [.integer(queued.key)])
                return .existing(queued)
            }
            try connection.execute(
                """
                INSERT INTO run (id, account, state, cause, create_time, types, regions)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                [
                    .text(id), .integer(account), .integer(RunState.queued.rawValue), .integer(cause.rawValue),
                    .integer(time), .text(filter.types.sorted().joined(separator: " ")),
                    .text(filter.regions.sorted().joined(separator: " ")),
                ])
            guard let run = try SyncStore.runs("run.id = ?1", [.text(id)], connection).first else {
                throw StorageError(.other, "the run was not written")
            }
            try SyncStore.note(key, for: run, connection)
            try noting?(run, connection)
            return .created(run)
        }
    }

    private static func note(
        _ key: String, for run: StoredRun, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard !key.isEmpty else { return }
        try connection.execute(
            "INSERT OR REPLACE INTO run_key (account, key, run) VALUES (?1, ?2, ?3)",
            [.integer(run.accountKey), .text(key), .integer(run.key)])
    }

    private static func run(
        key: String, account: Int64, _ connection: borrowing Connection
    ) throws(StorageError) -> StoredRun? {
        try runs(
            "run.k = (SELECT run FROM run_key WHERE account = ?1 AND key = ?2)", [.integer(account), .text(key)],
            connection
        ).first
    }

    static func openRuns(account: Int64, _ connection: borrowing Connection) throws(StorageError) -> [StoredRun] {
        try runs("run.account = ?1 AND run.state IN (1, 2, 7) ORDER BY run.k", [.integer(account)], connection)
    }

    /// The runs of an account that have not ended, oldest first.
    func openRuns(account: Int64) async throws(StorageError) -> [StoredRun] {
        try await writer.read { connection throws(StorageError) in
            try SyncStore.openRuns(account: account, connection)
        }
    }

    /// All runs that have not ended, oldest first.
    func openRuns() async throws(StorageError) -> [StoredRun] {
        try await writer.read { connection throws(StorageError) in
            try SyncStore.runs("run.state IN (1, 2, 7) ORDER BY run.k", [], connection)
        }
    }

    /// The run with this id.
    func run(id: String) async throws(StorageError) -> StoredRun? {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.runs("run.id = ?1", [.text(id)], connection).first
        }
    }

    /// Runs, newest first.
    ///
    /// - Parameter before: Only those older than this row; nil: from the newest on.
    func runs(
        account: Int64?, state: RunState?, before: Int64?, limit: Int
    ) async throws(StorageError) -> [StoredRun] {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.runs(
                """
                (?1 IS NULL OR run.account = ?1) AND (?2 IS NULL OR run.state = ?2) AND (?3 IS NULL OR run.k < ?3)
                ORDER BY run.k DESC LIMIT ?4
                """,
                [SQLValue(account), SQLValue(state?.rawValue), SQLValue(before), .integer(Int64(limit))], connection)
        }
    }

    static func runs(
        _ condition: String, _ values: [SQLValue], _ connection: borrowing Connection
    ) throws(StorageError) -> [StoredRun] {
        try connection.rows(
            """
            SELECT run.k, run.id, run.account, account.id, state, cause, create_time, start_time, end_time, scopes_total,
              scopes_done, scopes_with_gaps, assets_seen, assets_changed, api_calls, retries, throttles, problem,
              assessment, assessment_id, resumptions, run.change, types, regions
            FROM run JOIN account ON account.k = run.account WHERE \(condition)
            """, values
        ) { row throws(StorageError) in try SyncStore.readRun(row) }
    }

    private static func names(_ text: String) -> Set<String> { Set(text.split(separator: " ").map { String($0) }) }

    private static func readRun(_ row: borrowing Row) throws(StorageError) -> StoredRun {
        guard let state = RunState(rawValue: row.int(4)), let cause = RunCause(rawValue: row.int(5)),
            let assessment = AssessmentState(rawValue: row.int(18))
        else { throw StorageError(.corrupt, "a run has an unknown state") }
        let counts = RunCounts(
            scopesTotal: row.int(9), scopesDone: row.int(10), scopesWithGaps: row.int(11), assetsSeen: row.int(12),
            assetsChanged: row.int(13), apiCalls: row.int(14), retries: row.int(15), throttles: row.int(16))
        return StoredRun(
            key: row.int(0), id: row.text(1), accountKey: row.int(2), accountID: row.text(3), state: state,
            cause: cause, createTime: row.int(6), startTime: row.optionalInt(7), endTime: row.optionalInt(8),
            counts: counts, problem: row.text(17), assessment: assessment, assessmentID: row.text(19),
            resumptions: row.int(20), change: row.int(21),
            filter: RunFilter(types: names(row.text(22)), regions: names(row.text(23))))
    }
}
