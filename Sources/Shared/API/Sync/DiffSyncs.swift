public import Wire

/// How an asset differs between two syncs.
public enum AssetDifferenceKind: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// It was not there.
    case added
    /// It is not there any more.
    case removed
    /// It has another state.
    case changed

    public static let names = EnumNames(
        "parapet.sync.v1.AssetDifferenceKind", prefix: "ASSET_DIFFERENCE_KIND_",
        "UNSPECIFIED", "ADDED", "REMOVED", "CHANGED")
}

/// DiffSyncsRequest names two runs.
public struct DiffSyncsRequest: Message {
    public static let protoName = "parapet.sync.v1.DiffSyncsRequest"

    /// Id of the earlier run; required.
    public var fromSyncId = ""
    /// Id of a later run of the same account; required.
    public var toSyncId = ""
    /// Only assets that are or were in this region, or `global`; empty: all.
    public var region = ""
    /// Only assets of this type; empty: all.
    public var resourceType = ""
    /// 1 to 500; 0: 50. A page holds fewer, even none, where many states had to be looked at.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same request; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "from_sync_id", &fromSyncId)
        try visitor.string(2, "to_sync_id", &toSyncId)
        try visitor.string(3, "region", &region)
        try visitor.string(4, "resource_type", &resourceType)
        try visitor.int32(5, "page_size", &pageSize)
        try visitor.string(6, "page_token", &pageToken)
    }
}

/// DiffSyncsResponse is a page.
public struct DiffSyncsResponse: Message {
    public static let protoName = "parapet.sync.v1.DiffSyncsResponse"

    /// The earlier run. What it or the later one could not read is not known to differ: see their states.
    public var fromSync: Sync?
    /// The later run.
    public var toSync: Sync?
    /// In the order in which they last changed.
    public var differences: [AssetDifference] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "from_sync", &fromSync)
        try visitor.message(2, "to_sync", &toSync)
        try visitor.repeated(3, "differences", &differences)
        try visitor.string(4, "next_page_token", &nextPageToken)
    }
}

/// AssetDifference is an asset that differs between two syncs.
public struct AssetDifference: Message {
    public static let protoName = "parapet.sync.v1.AssetDifference"

    /// How it differs.
    public var kind = AssetDifferenceKind.unspecified
    /// The resource type.
    public var resourceType = ""
    /// Its ARN.
    public var arn = ""
    /// The id that AWS calls it by.
    public var resourceId = ""
    /// Its name, or empty; a removed one's last.
    public var name = ""
    /// Where it is or was.
    public var region = ""
    /// When it last changed between the two.
    public var time: Timestamp?
    /// Of a changed one, what differs, ordered by path, at most 500.
    public var changes: [ValueChange] = []
    /// True where more differs.
    public var changesCut = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.enumeration(1, "kind", &kind)
        try visitor.string(2, "resource_type", &resourceType)
        try visitor.string(3, "arn", &arn)
        try visitor.string(4, "resource_id", &resourceId)
        try visitor.string(5, "name", &name)
        try visitor.string(6, "region", &region)
        try visitor.message(7, "time", &time)
        try visitor.repeated(8, "changes", &changes)
        try visitor.bool(9, "changes_cut", &changesCut)
    }
}
