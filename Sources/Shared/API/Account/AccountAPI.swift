public import RPC

/// AccountService connects AWS accounts and keeps their configuration and their external IDs.
///
/// Each method ends with its response or with one of the canonical codes; a stream ends when its method returns.
public protocol AccountAPI: RPCService {
    /// CreateAccount is step 1 of onboarding: a name and an external ID give a draft account.
    func createAccount(
        _ request: CreateAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> CreateAccountResponse

    /// GetRoleTemplate is step 2: the read-only role to create in the AWS account. It is the one read that gives
    /// out the external ID, and each call is audited.
    func getRoleTemplate(
        _ request: GetRoleTemplateRequest, _ call: CallContext
    ) async throws(RPCError) -> GetRoleTemplateResponse

    /// UpdateAccount changes the fields that the mask names. A new role ARN or external ID of a connected account
    /// is a candidate until TestConnection passed with it; a saved change of role or regions starts a sync.
    func updateAccount(
        _ request: UpdateAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> UpdateAccountResponse

    /// ListRegions is step 3: the regions of the account's partition, with their opt-in state once the role can be
    /// assumed.
    func listRegions(_ request: ListRegionsRequest, _ call: CallContext) async throws(RPCError) -> ListRegionsResponse

    /// TestConnection assumes the role and reports each check, with progress while AWS still refuses a role that
    /// was made seconds ago. The last message carries the result.
    func testConnection(
        _ request: TestConnectionRequest, _ stream: ResponseStream<TestConnectionResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// ConnectAccount is step 4: the connection is tested and saved, and the first sync starts.
    func connectAccount(
        _ request: ConnectAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> ConnectAccountResponse

    /// GetAccount returns one account, never its external ID.
    func getAccount(_ request: GetAccountRequest, _ call: CallContext) async throws(RPCError) -> GetAccountResponse

    /// ListAccounts returns accounts ordered by name, never their external IDs.
    func listAccounts(
        _ request: ListAccountsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListAccountsResponse

    /// WatchAccount streams the account's state until its sync and the assessment that follows are done: a message
    /// at once, then one at each change.
    func watchAccount(
        _ request: WatchAccountRequest, _ stream: ResponseStream<WatchAccountResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// EnableAccount ends the freeze of a disabled account and starts a sync.
    func enableAccount(
        _ request: EnableAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> EnableAccountResponse

    /// DisableAccount freezes an account: no AWS call is made for it until it is enabled again. A running sync is
    /// cancelled; the account is `disabling` until its end is acknowledged.
    func disableAccount(
        _ request: DisableAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> DisableAccountResponse

    /// DeleteAccount purges an account from all services, and says how to remove the role in AWS.
    func deleteAccount(
        _ request: DeleteAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> DeleteAccountResponse

    /// GetConnection gives the sync service what it needs to assume the role, the external ID included, and a lease
    /// without which a run must stop. FAILED_PRECONDITION for an account that is not enabled.
    func getConnection(
        _ request: GetConnectionRequest, _ call: CallContext
    ) async throws(RPCError) -> GetConnectionResponse

    /// CheckToken tells another service whose a bearer token is; the answer may be kept for 30 seconds.
    func checkToken(_ request: CheckTokenRequest, _ call: CallContext) async throws(RPCError) -> CheckTokenResponse
}

extension AccountAPI {
    public static var serviceName: String { AccountMethods.service }

    /// Adds every method of the service.
    public func register(on router: inout Router) {
        router.unary(AccountMethods.createAccount) { request, call throws(RPCError) in
            try await createAccount(request, call)
        }
        router.unary(AccountMethods.getRoleTemplate) { request, call throws(RPCError) in
            try await getRoleTemplate(request, call)
        }
        router.unary(AccountMethods.updateAccount) { request, call throws(RPCError) in
            try await updateAccount(request, call)
        }
        router.unary(AccountMethods.listRegions) { request, call throws(RPCError) in
            try await listRegions(request, call)
        }
        router.serverStreaming(AccountMethods.testConnection) { request, stream, call throws(RPCError) in
            try await testConnection(request, stream, call)
        }
        router.unary(AccountMethods.connectAccount) { request, call throws(RPCError) in
            try await connectAccount(request, call)
        }
        router.unary(AccountMethods.getAccount) { request, call throws(RPCError) in
            try await getAccount(request, call)
        }
        router.unary(AccountMethods.listAccounts) { request, call throws(RPCError) in
            try await listAccounts(request, call)
        }
        router.serverStreaming(AccountMethods.watchAccount) { request, stream, call throws(RPCError) in
            try await watchAccount(request, stream, call)
        }
        router.unary(AccountMethods.enableAccount) { request, call throws(RPCError) in
            try await enableAccount(request, call)
        }
        router.unary(AccountMethods.disableAccount) { request, call throws(RPCError) in
            try await disableAccount(request, call)
        }
        router.unary(AccountMethods.deleteAccount) { request, call throws(RPCError) in
            try await deleteAccount(request, call)
        }
        router.unary(AccountMethods.getConnection) { request, call throws(RPCError) in
            try await getConnection(request, call)
        }
        router.unary(AccountMethods.checkToken) { request, call throws(RPCError) in
            try await checkToken(request, call)
        }
    }
}
