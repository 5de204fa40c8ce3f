public import Wire

/// How completely a scope could be read.
public enum CoverageState: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// The listing completed: what is stored is what there is.
    case complete
    /// AWS refused the listing.
    case accessDenied
    /// The region is not enabled in the account: there can be nothing.
    case regionDisabled
    /// AWS kept asking to slow down.
    case throttledOut
    /// The listing failed otherwise.
    case failed
    /// Not read yet.
    case pending

    public static let names = EnumNames(
        "parapet.sync.v1.CoverageState", prefix: "COVERAGE_STATE_",
        "UNSPECIFIED", "COMPLETE", "ACCESS_DENIED", "REGION_DISABLED", "THROTTLED_OUT", "FAILED", "PENDING")
}

/// Coverage says what is known of one scope.
public struct Coverage: Message {
    public static let protoName = "parapet.sync.v1.Coverage"

    /// Where the listing was made: a region's name, or `global`.
    public var region = ""
    /// The resource type, such as aws_s3_bucket.
    public var resourceType = ""
    /// How the last attempt ended.
    public var state = CoverageState.unspecified
    /// AWS's error code, or a word of ours (`Timeout`, `Malformed`); empty when complete.
    public var code = ""
    /// AWS's own message, or what went wrong; empty when complete.
    public var message = ""
    /// The operation that failed; empty when complete.
    public var operation = ""
    /// Assets stored for the scope, stale ones included.
    public var assets: Int64 = 0
    /// Assets of the scope of which an enrichment call was not answered.
    public var assetsWithGaps: Int64 = 0
    /// When the listing last completed; absent: never.
    public var completeTime: Timestamp?
    /// When it was last attempted.
    public var attemptTime: Timestamp?
    /// The account's change number at which this state was written.
    public var change: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.string(2, "resource_type", &resourceType)
        try visitor.enumeration(3, "state", &state)
        try visitor.string(4, "code", &code)
        try visitor.string(5, "message", &message)
        try visitor.string(6, "operation", &operation)
        try visitor.int64(7, "assets", &assets)
        try visitor.int64(8, "assets_with_gaps", &assetsWithGaps)
        try visitor.message(9, "complete_time", &completeTime)
        try visitor.message(10, "attempt_time", &attemptTime)
        try visitor.int64(11, "change", &change)
    }
}

/// GetCoverageRequest filters.
public struct GetCoverageRequest: Message {
    public static let protoName = "parapet.sync.v1.GetCoverageRequest"

    /// Id or name of the account; required.
    public var accountId = ""
    /// Region, or `global`; empty: all.
    public var region = ""
    /// Resource type; empty: all.
    public var resourceType = ""
    /// Only scopes that are not complete or hold assets with gaps.
    public var gapsOnly = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "region", &region)
        try visitor.string(3, "resource_type", &resourceType)
        try visitor.bool(4, "gaps_only", &gapsOnly)
    }
}

/// GetCoverageResponse lists scopes.
public struct GetCoverageResponse: Message {
    public static let protoName = "parapet.sync.v1.GetCoverageResponse"

    /// Ordered by region and type.
    public var coverage: [Coverage] = []
    /// Gaps of single assets, counted by resource type, call and code.
    public var gaps: [GapCount] = []
    /// Regions that are enabled and not chosen, as the latest sync found them, ordered by name.
    public var unchosenRegions: [UnchosenRegion] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "coverage", &coverage)
        try visitor.repeated(2, "gaps", &gaps)
        try visitor.repeated(3, "unchosen_regions", &unchosenRegions)
    }
}

/// GapCount counts assets with the same gap.
public struct GapCount: Message {
    public static let protoName = "parapet.sync.v1.GapCount"

    /// Where they were listed.
    public var region = ""
    /// Their type.
    public var resourceType = ""
    /// The gap, with the message of one of them.
    public var gap: Gap?
    /// How many assets have it.
    public var assets: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "region", &region)
        try visitor.string(2, "resource_type", &resourceType)
        try visitor.message(3, "gap", &gap)
        try visitor.int64(4, "assets", &assets)
    }
}
