import API
import RPC

/// The account service, as the engine sees it.
protocol ConnectionSource: Sendable {
    /// A connection under a lease.
    ///
    /// - Parameters:
    ///   - revision: 0: the connection in use.
    ///   - run: What the lease is for; empty for a probe.
    /// - Throws: FAILED_PRECONDITION for an account that is not enabled, NOT_FOUND for none.
    func connection(account: String, revision: Int64, run: String) async throws(RPCError) -> GetConnectionResponse

    /// An account by id or name.
    func account(_ reference: String) async throws(RPCError) -> Account
}

/// The account service itself.
struct RemoteConnectionSource: ConnectionSource {
    let client: AccountClient
    /// How long to wait for an answer.
    var timeout = Duration.seconds(10)

    func connection(account: String, revision: Int64, run: String) async throws(RPCError) -> GetConnectionResponse {
        var request = GetConnectionRequest()
        request.accountId = account
        request.revision = revision
        request.syncId = run
        return try await client.getConnection(request, timeout: timeout)
    }

    func account(_ reference: String) async throws(RPCError) -> Account {
        var request = GetAccountRequest()
        request.accountId = reference
        guard let account = try await client.getAccount(request, timeout: timeout).account else {
            throw RPCError(.internalError, "the account service answered without an account")
        }
        return account
    }
}
