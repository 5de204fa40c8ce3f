public import Wire

/// Where an account is in its life.
public enum AccountState: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Created, not connected yet: no sync runs.
    case draft
    /// Connected and collected.
    case enabled
    /// Being frozen: a run has been told to stop and has not acknowledged its end.
    case disabling
    /// Frozen: no AWS call is made for it.
    case disabled
    /// Being purged from all services.
    case deleting

    public static let names = EnumNames(
        "parapet.account.v1.AccountState", prefix: "ACCOUNT_STATE_",
        "UNSPECIFIED", "DRAFT", "ENABLED", "DISABLING", "DISABLED", "DELETING")
}

/// Account is an AWS account as Parapet knows it. It never holds the external ID.
public struct Account: Message {
    public static let protoName = "parapet.account.v1.Account"

    /// Opaque and stable.
    public var id = ""
    /// Unique without regard to case.
    public var name = ""
    /// Where the account is in its life.
    public var state = AccountState.unspecified
    /// The 12 digits of the AWS account, from the role's ARN; empty before a role is known.
    public var awsAccountId = ""
    /// The partition of the role's ARN: aws, aws-us-gov, aws-cn or aws-eusc; empty before a role is known.
    public var partition = ""
    /// The role that is assumed.
    public var roleArn = ""
    /// Which regions are collected.
    public var regions: RegionSelection?
    /// When it is synced by itself.
    public var schedule: SyncSchedule?
    /// Revision of role and external ID in use; grows by one with each change that passed its test.
    public var revision: Int64 = 0
    /// A changed role or external ID that has not passed its test yet; absent when there is none.
    public var candidate: ConnectionCandidate?
    /// The last test of the connection in use; absent before the first.
    public var lastTest: ConnectionTest?
    /// When the account was created.
    public var createTime: Timestamp?
    /// When it was changed last.
    public var updateTime: Timestamp?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.string(2, "name", &name)
        try visitor.enumeration(3, "state", &state)
        try visitor.string(4, "aws_account_id", &awsAccountId)
        try visitor.string(5, "partition", &partition)
        try visitor.string(6, "role_arn", &roleArn)
        try visitor.message(7, "regions", &regions)
        try visitor.message(8, "schedule", &schedule)
        try visitor.int64(9, "revision", &revision)
        try visitor.message(10, "candidate", &candidate)
        try visitor.message(11, "last_test", &lastTest)
        try visitor.message(12, "create_time", &createTime)
        try visitor.message(13, "update_time", &updateTime)
    }
}

/// ConnectionCandidate is a connection that waits for its test.
public struct ConnectionCandidate: Message {
    public static let protoName = "parapet.account.v1.ConnectionCandidate"

    /// Its revision; TestConnection with success makes it the one in use.
    public var revision: Int64 = 0
    /// The role to be used.
    public var roleArn = ""
    /// Whether the external ID changes too.
    public var externalIdChanged = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "revision", &revision)
        try visitor.string(2, "role_arn", &roleArn)
        try visitor.bool(3, "external_id_changed", &externalIdChanged)
    }
}

/// SyncSchedule says when an account is synced by itself.
public struct SyncSchedule: Message {
    public static let protoName = "parapet.account.v1.SyncSchedule"

    /// Hours between two syncs, 1 to 168; 0: 24. Up to a tenth of it is added at random.
    public var everyHours: Int32 = 0
    /// No sync by itself: only by command or after a change.
    public var off = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "every_hours", &everyHours)
        try visitor.bool(2, "off", &off)
    }
}
