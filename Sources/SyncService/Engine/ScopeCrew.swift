import Storage

/// Reads the scopes of a run, so many at once, parents before their children.
struct ScopeCrew: Sendable {
    let context: EngineContext
    let control: RunControl
    let run: StoredRun
    let redactor: Redactor
    let choice: RegionChoice

    /// - Parameters:
    ///   - scopes: In the order in which they begin.
    ///   - finished: Those that the run had finished before it was interrupted.
    func read(
        _ scopes: [Scope], finished: Set<Scope>, by session: any AccountSession
    ) async throws(StorageError) {
        let board = ScopeBoard()
        try await postFinished(finished, on: board)
        let planned = Set(scopes)
        let failure = await withTaskGroup(of: StorageError?.self) { group in
            var failure: StorageError?
            var begun = 0
            for scope in scopes where !finished.contains(scope) {
                if begun >= context.limits.scopesPerAccount, let ended = await group.next(), let ended {
                    failure = failure ?? ended
                }
                guard failure == nil, !Task.isCancelled else { break }
                begun += 1
                group.addTask {
                    do throws(StorageError) {
                        try await readOne(scope, planned, by: session, board)
                        return nil
                    } catch {
                        board.post(scope, .cancelled)
                        return error
                    }
                }
            }
            if failure != nil { group.cancelAll() }
            for await ended in group { failure = failure ?? ended }
            return failure
        }
        if let failure { throw failure }
    }

    private func postFinished(_ finished: Set<Scope>, on board: ScopeBoard) async throws(StorageError) {
        guard !finished.isEmpty else { return }
        for coverage in try await context.store.coverage(account: run.accountKey)
        where finished.contains(coverage.scope) {
            let failure = ReadFailure(
                coverage.state == .accessDenied ? .denied : coverage.state == .throttledOut ? .throttled : .other,
                code: coverage.code, message: coverage.message, operation: coverage.operation)
            board.post(coverage.scope, coverage.state.isComplete ? nil : failure)
        }
    }

    private func readOne(
        _ scope: Scope, _ planned: Set<Scope>, by session: any AccountSession, _ board: ScopeBoard
    ) async throws(StorageError) {
        let parents = (context.types.first { $0.name == scope.type }?.parents ?? []).filter {
            planned.contains(Scope(region: scope.region, type: $0))
        }
        for parent in parents {
            let incomplete = await board.end(of: Scope(region: scope.region, type: parent))
            if let incomplete, incomplete.kind != .cancelled {
                let failure = ReadFailure(
                    incomplete.kind, code: incomplete.code,
                    message: "\(parent), which is read first, could not be: \(incomplete.message)",
                    operation: incomplete.operation)
                return try await closed(try await reading(scope).give(up: failure), on: board)
            }
        }
        guard await context.scopeLimiter.enter() else { return board.post(scope, .cancelled) }
        defer { context.scopeLimiter.leave() }
        guard !Task.isCancelled, let end = try await reading(scope).read(by: session, parents: parents) else {
            return board.post(scope, .cancelled)
        }
        try await closed(end, on: board)
    }

    private func reading(_ scope: Scope) -> ScopeReading {
        ScopeReading(
            store: context.store, account: run.accountKey, run: run.key, scope: scope, redactor: redactor,
            chosen: choice, itemLimit: context.limits.itemsPerScope)
    }

    private func closed(_ end: ScopeEnd, on board: ScopeBoard) async throws(StorageError) {
        board.post(end.scope, end.failure)
        control.finished(end, service: context.service(of: end.scope.type))
        context.events.notify(run.id)
    }
}
