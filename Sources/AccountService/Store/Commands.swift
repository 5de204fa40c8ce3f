import ServiceKit
import Storage

/// The commands that this service owes to the others.
enum Command: String, Sendable, CaseIterable {
    case startSync = "start-sync"
    case cancelSync = "cancel-sync"
    case purgeSyncs = "purge-syncs"
    case purgeAssessments = "purge-assessments"

    var destination: ServiceName { self == .purgeAssessments ? .assessment : .sync }

    /// The key goes with the command, the request is built from it and the account's id: nothing else is sent.
    func owed(to account: AccountID) -> OutboxCommand {
        OutboxCommand(
            destination: destination.rawValue, kind: rawValue, accountID: account.description, payload: [])
    }
}

extension Outbox {
    /// Writes what an event made Parapet owe, in the transaction of that event.
    func take(
        on duties: [Lifecycle.Duty], of account: AccountID, on connection: borrowing Connection
    ) throws(StorageError) {
        for duty in duties {
            switch duty {
            case .withdrawSyncs:
                try withdraw(kind: Command.startSync.rawValue, accountID: account.description, on: connection)
            case .startSync: try enqueue(Command.startSync.owed(to: account), on: connection)
            case .cancelSync: try enqueue(Command.cancelSync.owed(to: account), on: connection)
            case .purge:
                // The purge cancels too, and nobody waits for the acknowledgement of a cancellation any more.
                try withdraw(kind: Command.cancelSync.rawValue, accountID: account.description, on: connection)
                try enqueue(Command.purgeSyncs.owed(to: account), on: connection)
            }
        }
    }

    /// Whether anything is owed to the others for an account.
    func owes(_ account: AccountID, on connection: borrowing Connection) throws(StorageError) -> Set<Command> {
        var owed: Set<Command> = []
        for command in Command.allCases
        where try isInFlight(kind: command.rawValue, accountID: account.description, on: connection) {
            owed.insert(command)
        }
        return owed
    }
}
