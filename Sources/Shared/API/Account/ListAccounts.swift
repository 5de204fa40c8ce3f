public import Wire

/// GetAccountRequest names an account.
public struct GetAccountRequest: Message {
    public static let protoName = "parapet.account.v1.GetAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// GetAccountResponse returns it.
public struct GetAccountResponse: Message {
    public static let protoName = "parapet.account.v1.GetAccountResponse"

    /// The account.
    public var account: Account?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
    }
}

/// ListAccountsRequest asks for a page.
public struct ListAccountsRequest: Message {
    public static let protoName = "parapet.account.v1.ListAccountsRequest"

    /// 1 to 500; 0: 50.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same filter; empty: the first page.
    public var pageToken = ""
    /// Only accounts in this state; unspecified: all.
    public var state = AccountState.unspecified
    /// Only accounts whose name contains this text, without regard to case.
    public var nameContains = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "page_size", &pageSize)
        try visitor.string(2, "page_token", &pageToken)
        try visitor.enumeration(3, "state", &state)
        try visitor.string(4, "name_contains", &nameContains)
    }
}

/// ListAccountsResponse is a page.
public struct ListAccountsResponse: Message {
    public static let protoName = "parapet.account.v1.ListAccountsResponse"

    /// Ordered by name.
    public var accounts: [Account] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "accounts", &accounts)
        try visitor.string(2, "next_page_token", &nextPageToken)
    }
}
