public import RPC

/// Calls `parapet.sync.v1.SyncService` over a client's connection; ``SyncAPI`` says what each method does.
///
/// A timeout of nil waits for as long as the client's configuration does. A watch ends when its sequence is given up.
public struct SyncClient: Sendable {
    private let rpc: RPCClient

    public init(_ rpc: RPCClient) { self.rpc = rpc }

    public func startSync(
        _ request: StartSyncRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> StartSyncResponse {
        try await rpc.unary(SyncMethods.startSync, request, timeout: timeout)
    }

    public func getSync(
        _ request: GetSyncRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetSyncResponse {
        try await rpc.unary(SyncMethods.getSync, request, timeout: timeout)
    }

    public func listSyncs(
        _ request: ListSyncsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListSyncsResponse {
        try await rpc.unary(SyncMethods.listSyncs, request, timeout: timeout)
    }

    public func watchSync(
        _ request: WatchSyncRequest, timeout: Duration? = nil
    ) -> ResponseSequence<WatchSyncResponse> {
        rpc.serverStreaming(SyncMethods.watchSync, request, timeout: timeout)
    }

    public func cancelSync(
        _ request: CancelSyncRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> CancelSyncResponse {
        try await rpc.unary(SyncMethods.cancelSync, request, timeout: timeout)
    }

    public func listAssets(
        _ request: ListAssetsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListAssetsResponse {
        try await rpc.unary(SyncMethods.listAssets, request, timeout: timeout)
    }

    public func getAsset(
        _ request: GetAssetRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetAssetResponse {
        try await rpc.unary(SyncMethods.getAsset, request, timeout: timeout)
    }

    public func listAssetVersions(
        _ request: ListAssetVersionsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListAssetVersionsResponse {
        try await rpc.unary(SyncMethods.listAssetVersions, request, timeout: timeout)
    }

    public func diffSyncs(
        _ request: DiffSyncsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> DiffSyncsResponse {
        try await rpc.unary(SyncMethods.diffSyncs, request, timeout: timeout)
    }

    public func streamAssets(
        _ request: StreamAssetsRequest, timeout: Duration? = nil
    ) -> ResponseSequence<StreamAssetsResponse> {
        rpc.serverStreaming(SyncMethods.streamAssets, request, timeout: timeout)
    }

    public func getCoverage(
        _ request: GetCoverageRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetCoverageResponse {
        try await rpc.unary(SyncMethods.getCoverage, request, timeout: timeout)
    }

    public func listResourceTypes(
        _ request: ListResourceTypesRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListResourceTypesResponse {
        try await rpc.unary(SyncMethods.listResourceTypes, request, timeout: timeout)
    }

    public func getPermissions(
        _ request: GetPermissionsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetPermissionsResponse {
        try await rpc.unary(SyncMethods.getPermissions, request, timeout: timeout)
    }

    public func probe(
        _ request: ProbeRequest, timeout: Duration? = nil
    ) -> ResponseSequence<ProbeResponse> {
        rpc.serverStreaming(SyncMethods.probe, request, timeout: timeout)
    }

    public func purgeAccount(
        _ request: SyncPurgeAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> SyncPurgeAccountResponse {
        try await rpc.unary(SyncMethods.purgeAccount, request, timeout: timeout)
    }
}
