import Storage

/// How the reading of a scope ended.
struct ScopeEnd: Sendable {
    var scope: Scope
    /// Nil: the listing completed.
    var failure: ReadFailure?
    /// Rows of assets that a completed listing did not name.
    var removed: [Int64] = []
    var seen = 0
    /// New and changed ones, already written.
    var changed = 0
    /// Assets of which a call was not answered.
    var withGaps = 0

    /// Whether the run has not learned all that it wanted. A region that is off is no gap.
    var isGap: Bool { withGaps > 0 || failure.map { !$0.scopeState.isComplete } ?? false }
}

extension SyncStore {
    /// Ends scopes in one transaction: removals, coverage, and the run's note that they need not be read again.
    ///
    /// A scope that was not read completely keeps its assets.
    func closeAll(account: Int64, run: Int64, _ ends: [ScopeEnd]) async throws(StorageError) {
        try await commit(account: account, run: run, [], ends: ends)
    }

    static func close(
        _ end: ScopeEnd, run: Int64, time: Int64, _ changes: inout ChangeCounter, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard let key = try scopeKey(changes.account, end.scope, connection) else { return }
        let state = end.failure?.scopeState ?? .complete
        var removed = end.removed
        if state == .regionDisabled {
            removed = try connection.rows("SELECT k FROM asset WHERE scope = ?1", [.integer(key)]) { $0.int(0) }
        }
        if state.isComplete {
            try remove(removed, scope: end.scope, time: time, &changes, connection)
        }
        let counted = try connection.first("SELECT assets, assets_with_gaps FROM scope WHERE k = ?1", [.integer(key)]) {
            row in row.int(0) == Int64(end.seen) && row.int(1) == Int64(end.withGaps)
        }
        if counted != true { try recount(key, connection) }
        try setCoverage(key, state, end.failure, time: time, &changes, connection)
        try connection.execute(
            "INSERT OR REPLACE INTO run_scope (run, region, type, gap) VALUES (?1, ?2, ?3, ?4)",
            [.integer(run), .text(end.scope.region), .text(end.scope.type), SQLValue(end.isGap)])
        try connection.execute(
            """
            UPDATE run SET scopes_done = scopes_done + 1, scopes_with_gaps = scopes_with_gaps + ?2,
              assets_seen = assets_seen + ?3, assets_changed = assets_changed + ?4 WHERE k = ?1
            """,
            [
                .integer(run), .integer(end.isGap ? 1 : 0), .integer(Int64(end.seen)),
                .integer(Int64(end.changed + (state.isComplete ? removed.count : 0))),
            ])
    }

    /// A change of state or code takes a change number; a later time of the same state does not.
    private static func setCoverage(
        _ key: Int64, _ state: ScopeState, _ failure: ReadFailure?, time: Int64, _ changes: inout ChangeCounter,
        _ connection: borrowing Connection
    ) throws(StorageError) {
        let code = failure?.code ?? ""
        let before = try connection.first("SELECT state, code, change FROM scope WHERE k = ?1", [.integer(key)]) {
            row in (state: row.int(0), code: row.text(1), change: row.int(2))
        }
        let isSame = before.map { $0.state == state.rawValue && $0.code == code } ?? false
        try connection.execute(
            """
            UPDATE scope SET state = ?2, code = ?3, message = ?4, operation = ?5, attempt_time = ?6,
              complete_time = CASE WHEN ?7 THEN ?6 ELSE complete_time END, change = ?8 WHERE k = ?1
            """,
            [
                .integer(key), .integer(state.rawValue), .text(code), .text(failure?.message ?? ""),
                .text(failure?.operation ?? ""), .integer(time), SQLValue(state.isComplete),
                .integer(isSame ? before?.change ?? 0 : changes.next()),
            ])
    }
}
