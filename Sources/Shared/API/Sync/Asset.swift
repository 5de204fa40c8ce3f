public import Wire

/// Gap is a call about one asset that was not answered: what it would have told is unknown, which is not the same
/// as absent.
public struct Gap: Message {
    public static let protoName = "parapet.sync.v1.Gap"

    /// Name of the call in the catalogue, such as GetBucketPolicy.
    public var call = ""
    /// AWS's error code, or a word of ours.
    public var code = ""
    /// AWS's own message, or what went wrong.
    public var message = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "call", &call)
        try visitor.string(2, "code", &code)
        try visitor.string(3, "message", &message)
    }
}

/// Asset is one resource.
public struct Asset: Message {
    public static let protoName = "parapet.sync.v1.Asset"

    /// Id of the account.
    public var accountId = ""
    /// ARN; unique in the account and type.
    public var arn = ""
    /// The resource type, such as aws_ec2_instance.
    public var resourceType = ""
    /// The id that AWS calls it by.
    public var resourceId = ""
    /// Its name, or empty.
    public var name = ""
    /// Where it is: a region's name, or `global`.
    public var region = ""
    /// Where it was listed: a region's name, or `global`.
    public var scope = ""
    /// Its configuration as one canonical JSON object: keys sorted, no spaces; external IDs masked.
    public var configuration = ""
    /// Its tags.
    public var tags: [String: String] = [:]
    /// Calls about it that were not answered.
    public var gaps: [Gap] = []
    /// True when its scope could not be read since: it is what was last seen.
    public var stale = false
    /// The account's change number of this version.
    public var change: Int64 = 0
    /// SHA-256 of the configuration, 64 hexadecimal digits.
    public var configurationHash = ""
    /// When it was first seen.
    public var firstSeenTime: Timestamp?
    /// When this version was first seen.
    public var versionTime: Timestamp?
    /// True for a tombstone: the asset is gone. Only StreamAssets returns these.
    public var deleted = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "arn", &arn)
        try visitor.string(3, "resource_type", &resourceType)
        try visitor.string(4, "resource_id", &resourceId)
        try visitor.string(5, "name", &name)
        try visitor.string(6, "region", &region)
        try visitor.string(7, "scope", &scope)
        try visitor.string(8, "configuration", &configuration)
        try visitor.map(9, "tags", &tags)
        try visitor.repeated(10, "gaps", &gaps)
        try visitor.bool(11, "stale", &stale)
        try visitor.int64(12, "change", &change)
        try visitor.string(13, "configuration_hash", &configurationHash)
        try visitor.message(14, "first_seen_time", &firstSeenTime)
        try visitor.message(15, "version_time", &versionTime)
        try visitor.bool(16, "deleted", &deleted)
    }
}
