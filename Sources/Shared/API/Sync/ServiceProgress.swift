public import Wire

/// ServiceProgress counts the scopes of one service in one region.
public struct ServiceProgress: Message {
    public static let protoName = "parapet.sync.v1.ServiceProgress"

    /// A region's name, or `global`.
    public var region = ""
    /// The AWS service that lists them.
    public var service = ""
    /// Scopes to read.
    public var scopesTotal: Int32 = 0
    /// Scopes read or given up.
    public var scopesDone: Int32 = 0
    /// Of these, those that ended in a gap.
    public var scopesWithGaps: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.string(2, "service", &service)
        try visitor.int32(3, "scopes_total", &scopesTotal)
        try visitor.int32(4, "scopes_done", &scopesDone)
        try visitor.int32(5, "scopes_with_gaps", &scopesWithGaps)
    }
}

/// ScopeResult says how one scope ended.
public struct ScopeResult: Message {
    public static let protoName = "parapet.sync.v1.ScopeResult"

    /// A region's name, or `global`.
    public var region = ""
    /// The resource type.
    public var resourceType = ""
    /// How it ended.
    public var state = CoverageState.unspecified
    /// Assets seen.
    public var assets: Int64 = 0
    /// AWS's error code, or a word of ours; empty when complete.
    public var code = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.string(2, "resource_type", &resourceType)
        try visitor.enumeration(3, "state", &state)
        try visitor.int64(4, "assets", &assets)
        try visitor.string(5, "code", &code)
    }
}
