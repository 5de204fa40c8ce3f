public import RPC

/// The methods of `parapet.sync.v1.SyncService`.
public enum SyncMethods {
    /// Full name of the service.
    public static let service = "parapet.sync.v1.SyncService"

    public static let startSync = Method<StartSyncRequest, StartSyncResponse>(
        service: service, name: "StartSync")
    public static let getSync = Method<GetSyncRequest, GetSyncResponse>(
        service: service, name: "GetSync", isReadOnly: true)
    public static let listSyncs = Method<ListSyncsRequest, ListSyncsResponse>(
        service: service, name: "ListSyncs", isReadOnly: true)
    public static let watchSync = Method<WatchSyncRequest, WatchSyncResponse>(
        service: service, name: "WatchSync", isReadOnly: true)
    public static let cancelSync = Method<CancelSyncRequest, CancelSyncResponse>(
        service: service, name: "CancelSync")
    public static let listAssets = Method<ListAssetsRequest, ListAssetsResponse>(
        service: service, name: "ListAssets", isReadOnly: true)
    public static let getAsset = Method<GetAssetRequest, GetAssetResponse>(
        service: service, name: "GetAsset", isReadOnly: true)
    public static let listAssetVersions = Method<ListAssetVersionsRequest, ListAssetVersionsResponse>(
        service: service, name: "ListAssetVersions", isReadOnly: true)
    public static let diffSyncs = Method<DiffSyncsRequest, DiffSyncsResponse>(
        service: service, name: "DiffSyncs", isReadOnly: true)
    public static let streamAssets = Method<StreamAssetsRequest, StreamAssetsResponse>(
        service: service, name: "StreamAssets", isReadOnly: true)
    public static let getCoverage = Method<GetCoverageRequest, GetCoverageResponse>(
        service: service, name: "GetCoverage", isReadOnly: true)
    public static let listResourceTypes = Method<ListResourceTypesRequest, ListResourceTypesResponse>(
        service: service, name: "ListResourceTypes", isReadOnly: true)
    public static let getPermissions = Method<GetPermissionsRequest, GetPermissionsResponse>(
        service: service, name: "GetPermissions", isReadOnly: true)
    public static let probe = Method<ProbeRequest, ProbeResponse>(
        service: service, name: "Probe")
    public static let purgeAccount = Method<SyncPurgeAccountRequest, SyncPurgeAccountResponse>(
        service: service, name: "PurgeAccount")
}
