public import RPC

/// Calls `parapet.account.v1.AccountService` over a client's connection; ``AccountAPI`` says what each method does.
///
/// A timeout of nil waits for as long as the client's configuration does. A watch ends when its sequence is given up.
public struct AccountClient: Sendable {
    private let rpc: RPCClient

    public init(_ rpc: RPCClient) { self.rpc = rpc }

    public func createAccount(
        _ request: CreateAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> CreateAccountResponse {
        try await rpc.unary(AccountMethods.createAccount, request, timeout: timeout)
    }

    public func getRoleTemplate(
        _ request: GetRoleTemplateRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetRoleTemplateResponse {
        try await rpc.unary(AccountMethods.getRoleTemplate, request, timeout: timeout)
    }

    public func updateAccount(
        _ request: UpdateAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> UpdateAccountResponse {
        try await rpc.unary(AccountMethods.updateAccount, request, timeout: timeout)
    }

    public func listRegions(
        _ request: ListRegionsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListRegionsResponse {
        try await rpc.unary(AccountMethods.listRegions, request, timeout: timeout)
    }

    public func testConnection(
        _ request: TestConnectionRequest, timeout: Duration? = nil
    ) -> ResponseSequence<TestConnectionResponse> {
        rpc.serverStreaming(AccountMethods.testConnection, request, timeout: timeout)
    }

    public func connectAccount(
        _ request: ConnectAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ConnectAccountResponse {
        try await rpc.unary(AccountMethods.connectAccount, request, timeout: timeout)
    }

    public func getAccount(
        _ request: GetAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetAccountResponse {
        try await rpc.unary(AccountMethods.getAccount, request, timeout: timeout)
    }

    public func listAccounts(
        _ request: ListAccountsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListAccountsResponse {
        try await rpc.unary(AccountMethods.listAccounts, request, timeout: timeout)
    }

    public func watchAccount(
        _ request: WatchAccountRequest, timeout: Duration? = nil
    ) -> ResponseSequence<WatchAccountResponse> {
        rpc.serverStreaming(AccountMethods.watchAccount, request, timeout: timeout)
    }

    public func enableAccount(
        _ request: EnableAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> EnableAccountResponse {
        try await rpc.unary(AccountMethods.enableAccount, request, timeout: timeout)
    }

    public func disableAccount(
        _ request: DisableAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> DisableAccountResponse {
        try await rpc.unary(AccountMethods.disableAccount, request, timeout: timeout)
    }

    public func deleteAccount(
        _ request: DeleteAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> DeleteAccountResponse {
        try await rpc.unary(AccountMethods.deleteAccount, request, timeout: timeout)
    }

    public func getConnection(
        _ request: GetConnectionRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetConnectionResponse {
        try await rpc.unary(AccountMethods.getConnection, request, timeout: timeout)
    }

    public func checkToken(
        _ request: CheckTokenRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> CheckTokenResponse {
        try await rpc.unary(AccountMethods.checkToken, request, timeout: timeout)
    }
}
