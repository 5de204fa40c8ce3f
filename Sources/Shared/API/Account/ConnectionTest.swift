public import Wire

/// What a check of the connection found.
public enum CheckOutcome: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// As it should be.
    case passed
    /// Worth mending, and no obstacle.
    case warning
    /// The account cannot be connected like this.
    case failed
    /// Could not be told, for instance because AWS throttled the question.
    case unknown

    public static let names = EnumNames(
        "parapet.account.v1.CheckOutcome", prefix: "CHECK_OUTCOME_",
        "UNSPECIFIED", "PASSED", "WARNING", "FAILED", "UNKNOWN")
}

/// ConnectionCheck is one question put to AWS.
public struct ConnectionCheck: Message {
    public static let protoName = "parapet.account.v1.ConnectionCheck"

    /// `assume_role`, `external_id_omitted`, `external_id_wrong` or `account_id`.
    public var name = ""
    /// What was found.
    public var outcome = CheckOutcome.unspecified
    /// What it means and, where something is to be done, what; AWS's own words where AWS spoke.
    public var message = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.enumeration(2, "outcome", &outcome)
        try visitor.string(3, "message", &message)
    }
}

/// ConnectionTest is the result of a test.
public struct ConnectionTest: Message {
    public static let protoName = "parapet.account.v1.ConnectionTest"

    /// True when no check failed.
    public var passed = false
    /// In the order in which they were made.
    public var checks: [ConnectionCheck] = []
    /// The account that the assumed role belongs to, 12 digits; empty when it could not be assumed.
    public var awsAccountId = ""
    /// The identity that assumed the role.
    public var principalArn = ""
    /// When the test ended.
    public var time: Timestamp?
    /// The revision of the connection that was tested.
    public var revision: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bool(1, "passed", &passed)
        try visitor.repeated(2, "checks", &checks)
        try visitor.string(3, "aws_account_id", &awsAccountId)
        try visitor.string(4, "principal_arn", &principalArn)
        try visitor.message(5, "time", &time)
        try visitor.int64(6, "revision", &revision)
    }
}

/// TestConnectionRequest says what to test.
public struct TestConnectionRequest: Message {
    public static let protoName = "parapet.account.v1.TestConnectionRequest"

    /// Id or name of the account.
    public var accountId = ""
    /// A role to store in a draft (or as the candidate of a connected account) and test; empty: the role that is
    /// stored.
    public var roleArn = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "role_arn", &roleArn)
    }
}

/// TestConnectionResponse is a step of the test or, as the last message, its result.
public struct TestConnectionResponse: Message {
    public static let protoName = "parapet.account.v1.TestConnectionResponse"

    /// What is being done, for a person; empty in the last message.
    public var progress = ""
    /// Set in the last message only.
    public var result: ConnectionTest?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "progress", &progress)
        try visitor.message(2, "result", &result)
    }
}

/// ConnectAccountRequest saves a tested connection.
public struct ConnectAccountRequest: Message {
    public static let protoName = "parapet.account.v1.ConnectAccountRequest"

    /// Id or name of a draft account.
    public var accountId = ""
    /// ARN of the role; empty: the one that is stored.
    public var roleArn = ""
    /// Which regions are collected; absent: as the draft has it, which is all unless it was updated.
    public var regions: RegionSelection?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "role_arn", &roleArn)
        try visitor.message(3, "regions", &regions)
    }
}

/// ConnectAccountResponse returns the connected account.
public struct ConnectAccountResponse: Message {
    public static let protoName = "parapet.account.v1.ConnectAccountResponse"

    /// The account, in state enabled.
    public var account: Account?
    /// The test that it passed.
    public var test: ConnectionTest?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
        try visitor.message(2, "test", &test)
    }
}
