import API
import RPC

/// What the sync service tells of an account.
protocol SyncSource: Sendable {
    func resourceTypes() async throws(RPCError) -> ListResourceTypesResponse
    /// Hands each message of the stream to `body`.
    func streamAssets(
        _ request: StreamAssetsRequest, _ body: (StreamAssetsResponse) async throws(RPCError) -> Void
    ) async throws(RPCError)
    func coverage(_ request: GetCoverageRequest) async throws(RPCError) -> GetCoverageResponse
}

/// What the account service tells of an account.
protocol AccountSource: Sendable {
    /// By id or name; nil for one that does not exist.
    func account(_ reference: String) async throws(RPCError) -> Account?
}

/// The sync service itself.
struct RemoteSyncSource: SyncSource {
    let client: SyncClient

    func resourceTypes() async throws(RPCError) -> ListResourceTypesResponse {
        try await client.listResourceTypes(ListResourceTypesRequest(), timeout: .seconds(20))
    }

    func streamAssets(
        _ request: StreamAssetsRequest, _ body: (StreamAssetsResponse) async throws(RPCError) -> Void
    ) async throws(RPCError) {
        var messages = client.streamAssets(request).makeAsyncIterator()
        while let message = try await messages.next() { try await body(message) }
    }

    func coverage(_ request: GetCoverageRequest) async throws(RPCError) -> GetCoverageResponse {
        try await client.getCoverage(request, timeout: .seconds(60))
    }
}

/// The account service itself.
struct RemoteAccountSource: AccountSource {
    let client: AccountClient

    func account(_ reference: String) async throws(RPCError) -> Account? {
        var request = GetAccountRequest()
        request.accountId = reference
        do {
            return try await client.getAccount(request, timeout: .seconds(10)).account
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }
}
