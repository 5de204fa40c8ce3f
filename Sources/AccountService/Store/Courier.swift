import Platform
import RPC
import ServiceKit
import Storage

/// Delivers what is owed to the other services, and moves accounts on when it is acknowledged.
struct Courier: Sendable {
    let store: AccountStore
    let sync: any SyncGateway
    let assessment: any AssessmentGateway

    /// Delivers until the task is cancelled.
    func run() async {
        await store.outbox.run(
            deliver: { await deliver($0) },
            settle: { command, verdict, connection throws(StorageError) in
                try settle(command, verdict, on: connection)
            })
    }

    func deliver(_ owed: OutboxCommand) async -> DeliveryVerdict {
        guard let command = Command(rawValue: owed.kind) else {
            return .refused(reason: "no command is called \(owed.kind)")
        }
        let account = AccountID(stored: owed.accountID)
        do throws(RPCError) {
            switch command {
            case .startSync: try await sync.startSync(account, key: owed.key)
            case .cancelSync:
                try await sync.cancelSyncs(account)
                // To be told to stop is not to have stopped.
                if let run = try await sync.currentRun(account), run.state == .running || run.state == .queued {
                    return .retry(reason: "sync \(run.id) has not ended yet")
                }
            case .purgeSyncs: try await sync.purge(account)
            case .purgeAssessments: try await assessment.purge(account)
            }
            return .acknowledged
        } catch {
            return Self.verdict(on: error, command)
        }
    }

    /// A sync that cannot be is dropped: the account was disabled or deleted meanwhile. A freeze and a deletion are
    /// owed until they have happened.
    private static func verdict(on error: RPCError, _ command: Command) -> DeliveryVerdict {
        switch (command, error.code) {
        case (.startSync, .failedPrecondition), (.startSync, .notFound), (.startSync, .invalidArgument):
            .refused(reason: "\(error)")
        default: .retry(reason: "\(error)")
        }
    }

    /// Runs in the transaction that records the acknowledgement.
    func settle(
        _ owed: OutboxCommand, _ verdict: DeliveryVerdict, on connection: borrowing Connection
    ) throws(StorageError) {
        guard verdict == .acknowledged, let command = Command(rawValue: owed.kind) else { return }
        let id = AccountID(stored: owed.accountID)
        switch command {
        case .startSync: break
        case .cancelSync: try stopped(id, on: connection)
        case .purgeSyncs: try store.outbox.enqueue(Command.purgeAssessments.owed(to: id), on: connection)
        case .purgeAssessments: try erase(id, on: connection)
        }
    }

    private func stopped(_ id: AccountID, on connection: borrowing Connection) throws(StorageError) {
        guard var account = try AccountRows.find(id, on: connection), account.state == .disabling else { return }
        do throws(AccountError) {
            _ = try account.lifecycle.apply(.stopped, name: account.name)
        } catch {
            throw StorageError(.other, "account \(id): \(error)")
        }
        account.updated = store.now()
        try AccountRows.update(account, on: connection)
        try store.audit.append(Actor.system("AccountDisabled").event(id), on: connection)
    }

    private func erase(_ id: AccountID, on connection: borrowing Connection) throws(StorageError) {
        guard let account = try AccountRows.find(id, on: connection), account.state == .deleting else { return }
        try AccountRows.delete(id, on: connection)
        try store.audit.append(
            Actor.system("AccountDeleted").event(id, .done, account.name.description), on: connection)
    }
}
