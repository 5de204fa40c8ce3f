public import Wire

/// GetPermissionsRequest says what is wanted.
public struct GetPermissionsRequest: Message {
    public static let protoName = "parapet.sync.v1.GetPermissionsRequest"

    /// Ask AWS which identity assumes roles. Without it no call is made.
    public var includePrincipal = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bool(1, "include_principal", &includePrincipal)
    }
}

/// GetPermissionsResponse holds policies and identity.
public struct GetPermissionsResponse: Message {
    public static let protoName = "parapet.sync.v1.GetPermissionsResponse"

    /// IAM policy document: what the catalogue needs beyond AWS's managed policy SecurityAudit; empty when it needs
    /// nothing beyond it.
    public var customPolicy = ""
    /// IAM policy document with exactly the actions that the catalogue calls.
    public var minimalPolicy = ""
    /// The version of SecurityAudit that the custom policy was computed with.
    public var securityAuditVersion = ""
    /// The sync service's own identity as a principal for trust policies; empty unless asked for.
    public var principalArn = ""
    /// Why the identity could not be told; empty when it could.
    public var principalError = ""
    /// What SecurityAudit lets the role read though Parapet never does.
    public var notices: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "custom_policy", &customPolicy)
        try visitor.string(2, "minimal_policy", &minimalPolicy)
        try visitor.string(3, "security_audit_version", &securityAuditVersion)
        try visitor.string(4, "principal_arn", &principalArn)
        try visitor.string(5, "principal_error", &principalError)
        try visitor.repeated(6, "notices", &notices)
    }
}
