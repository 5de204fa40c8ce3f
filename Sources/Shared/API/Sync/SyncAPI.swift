public import RPC

/// SyncService reads the configuration of accounts and keeps it.
///
/// Each method ends with its response or with one of the canonical codes; a stream ends when its method returns.
public protocol SyncAPI: RPCService {
    /// StartSync starts a run. For a person it is FAILED_PRECONDITION while a run or its assessment is under way,
    /// and for an account that is not enabled. From the account service it is queued: it becomes the one follow-up
    /// of the run under way, with the newest configuration.
    func startSync(_ request: StartSyncRequest, _ call: CallContext) async throws(RPCError) -> StartSyncResponse

    /// GetSync returns one run.
    func getSync(_ request: GetSyncRequest, _ call: CallContext) async throws(RPCError) -> GetSyncResponse

    /// ListSyncs returns runs, newest first.
    func listSyncs(_ request: ListSyncsRequest, _ call: CallContext) async throws(RPCError) -> ListSyncsResponse

    /// WatchSync streams a run's progress: a message at once, one at each change (at most four a second), and a
    /// last one when it has ended.
    func watchSync(
        _ request: WatchSyncRequest, _ stream: ResponseStream<WatchSyncResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// CancelSync ends a run within seconds; the scopes that it completed are kept. Also a queued one.
    func cancelSync(_ request: CancelSyncRequest, _ call: CallContext) async throws(RPCError) -> CancelSyncResponse

    /// ListAssets returns assets ordered by type and ARN.
    func listAssets(_ request: ListAssetsRequest, _ call: CallContext) async throws(RPCError) -> ListAssetsResponse

    /// GetAsset returns one asset by its ARN.
    func getAsset(_ request: GetAssetRequest, _ call: CallContext) async throws(RPCError) -> GetAssetResponse

    /// ListAssetVersions returns the states that an asset had, newest first, with what changed in each. Also of an asset
    /// that is gone. FAILED_PRECONDITION (HISTORY_FORGOTTEN) where it is gone for so long that none is kept.
    func listAssetVersions(
        _ request: ListAssetVersionsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListAssetVersionsResponse

    /// DiffSyncs returns what differs between the assets as two runs of an account left them, in the order in which it
    /// last changed. FAILED_PRECONDITION (HISTORY_FORGOTTEN) where what the earlier run left is no longer kept,
    /// (SYNC_IN_PROGRESS) where one of them has not ended.
    func diffSyncs(_ request: DiffSyncsRequest, _ call: CallContext) async throws(RPCError) -> DiffSyncsResponse

    /// StreamAssets streams what changed after a change number, tombstones included, in order of change.
    func streamAssets(
        _ request: StreamAssetsRequest, _ stream: ResponseStream<StreamAssetsResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// GetCoverage returns what is known of each scope of an account, ordered by region and type.
    func getCoverage(_ request: GetCoverageRequest, _ call: CallContext) async throws(RPCError) -> GetCoverageResponse

    /// ListResourceTypes returns the catalogue's schema, ordered by name.
    func listResourceTypes(
        _ request: ListResourceTypesRequest, _ call: CallContext
    ) async throws(RPCError) -> ListResourceTypesResponse

    /// GetPermissions returns the IAM policies that the catalogue needs, and the identity that assumes roles.
    func getPermissions(
        _ request: GetPermissionsRequest, _ call: CallContext
    ) async throws(RPCError) -> GetPermissionsResponse

    /// Probe assumes an account's role and reports each check; the last message carries the result.
    func probe(
        _ request: ProbeRequest, _ stream: ResponseStream<ProbeResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// PurgeAccount cancels what runs for an account and deletes all that is stored of it. Repeating it is
    /// harmless.
    func purgeAccount(
        _ request: SyncPurgeAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> SyncPurgeAccountResponse
}

extension SyncAPI {
    public static var serviceName: String { SyncMethods.service }

    /// Adds every method of the service.
    public func register(on router: inout Router) {
        router.unary(SyncMethods.startSync) { request, call throws(RPCError) in
            try await startSync(request, call)
        }
        router.unary(SyncMethods.getSync) { request, call throws(RPCError) in
            try await getSync(request, call)
        }
        router.unary(SyncMethods.listSyncs) { request, call throws(RPCError) in
            try await listSyncs(request, call)
        }
        router.serverStreaming(SyncMethods.watchSync) { request, stream, call throws(RPCError) in
            try await watchSync(request, stream, call)
        }
        router.unary(SyncMethods.cancelSync) { request, call throws(RPCError) in
            try await cancelSync(request, call)
        }
        router.unary(SyncMethods.listAssets) { request, call throws(RPCError) in
            try await listAssets(request, call)
        }
        router.unary(SyncMethods.getAsset) { request, call throws(RPCError) in
            try await getAsset(request, call)
        }
        router.unary(SyncMethods.listAssetVersions) { request, call throws(RPCError) in
            try await listAssetVersions(request, call)
        }
        router.unary(SyncMethods.diffSyncs) { request, call throws(RPCError) in
            try await diffSyncs(request, call)
        }
        router.serverStreaming(SyncMethods.streamAssets) { request, stream, call throws(RPCError) in
            try await streamAssets(request, stream, call)
        }
        router.unary(SyncMethods.getCoverage) { request, call throws(RPCError) in
            try await getCoverage(request, call)
        }
        router.unary(SyncMethods.listResourceTypes) { request, call throws(RPCError) in
            try await listResourceTypes(request, call)
        }
        router.unary(SyncMethods.getPermissions) { request, call throws(RPCError) in
            try await getPermissions(request, call)
        }
        router.serverStreaming(SyncMethods.probe) { request, stream, call throws(RPCError) in
            try await probe(request, stream, call)
        }
        router.unary(SyncMethods.purgeAccount) { request, call throws(RPCError) in
            try await purgeAccount(request, call)
        }
    }
}
