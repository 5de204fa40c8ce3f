public import Wire

/// CreateAccountRequest names a new account.
public struct CreateAccountRequest: Message {
    public static let protoName = "parapet.account.v1.CreateAccountRequest"

    /// 1 to 64 characters: letters, digits, space, `.`, `_`, `-`; no space at either end, and not in the form of an
    /// account's id; unique without regard to case.
    public var name = ""
    /// 2 to 1,224 characters of letters, digits and `_+=,.@:/-`; empty: one is generated with 160 random bits. It
    /// is stored encrypted, and given out by GetRoleTemplate alone.
    public var externalId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.string(2, "external_id", &externalId)
    }
}

/// CreateAccountResponse returns the draft.
public struct CreateAccountResponse: Message {
    public static let protoName = "parapet.account.v1.CreateAccountResponse"

    /// The new account, in state draft.
    public var account: Account?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
    }
}

/// UpdateAccountRequest changes an account.
public struct UpdateAccountRequest: Message {
    public static let protoName = "parapet.account.v1.UpdateAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    /// The fields to change: `name`, `role_arn`, `external_id`, `regions`, `schedule`. An empty mask or another
    /// path is INVALID_ARGUMENT.
    public var updateMask: FieldMask?
    /// As in CreateAccountRequest.
    public var name = ""
    /// ARN of an IAM role: arn:PARTITION:iam::ACCOUNT:role/NAME, at most 2,048 characters.
    public var roleArn = ""
    /// As in CreateAccountRequest, but not empty.
    public var externalId = ""
    /// Which regions are collected.
    public var regions: RegionSelection?
    /// When the account is synced by itself.
    public var schedule: SyncSchedule?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.message(2, "update_mask", &updateMask)
        try visitor.string(3, "name", &name)
        try visitor.string(4, "role_arn", &roleArn)
        try visitor.string(5, "external_id", &externalId)
        try visitor.message(6, "regions", &regions)
        try visitor.message(7, "schedule", &schedule)
    }
}

/// UpdateAccountResponse returns the account as it is now.
public struct UpdateAccountResponse: Message {
    public static let protoName = "parapet.account.v1.UpdateAccountResponse"

    /// The account after the change.
    public var account: Account?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
    }
}

/// DeleteAccountRequest names an account.
public struct DeleteAccountRequest: Message {
    public static let protoName = "parapet.account.v1.DeleteAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// DeleteAccountResponse says what is left to do in AWS.
public struct DeleteAccountResponse: Message {
    public static let protoName = "parapet.account.v1.DeleteAccountResponse"

    /// The account, in state deleting; GetAccount answers NOT_FOUND once all services have purged it.
    public var account: Account?
    /// How to remove the role, one step a line, for each form in which it may have been created.
    public var roleRemovalSteps: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
        try visitor.repeated(2, "role_removal_steps", &roleRemovalSteps)
    }
}
