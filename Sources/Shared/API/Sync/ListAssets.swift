public import Wire

/// ListAssetsRequest filters; every filter that is not empty must match.
public struct ListAssetsRequest: Message {
    public static let protoName = "parapet.sync.v1.ListAssetsRequest"

    /// Id or name of the account; required.
    public var accountId = ""
    /// Region, or `global`.
    public var region = ""
    /// Resource type.
    public var resourceType = ""
    /// `key` or `key=value`.
    public var tag = ""
    /// Name, exactly.
    public var name = ""
    /// Text in ARN, id, name or tags, without regard to case.
    public var text = ""
    /// 1 to 500; 0: 50.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same filter; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "region", &region)
        try visitor.string(3, "resource_type", &resourceType)
        try visitor.string(4, "tag", &tag)
        try visitor.string(5, "name", &name)
        try visitor.string(6, "text", &text)
        try visitor.int32(7, "page_size", &pageSize)
        try visitor.string(8, "page_token", &pageToken)
    }
}

/// ListAssetsResponse is a page.
public struct ListAssetsResponse: Message {
    public static let protoName = "parapet.sync.v1.ListAssetsResponse"

    /// Ordered by type and ARN, without their configuration.
    public var assets: [Asset] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    /// Assets that match, on all pages, as counted for the first one: up to 10,000.
    public var total: Int64 = 0
    /// True where more match than were counted.
    public var totalIsLimited = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "assets", &assets)
        try visitor.string(2, "next_page_token", &nextPageToken)
        try visitor.int64(3, "total", &total)
        try visitor.bool(4, "total_is_limited", &totalIsLimited)
    }
}

/// GetAssetRequest names an asset.
public struct GetAssetRequest: Message {
    public static let protoName = "parapet.sync.v1.GetAssetRequest"

    /// Id or name of the account; empty: any account that has the ARN.
    public var accountId = ""
    /// Its ARN.
    public var arn = ""
    /// Its type, where an ARN is used by two types; else empty.
    public var resourceType = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "arn", &arn)
        try visitor.string(3, "resource_type", &resourceType)
    }
}

/// GetAssetResponse returns it.
public struct GetAssetResponse: Message {
    public static let protoName = "parapet.sync.v1.GetAssetResponse"

    /// The asset with its configuration.
    public var asset: Asset?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "asset", &asset)
    }
}

/// StreamAssetsRequest says where to begin.
public struct StreamAssetsRequest: Message {
    public static let protoName = "parapet.sync.v1.StreamAssetsRequest"

    /// Id or name of the account.
    public var accountId = ""
    /// Only changes after this number; 0: all that exists, without tombstones.
    public var afterChange: Int64 = 0
    /// The incarnation that after_change belongs to; see StreamAssetsResponse. Empty with after_change 0.
    public var epoch = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.int64(2, "after_change", &afterChange)
        try visitor.string(3, "epoch", &epoch)
    }
}

/// StreamAssetsResponse is a batch.
public struct StreamAssetsResponse: Message {
    public static let protoName = "parapet.sync.v1.StreamAssetsResponse"

    /// Changed assets and tombstones, in order of change.
    public var assets: [Asset] = []
    /// Scopes whose coverage changed: in the first message after the number asked for, in later ones since the message
    /// before.
    public var coverage: [Coverage] = []
    /// The highest change number that the batches up to this one hold.
    public var change: Int64 = 0
    /// True in the last message: the replica is then equal to the store at `change`.
    public var complete = false
    /// Names this incarnation of the account's store. Where it differs from the request's, change numbers began
    /// anew: the stream then holds all that exists, and what was there before is void.
    public var epoch = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "assets", &assets)
        try visitor.repeated(2, "coverage", &coverage)
        try visitor.int64(3, "change", &change)
        try visitor.bool(4, "complete", &complete)
        try visitor.string(5, "epoch", &epoch)
    }
}
