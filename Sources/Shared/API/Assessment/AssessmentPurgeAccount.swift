public import Wire

/// AssessmentPurgeAccountRequest names an account.
public struct AssessmentPurgeAccountRequest: Message {
    public static let protoName = "parapet.assessment.v1.PurgeAccountRequest"

    /// Id of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// AssessmentPurgeAccountResponse counts.
public struct AssessmentPurgeAccountResponse: Message {
    public static let protoName = "parapet.assessment.v1.PurgeAccountResponse"

    /// Findings deleted.
    public var findings: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "findings", &findings)
    }
}
