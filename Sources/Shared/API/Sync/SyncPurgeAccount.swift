public import Wire

/// SyncPurgeAccountRequest names an account.
public struct SyncPurgeAccountRequest: Message {
    public static let protoName = "parapet.sync.v1.PurgeAccountRequest"

    /// Id of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// SyncPurgeAccountResponse counts.
public struct SyncPurgeAccountResponse: Message {
    public static let protoName = "parapet.sync.v1.PurgeAccountResponse"

    /// Assets deleted.
    public var assets: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "assets", &assets)
    }
}
