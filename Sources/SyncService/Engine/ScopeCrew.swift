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
        let writes = RunWrites(
            store: context.store, account: run.accountKey, run: run.key, patience: context.limits.commitPatience
        ) { end in
            board.post(end.scope, end.failure)
            control.finished(end, service: context.service(of: end.scope.type))
            context.events.notify(run.id)
        }
        async let _ = writes.keepFlushing(sleep: context.sleep)
        let failure = await withTaskGroup(of: (Scope, StorageError?).self) { group in
            var failure: StorageError?
            var queue = ScopeQueue(scopes.filter { !finished.contains($0) })
            while failure == nil, !Task.isCancelled {
                if queue.running >= context.limits.scopesPerAccount, let (scope, error) = await group.next() {
                    queue.ended(scope)
                    failure = error
                }
                guard failure == nil, !Task.isCancelled, let scope = queue.next() else { break }
                group.addTask {
                    do throws(StorageError) {
                        try await readOne(scope, planned, by: session, board, writes)
                        return (scope, nil)
                    } catch {
                        board.post(scope, .cancelled)
                        return (scope, error)
                    }
                }
            }
            if failure != nil { group.cancelAll() }
            for await (_, error) in group { failure = failure ?? error }
            return failure
        }
        if let failure { throw failure }
        // Also when the run was cancelled: what completed stays completed.
        try await writes.flush()
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
        _ scope: Scope, _ planned: Set<Scope>, by session: any AccountSession, _ board: ScopeBoard,
        _ writes: RunWrites
    ) async throws(StorageError) {
        let isAwaited = context.types.contains { type in
            type.parents.contains(scope.type) && planned.contains(Scope(region: scope.region, type: type.name))
        }
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
                return try await writes.end(reading(scope, writes).given(up: failure), isAwaited: isAwaited)
            }
        }
        guard
            let end = try await placed(
                scope,
                { () async throws(StorageError) in
                    try await reading(scope, writes).read(by: session, parents: parents)
                })
        else { return board.post(scope, .cancelled) }
        try await writes.end(end, isAwaited: isAwaited)
    }

    /// Reads in one of the process's places; nil when cancelled.
    private func placed(
        _ scope: Scope, _ body: () async throws(StorageError) -> ScopeEnd?
    ) async throws(StorageError) -> ScopeEnd? {
        do throws(AWSError) {
            try await context.scopePlaces.acquire(for: run.accountID, group: scope.region)
        } catch { return nil }
        defer { context.scopePlaces.release(group: scope.region) }
        return Task.isCancelled ? nil : try await body()
    }

    private func reading(_ scope: Scope, _ writes: RunWrites) -> ScopeReading {
        ScopeReading(
            store: context.store, writes: writes, account: run.accountKey, scope: scope, redactor: redactor,
            chosen: choice,
            itemLimit: context.limits.itemsPerScope, window: context.limits.itemsAtOnce)
    }
}
