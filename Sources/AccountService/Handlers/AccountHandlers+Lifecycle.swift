import API
import RPC
import Wire

extension AccountHandlers {
    func enableAccount(
        _ request: EnableAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> EnableAccountResponse {
        let account = try await move(request.accountId, .enable, Actor(call, AccountMethods.enableAccount.name))
        return .with { $0.account = Account(account) }
    }

    func disableAccount(
        _ request: DisableAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> DisableAccountResponse {
        let account = try await move(request.accountId, .disable, Actor(call, AccountMethods.disableAccount.name))
        return .with { $0.account = Account(account) }
    }

    func deleteAccount(
        _ request: DeleteAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> DeleteAccountResponse {
        let account = try await move(request.accountId, .delete, Actor(call, AccountMethods.deleteAccount.name))
        return .with {
            $0.account = Account(account)
            $0.roleRemovalSteps = RoleRemoval.steps(for: account.connection.role)
        }
    }

    private func move(
        _ id: String, _ event: Lifecycle.Event, _ actor: Actor
    ) async throws(RPCError) -> ManagedAccount {
        try await answer { () async throws(AccountError) in
            try await store.change(try reference(id), by: actor) { account throws(AccountError) in
                let before = account.state
                let duties = try account.lifecycle.apply(event, name: account.name)
                return AccountStore.Decision(
                    value: (), duties: duties, detail: "\(before) → \(account.state)")
            }.account
        }
    }
}
