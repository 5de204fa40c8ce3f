public import Wire

/// GetSyncRequest names a run.
public struct GetSyncRequest: Message {
    public static let protoName = "parapet.sync.v1.GetSyncRequest"

    /// Id of the run.
    public var syncId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "sync_id", &syncId)
    }
}

/// GetSyncResponse returns it.
public struct GetSyncResponse: Message {
    public static let protoName = "parapet.sync.v1.GetSyncResponse"

    /// The run.
    public var sync: Sync?
    /// What it called, ordered by service and region.
    public var usage: [CallUsage] = []
    /// Regions that are enabled in the account and not chosen, ordered by name; none where all are collected.
    public var unchosenRegions: [UnchosenRegion] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "sync", &sync)
        try visitor.repeated(2, "usage", &usage)
        try visitor.repeated(3, "unchosen_regions", &unchosenRegions)
    }
}

/// ListSyncsRequest asks for a page.
public struct ListSyncsRequest: Message {
    public static let protoName = "parapet.sync.v1.ListSyncsRequest"

    /// Only runs of this account, by id or name; empty: of all.
    public var accountId = ""
    /// Only runs in this state; unspecified: all.
    public var state = SyncState.unspecified
    /// 1 to 500; 0: 50.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same filter; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.enumeration(2, "state", &state)
        try visitor.int32(3, "page_size", &pageSize)
        try visitor.string(4, "page_token", &pageToken)
    }
}

/// ListSyncsResponse is a page.
public struct ListSyncsResponse: Message {
    public static let protoName = "parapet.sync.v1.ListSyncsResponse"

    /// Newest first.
    public var syncs: [Sync] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "syncs", &syncs)
        try visitor.string(2, "next_page_token", &nextPageToken)
    }
}
