public import Wire

/// EnableAccountRequest names an account.
public struct EnableAccountRequest: Message {
    public static let protoName = "parapet.account.v1.EnableAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// EnableAccountResponse returns the account.
public struct EnableAccountResponse: Message {
    public static let protoName = "parapet.account.v1.EnableAccountResponse"

    /// The account, in state enabled.
    public var account: Account?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
    }
}

/// DisableAccountRequest names an account.
public struct DisableAccountRequest: Message {
    public static let protoName = "parapet.account.v1.DisableAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// DisableAccountResponse returns the account.
public struct DisableAccountResponse: Message {
    public static let protoName = "parapet.account.v1.DisableAccountResponse"

    /// The account, in state disabling or disabled.
    public var account: Account?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
    }
}
