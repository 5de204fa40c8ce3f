import API
import RPC
import Wire

extension AccountHandlers {
    func watchAccount(
        _ request: WatchAccountRequest, _ stream: ResponseStream<WatchAccountResponse>, _ call: CallContext
    ) async throws(RPCError) {
        let watched = try await answer { () async throws(AccountError) in
            try await store.find(try reference(request.accountId))
        }
        var last = WatchAccountResponse.with { $0.account = Account(watched) }
        var sent: WatchAccountResponse?
        while true {
            if call.isCancelled || Task.isCancelled { throw RPCError(.cancelled, "the call was cancelled") }
            let view = try await answer { () async throws(AccountError) in try await look(watched.id) }
            guard let view else {
                // Purged everywhere: what was known last, without what was running.
                last.phase = .idle
                last.done = true
                return try await stream.send(last)
            }
            last = view.message
            if last != sent { try await stream.send(last) }
            sent = last
            if last.done { return }
            await pause(Self.watchInterval)
        }
    }

    /// Short enough for a progress bar.
    private static let watchInterval = Duration.milliseconds(500)

    /// Nil once the account is gone.
    private func look(_ id: AccountID) async throws(AccountError) -> WatchView? {
        // What is owed is read first: once delivered it shows as a run, so it is never missed in between.
        guard let (account, owed) = try await store.look(id) else { return nil }
        var view = WatchView(account: account, owed: owed, run: await run(of: account))
        // While it is owed or runs, only to tell a service that cannot be reached from one that is busy.
        if view.isDone || view.phase == .assessing, case .seen(.some) = view.run {
            do { view.posture = .seen(try await assessment.posture(id)) } catch {
                view.posture = .unreachable(error.code.name)
            }
        }
        return view
    }

    private func run(of account: ManagedAccount) async -> WatchView.Sighting<RunStatus?> {
        // A draft has never been collected.
        if account.state == .draft { return .seen(nil) }
        do { return .seen(try await sync.currentRun(account.id)) } catch {
            // A run that is being purged can vanish under the question.
            return error.code == .notFound ? .seen(nil) : .unreachable(error.code.name)
        }
    }
}
