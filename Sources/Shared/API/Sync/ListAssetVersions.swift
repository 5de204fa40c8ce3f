public import Wire

/// ListAssetVersionsRequest names an asset.
public struct ListAssetVersionsRequest: Message {
    public static let protoName = "parapet.sync.v1.ListAssetVersionsRequest"

    /// Id or name of the account; empty: any account that has or had the ARN.
    public var accountId = ""
    /// Its ARN; required.
    public var arn = ""
    /// Its type, where an ARN is used by two types; else empty.
    public var resourceType = ""
    /// Whether the configurations are wanted too.
    public var includeConfiguration = false
    /// 1 to 500; 0: 50. A page holds fewer where they are large.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same request; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "arn", &arn)
        try visitor.string(3, "resource_type", &resourceType)
        try visitor.bool(4, "include_configuration", &includeConfiguration)
        try visitor.int32(5, "page_size", &pageSize)
        try visitor.string(6, "page_token", &pageToken)
    }
}

/// ListAssetVersionsResponse is a page.
public struct ListAssetVersionsResponse: Message {
    public static let protoName = "parapet.sync.v1.ListAssetVersionsResponse"

    /// Id of the account.
    public var accountId = ""
    /// The resource type.
    public var resourceType = ""
    /// Newest first.
    public var versions: [AssetVersion] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "resource_type", &resourceType)
        try visitor.repeated(3, "versions", &versions)
        try visitor.string(4, "next_page_token", &nextPageToken)
    }
}

/// AssetVersion is a state that an asset had.
public struct AssetVersion: Message {
    public static let protoName = "parapet.sync.v1.AssetVersion"

    /// The account's change number at which it began.
    public var change: Int64 = 0
    /// When it was first seen.
    public var fromTime: Timestamp?
    /// When another state was first seen, or when the asset was gone; absent: it is the current state.
    public var toTime: Timestamp?
    /// True where the asset was gone after it.
    public var removed = false
    /// True where the asset was not there before it.
    public var first = false
    /// True where the state before it is no longer kept, so that what changed is not known.
    public var previousForgotten = false
    /// Its name, or empty.
    public var name = ""
    /// Where it was: a region's name, or `global`.
    public var region = ""
    /// Its tags.
    public var tags: [String: String] = [:]
    /// Calls about it that were not answered.
    public var gaps: [Gap] = []
    /// Its configuration, as in Asset; empty unless asked for.
    public var configuration = ""
    /// SHA-256 of the configuration, 64 hexadecimal digits.
    public var configurationHash = ""
    /// What differs from the state before it, ordered by path, at most 500.
    public var changes: [ValueChange] = []
    /// True where more differs.
    public var changesCut = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "change", &change)
        try visitor.message(2, "from_time", &fromTime)
        try visitor.message(3, "to_time", &toTime)
        try visitor.bool(4, "removed", &removed)
        try visitor.bool(5, "first", &first)
        try visitor.bool(6, "previous_forgotten", &previousForgotten)
        try visitor.string(7, "name", &name)
        try visitor.string(8, "region", &region)
        try visitor.map(9, "tags", &tags)
        try visitor.repeated(10, "gaps", &gaps)
        try visitor.string(11, "configuration", &configuration)
        try visitor.string(12, "configuration_hash", &configurationHash)
        try visitor.repeated(13, "changes", &changes)
        try visitor.bool(14, "changes_cut", &changesCut)
    }
}
