public import Wire

/// UnchosenRegion says what one call found in a region that is not collected.
public struct UnchosenRegion: Message {
    public static let protoName = "parapet.sync.v1.UnchosenRegion"

    /// Its name.
    public var region = ""
    /// EC2 instances found by one call; 0 also where `code` is set: unknown then.
    public var instances: Int64 = 0
    /// True where the call's answer had no room for all.
    public var hasMore = false
    /// AWS's error code, where the call was refused: what is there is unknown.
    public var code = ""
    /// True where the region was not enabled at the sync before.
    public var newlyEnabled = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.int64(2, "instances", &instances)
        try visitor.bool(3, "has_more", &hasMore)
        try visitor.string(4, "code", &code)
        try visitor.bool(5, "newly_enabled", &newlyEnabled)
    }
}
