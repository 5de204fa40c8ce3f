import API
import Platform
import RPC
import ServiceKit
import Wire

extension AccountHandlers {
    func createAccount(
        _ request: CreateAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> CreateAccountResponse {
        try await answer { () async throws(AccountError) in
            let name = try AccountName(request.name)
            let secret = request.externalId.isEmpty ? ExternalID.generate() : try ExternalID(request.externalId)
            let id = AccountID.generate()
            let sealed: SealedSecret
            do { sealed = try vault.seal(secret, account: id, revision: 1) } catch {
                throw .internalFault("\(error)")
            }
            let account = ManagedAccount(id: id, name: name, externalID: sealed, now: store.now())
            try await store.create(account, by: Actor(call, AccountMethods.createAccount.name))
            return .with { $0.account = Account(account) }
        }
    }

    func getRoleTemplate(
        _ request: GetRoleTemplateRequest, _ call: CallContext
    ) async throws(RPCError) -> GetRoleTemplateResponse {
        try await answer { () async throws(AccountError) in
            let account = try await store.find(try reference(request.accountId))
            let form = try RoleTemplate.Form(request.format)
            let role = try RoleName(request.roleName)
            let minimal = request.permissionSet == .minimal
            let actor = Actor(call, AccountMethods.getRoleTemplate.name)
            do throws(AccountError) {
                try account.lifecycle.require(.template, name: account.name)
                let permissions = try await permissions()
                let blueprint = try RoleBlueprint(
                    account: account.name, role: role, principal: permissions.principal,
                    externalID: try secret(of: account), securityAudit: !minimal,
                    document: minimal ? permissions.minimalPolicy : permissions.customPolicy)
                let template = RoleTemplate(blueprint, as: form)
                // Before the secret leaves: a template that cannot be audited is not given out.
                try await store.record(
                    actor.event(account.id, .done, "\(form), \(minimal ? "minimal" : "SecurityAudit")"))
                return .with {
                    $0.template = template.text
                    $0.fileName = template.fileName
                    $0.principalArn = permissions.principal
                    $0.instructions = template.instructions
                    $0.notices = (minimal ? [] : permissions.notices) + blueprint.notices
                }
            } catch {
                if case .refused(let text, _) = error {
                    try await store.record(actor.event(account.id, .refused, text))
                }
                throw error
            }
        }
    }

    private func permissions() async throws(AccountError) -> RolePermissions {
        let permissions: RolePermissions
        do { permissions = try await sync.permissions() } catch {
            throw AccountError(error, from: "sync service")
        }
        guard !permissions.principal.isEmpty else {
            let reason = permissions.principalError.isEmpty ? "" : " (\(permissions.principalError))"
            throw .refused(
                "the sync service does not know which AWS identity will assume the role\(reason): give it AWS credentials, or set --principal-arn on it",
                .principalUnknown
            )
        }
        return permissions
    }

    /// The external ID that the role will be assumed with: of the candidate while there is one.
    private func secret(of account: ManagedAccount) throws(AccountError) -> ExternalID {
        let sealed = account.candidate?.externalID ?? account.connection.externalID
        do { return try vault.open(sealed, account: account.id, revision: account.revisionToTest) } catch {
            throw .internalFault("account \(account.id): \(error)")
        }
    }
}

extension RoleTemplate.Form {
    fileprivate init(_ format: TemplateFormat) throws(AccountError) {
        switch format {
        case .cloudformation: self = .cloudFormation
        case .terraform: self = .terraform
        case .manual: self = .manual
        case .unspecified: throw .invalid(field: "format", rule: "cloudformation, terraform or manual")
        }
    }
}
