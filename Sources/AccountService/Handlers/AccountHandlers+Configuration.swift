import API
import RPC
import Wire

extension AccountHandlers {
    func updateAccount(
        _ request: UpdateAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> UpdateAccountResponse {
        try await answer { () async throws(AccountError) in
            let reference = try reference(request.accountId)
            let change = try change(request)
            let actor = Actor(call, AccountMethods.updateAccount.name)
            let (account, _) = try await store.change(reference, by: actor) { account throws(AccountError) in
                let duties = try account.apply(change, vault: vault, directory: directory)
                return AccountStore.Decision(
                    value: (), duties: duties, detail: change.fields.joined(separator: ", "))
            }
            return .with { $0.account = Account(account) }
        }
    }

    private static let updatablePaths = ["name", "role_arn", "external_id", "regions", "schedule"]

    private func change(_ request: UpdateAccountRequest) throws(AccountError) -> AccountChange {
        let paths = request.updateMask?.paths ?? []
        let allowed = Self.updatablePaths.joined(separator: ", ")
        guard !paths.isEmpty else {
            throw .invalid(field: "update_mask", rule: "names what to change: at least one of \(allowed)")
        }
        var change = AccountChange()
        for path in paths {
            switch path {
            case "name": change.name = try AccountName(request.name)
            case "role_arn": change.role = try RoleARN(request.roleArn)
            case "external_id": change.externalID = try ExternalID(request.externalId)
            case "regions": change.regions = try choice(request.regions ?? RegionSelection())
            case "schedule":
                let schedule = request.schedule ?? SyncSchedule()
                change.schedule = try Schedule(everyHours: schedule.everyHours, off: schedule.off)
            default:
                throw .invalid(
                    field: "update_mask",
                    rule: "\(Printable.quoted(path)) cannot be changed; what can be is \(allowed)")
            }
        }
        return change
    }

    /// Whether the regions suit the account's partition is decided with the account at hand.
    func choice(_ selection: RegionSelection) throws(AccountError) -> RegionChoice {
        try RegionChoice(all: selection.all, names: selection.names, partition: nil, directory: directory)
    }
}
