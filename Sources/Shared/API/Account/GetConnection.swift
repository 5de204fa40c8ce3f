public import Wire

/// GetConnectionRequest asks for the lease of one run or probe.
public struct GetConnectionRequest: Message {
    public static let protoName = "parapet.account.v1.GetConnectionRequest"

    /// Id of the account.
    public var accountId = ""
    /// The revision of the connection that is asked for; 0: the one in use. A candidate's revision is answered
    /// while it is the candidate.
    public var revision: Int64 = 0
    /// What the lease is for: the id of a sync run, or empty for a probe.
    public var syncId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.int64(2, "revision", &revision)
        try visitor.string(3, "sync_id", &syncId)
    }
}

/// GetConnectionResponse is a connection under a lease.
public struct GetConnectionResponse: Message {
    public static let protoName = "parapet.account.v1.GetConnectionResponse"

    /// Id of the account.
    public var accountId = ""
    /// Unique name of the account.
    public var accountName = ""
    /// The role to assume.
    public var roleArn = ""
    /// The external ID to assume it with. A secret: for memory only.
    public var externalId = ""
    /// Which regions are collected.
    public var regions: RegionSelection?
    /// Revision of role and external ID.
    public var revision: Int64 = 0
    /// Revision of the whole configuration, regions included.
    public var configurationRevision: Int64 = 0
    /// How long the answer may be acted on, in seconds.
    public var leaseSeconds: Int32 = 0
    /// When the account is synced by itself.
    public var schedule: SyncSchedule?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "account_name", &accountName)
        try visitor.string(3, "role_arn", &roleArn)
        try visitor.string(4, "external_id", &externalId)
        try visitor.message(5, "regions", &regions)
        try visitor.int64(6, "revision", &revision)
        try visitor.int64(7, "configuration_revision", &configurationRevision)
        try visitor.int32(8, "lease_seconds", &leaseSeconds)
        try visitor.message(9, "schedule", &schedule)
    }
}

/// CheckTokenRequest carries a token's hash, never the token.
public struct CheckTokenRequest: Message {
    public static let protoName = "parapet.account.v1.CheckTokenRequest"

    /// SHA-256 of the bearer token, 32 bytes.
    public var tokenSha256: [UInt8] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bytes(1, "token_sha256", &tokenSha256)
    }
}

/// CheckTokenResponse says whose it is. NOT_FOUND for a token that is not known.
public struct CheckTokenResponse: Message {
    public static let protoName = "parapet.account.v1.CheckTokenResponse"

    /// What its holder may do.
    public var role = AccessRole.unspecified
    /// The token's name, for the audit log.
    public var name = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.enumeration(1, "role", &role)
        try visitor.string(2, "name", &name)
    }
}
