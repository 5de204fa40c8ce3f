public import Wire

/// WatchSyncRequest names a run.
public struct WatchSyncRequest: Message {
    public static let protoName = "parapet.sync.v1.WatchSyncRequest"

    /// Id of the run.
    public var syncId = ""
    /// Go on until the assessment that follows has ended.
    public var throughAssessment = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "sync_id", &syncId)
        try visitor.bool(2, "through_assessment", &throughAssessment)
    }
}

/// WatchSyncResponse is the run at this moment.
public struct WatchSyncResponse: Message {
    public static let protoName = "parapet.sync.v1.WatchSyncResponse"

    /// The run.
    public var sync: Sync?
    /// Regions with scopes being read now, ordered by name, at most 50.
    public var regions: [RegionProgress] = []
    /// Calls sent in the last second.
    public var callsPerSecond: Int32 = 0
    /// Every region and service of the run, ordered by both, at most 1000; empty before they are known.
    public var services: [ServiceProgress] = []
    /// Scopes that ended since the last message, in the order in which they did.
    public var ended: [ScopeResult] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "sync", &sync)
        try visitor.repeated(2, "regions", &regions)
        try visitor.int32(3, "calls_per_second", &callsPerSecond)
        try visitor.repeated(4, "services", &services)
        try visitor.repeated(5, "ended", &ended)
    }
}

/// RegionProgress counts the scopes of one region.
public struct RegionProgress: Message {
    public static let protoName = "parapet.sync.v1.RegionProgress"

    /// A region's name, or `global`.
    public var region = ""
    /// Scopes to read.
    public var scopesTotal: Int32 = 0
    /// Scopes read or given up.
    public var scopesDone: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.int32(2, "scopes_total", &scopesTotal)
        try visitor.int32(3, "scopes_done", &scopesDone)
    }
}
