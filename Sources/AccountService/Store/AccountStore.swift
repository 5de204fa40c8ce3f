import Platform
import ServiceKit
import Storage

/// The accounts in account.db. A change, what it makes Parapet owe and its line in the audit log are one transaction.
struct AccountStore: Sendable {
    let database: Database
    let outbox: Outbox
    let audit: AuditLog
    let clock: any WallClock

    /// The present, as precise as the database keeps it: an answer then tells what a later one will.
    func now() -> WallTime { WallTime(unixMilliseconds: clock.now().unixMilliseconds) }

    /// What a decision about an account led to.
    struct Decision<Value: Sendable>: Sendable {
        var value: Value
        var duties: [Lifecycle.Duty]
        /// For the audit log; it holds no secret.
        var detail = ""
    }

    /// - Parameter reference: Id, or name without regard to case.
    func find(_ reference: String) async throws(AccountError) -> ManagedAccount {
        let found = try await read { connection throws(StorageError) in
            try AccountRows.find(reference: reference, on: connection)
        }
        guard let found else { throw Self.missing(reference) }
        return found
    }

    /// The account with what is owed for it at the same moment; nil once it is gone.
    func look(
        _ id: AccountID
    ) async throws(AccountError) -> (account: ManagedAccount, owed: Set<Command>)? {
        try await read { [outbox] connection throws(StorageError) in
            guard let account = try AccountRows.find(id, on: connection) else { return nil }
            return (account, try outbox.owes(id, on: connection))
        }
    }

    /// Ordered by name; see ``AccountRows/list(after:state:containing:limit:on:)``.
    func list(
        after: String?, state: Lifecycle.State?, containing: String, limit: Int
    ) async throws(AccountError) -> [ManagedAccount] {
        try await read { connection throws(StorageError) in
            try AccountRows.list(
                after: after, state: state, containing: containing.asciiLowercased, limit: limit, on: connection)
        }
    }

    func create(_ account: ManagedAccount, by actor: Actor) async throws(AccountError) {
        let conflict = try await write { [audit] connection throws(StorageError) -> AccountError? in
            if let error = try Self.nameConflict(account, on: connection) {
                try audit.append(actor.event(nil, .refused, "\(account.name): the name is taken"), on: connection)
                return error
            }
            try AccountRows.insert(account, on: connection)
            try audit.append(actor.event(account.id, .done, account.name.description), on: connection)
            return nil
        }
        if let conflict { throw conflict }
    }

    /// Changes an account, or records why not.
    ///
    /// - Parameter decide: Changes the account, or throws and leaves it; it may run without effect.
    /// - Returns: The account as it is stored now, and what `decide` returned.
    func change<Value: Sendable>(
        _ reference: String, by actor: Actor,
        _ decide: @Sendable (inout ManagedAccount) throws(AccountError) -> Decision<Value>
    ) async throws(AccountError) -> (account: ManagedAccount, value: Value) {
        let result = try await write {
            connection throws(StorageError) -> Result<(account: ManagedAccount, value: Value), AccountError> in
            guard let before = try AccountRows.find(reference: reference, on: connection) else {
                return .failure(Self.missing(reference))
            }
            var account = before
            let decision: Decision<Value>
            do throws(AccountError) {
                decision = try decide(&account)
            } catch {
                return .failure(try refuse(error, before.id, actor, on: connection))
            }
            if let conflict = try conflict(from: before, to: account, on: connection) {
                return .failure(try refuse(conflict, before.id, actor, on: connection))
            }
            if account != before {
                account.updated = now()
                try AccountRows.update(account, on: connection)
            }
            try outbox.take(on: decision.duties, of: account.id, on: connection)
            try audit.append(actor.event(account.id, .done, decision.detail), on: connection)
            return .success((account, decision.value))
        }
        return try result.get()
    }

    /// Refuses when another connected account has the AWS account of this role.
    func requireAlone(_ account: ManagedAccount, role: RoleARN) async throws(AccountError) {
        let other = try await read { connection throws(StorageError) in
            try AccountRows.connected(to: role.awsAccountID, otherThan: account.id, on: connection)
        }
        if let other { throw Self.sameAWSAccount(other, role) }
    }

    /// Adds a line to the audit log that comes with no change.
    func record(_ event: AuditEvent) async throws(AccountError) {
        try await write { [audit] connection throws(StorageError) in try audit.append(event, on: connection) }
    }

    /// What must hold between accounts, looked at in the transaction that would break it.
    private func conflict(
        from before: ManagedAccount, to after: ManagedAccount, on connection: borrowing Connection
    ) throws(StorageError) -> AccountError? {
        if after.name.key != before.name.key, let error = try Self.nameConflict(after, on: connection) { return error }
        guard before.state == .draft, after.state == .enabled, let role = after.connection.role else { return nil }
        let other = try AccountRows.connected(to: role.awsAccountID, otherThan: after.id, on: connection)
        return other.map { Self.sameAWSAccount($0, role) }
    }

    private func refuse(
        _ error: AccountError, _ id: AccountID, _ actor: Actor, on connection: borrowing Connection
    ) throws(StorageError) -> AccountError {
        switch error {
        case .refused(let text, _), .alreadyExists(let text), .changedMeanwhile(let text):
            try audit.append(actor.event(id, .refused, text), on: connection)
        case .invalid(let field, let rule):
            try audit.append(actor.event(id, .refused, "\(field): \(rule)"), on: connection)
        case .notFound, .unavailable, .cancelled, .internalFault: break
        }
        return error
    }

    private static func nameConflict(
        _ account: ManagedAccount, on connection: borrowing Connection
    ) throws(StorageError) -> AccountError? {
        guard let other = try AccountRows.find(named: account.name.key, on: connection), other.id != account.id else {
            return nil
        }
        let hint = other.state == .deleting ? "; it is being deleted, and the name is free once it is gone" : ""
        return .alreadyExists("an account named '\(other.name)' exists already\(hint)")
    }

    private static func sameAWSAccount(_ other: ManagedAccount, _ role: RoleARN) -> AccountError {
        .alreadyExists("AWS account \(role.awsAccountID) is connected already, as '\(other.name)' (\(other.id))")
    }

    private static func missing(_ reference: String) -> AccountError {
        .notFound("no account has the id or name \(Printable.quoted(reference))")
    }
}

extension AccountStore {
    func read<Value: Sendable>(
        _ body: @Sendable (borrowing Connection) throws(StorageError) -> Value
    ) async throws(AccountError) -> Value {
        do { return try await database.read(body) } catch { throw AccountError(error) }
    }

    @discardableResult
    func write<Value: Sendable>(
        _ body: @Sendable (borrowing Connection) throws(StorageError) -> Value
    ) async throws(AccountError) -> Value {
        do { return try await database.write(body) } catch { throw AccountError(error) }
    }
}

extension AccountError {
    init(_ error: StorageError) {
        switch error.kind {
        case .busy: self = .unavailable("the database is busy: try again")
        case .full: self = .unavailable("the database has no space left: free some, then try again")
        default: self = .internalFault("storage: \(error)")
        }
    }
}
