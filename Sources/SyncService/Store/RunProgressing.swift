import Storage

extension SyncStore {
    /// Marks what ran when the service last ended, and returns what is to be resumed. An assessment that was under way is
    /// asked for again by the outbox.
    func markInterrupted() async throws(StorageError) -> [StoredRun] {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE run SET state = ?1 WHERE state = ?2",
                [.integer(RunState.interrupted.rawValue), .integer(RunState.running.rawValue)])
            try connection.execute(
                "UPDATE run SET assessment = ?1 WHERE assessment IN (?2, ?3)",
                [
                    .integer(AssessmentState.waiting.rawValue), .integer(AssessmentState.pending.rawValue),
                    .integer(AssessmentState.running.rawValue),
                ])
            return try SyncStore.runs("run.state = ?1", [.integer(RunState.interrupted.rawValue)], connection)
        }
    }

    /// Marks a run that stops with the service.
    func interrupt(run id: String) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE run SET state = ?2 WHERE id = ?1 AND state = ?3",
                [.text(id), .integer(RunState.interrupted.rawValue), .integer(RunState.running.rawValue)])
        }
    }

    /// Begins a queued run or resumes an interrupted one; nil when it has ended meanwhile.
    func begin(run id: String) async throws(StorageError) -> StoredRun? {
        let time = now()
        return try await writer.write { connection throws(StorageError) in
            guard let run = try SyncStore.runs("run.id = ?1", [.text(id)], connection).first, run.state.isOpen else {
                return nil
            }
            let resumed = run.state == .interrupted ? 1 : 0
            try connection.execute(
                """
                UPDATE run SET state = ?2, start_time = coalesce(start_time, ?3), resumptions = resumptions + ?4
                WHERE k = ?1
                """,
                [
                    .integer(run.key), .integer(RunState.running.rawValue), .integer(time), .integer(Int64(resumed)),
                ])
            return try SyncStore.runs("run.id = ?1", [.text(id)], connection).first
        }
    }

    /// The scopes that a run has finished.
    func finishedScopes(run: Int64) async throws(StorageError) -> Set<Scope> {
        try await writer.read { connection throws(StorageError) in
            Set(
                try connection.rows("SELECT region, type FROM run_scope WHERE run = ?1", [.integer(run)]) { row in
                    Scope(region: row.text(0), type: row.text(1))
                })
        }
    }

    /// Notes how many scopes a run has to read, and how many of these it has finished.
    func setTotal(run: Int64, _ total: Int, finished: Int) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                "UPDATE run SET scopes_total = ?2, scopes_done = ?3 WHERE k = ?1",
                [.integer(run), .integer(Int64(total)), .integer(Int64(finished))])
        }
    }

    /// Ends a run.
    ///
    /// - Parameter command: Writes the command to assess into the outbox, in the same transaction. It is left out where
    ///   the run completed and changed nothing; nil where none may be made.
    /// - Returns: The run as it ended; nil when it had ended already.
    func end(
        run id: String, _ state: RunState, problem: String,
        command: (@Sendable (StoredRun, borrowing Connection) throws(StorageError) -> Void)? = nil
    ) async throws(StorageError) -> StoredRun? {
        let time = now()
        return try await writer.write { connection throws(StorageError) in
            guard let run = try SyncStore.runs("run.id = ?1", [.text(id)], connection).first, run.state.isOpen else {
                return nil
            }
            var isOwed = command != nil
            if isOwed { isOwed = try SyncStore.didAnything(run, connection) }
            try connection.execute(
                """
                UPDATE run SET state = ?2, problem = ?3, end_time = ?4, assessment = ?5,
                  change = (SELECT change FROM account WHERE k = run.account) WHERE k = ?1
                """,
                [
                    .integer(run.key), .integer(state.rawValue), .text(problem), .integer(time),
                    .integer((isOwed ? AssessmentState.pending : .none).rawValue),
                ])
            try connection.execute("DELETE FROM run_scope WHERE run = ?1", [.integer(run.key)])
            guard let ended = try SyncStore.runs("run.id = ?1", [.text(id)], connection).first else { return nil }
            if let command, isOwed { try command(ended, connection) }
            try SyncStore.forgetOldRuns(account: run.accountKey, connection)
            return ended
        }
    }

    /// Whether a run completed a scope, or the account changed since the run before it ended.
    private static func didAnything(
        _ run: StoredRun, _ connection: borrowing Connection
    ) throws(StorageError) -> Bool {
        if run.counts.scopesDone > 0 { return true }
        let changed = try connection.first(
            """
            SELECT account.change > coalesce(
              (SELECT max(change) FROM run WHERE account = account.k AND state NOT IN (1, 2, 7)), 0)
            FROM account WHERE k = ?1
            """, [.integer(run.accountKey)]
        ) { row in row.bool(0) }
        return changed ?? false
    }

    /// How many ended runs of an account are kept.
    private static let keptRuns: Int64 = 1000

    private static func forgetOldRuns(account: Int64, _ connection: borrowing Connection) throws(StorageError) {
        let forgotten = try connection.execute(
            """
            DELETE FROM run WHERE account = ?1 AND state NOT IN (1, 2, 7) AND assessment IN (0, 3)
              AND k <= (SELECT k FROM run WHERE account = ?1 ORDER BY k DESC LIMIT 1 OFFSET ?2)
            """, [.integer(account), .integer(keptRuns)])
        guard forgotten > 0 else { return }
        try connection.execute(
            "DELETE FROM run_key WHERE account = ?1 AND run NOT IN (SELECT k FROM run WHERE account = ?1)",
            [.integer(account)])
        try connection.execute("DELETE FROM run_usage WHERE run NOT IN (SELECT k FROM run)", [])
        try connection.execute("DELETE FROM run_region WHERE run NOT IN (SELECT k FROM run)", [])
    }

    /// Notes how the assessment after a run stands.
    func setAssessment(run id: String, _ state: AssessmentState, id assessmentID: String = "")
        async throws(StorageError)
    {
        try await writer.write { connection throws(StorageError) in
            try connection.execute(
                """
                UPDATE run SET assessment = ?2, assessment_id = CASE WHEN ?3 = '' THEN assessment_id ELSE ?3 END
                WHERE id = ?1
                """, [.text(id), .integer(state.rawValue), .text(assessmentID)])
        }
    }
}
