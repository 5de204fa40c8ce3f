public import Wire

/// What a person or a program may do. Each role may do what the roles before it may.
public enum AccessRole: Int32, ProtoEnum {
    /// No person may call the RPC.
    case unspecified = 0
    /// Reads everything but secrets.
    case viewer
    /// Starts and cancels syncs, tests connections, works on alerts.
    case `operator`
    /// Changes accounts and reads role templates, which carry the external ID.
    case admin

    public static let names = EnumNames(
        "parapet.access.v1.Role", prefix: "ROLE_",
        "UNSPECIFIED", "VIEWER", "OPERATOR", "ADMIN")
}

/// Access names everybody who may call an RPC.
public struct Access: Message {
    public static let protoName = "parapet.access.v1.Access"

    /// The lowest role of a person that may call; unspecified: no person may.
    public var role = AccessRole.unspecified
    /// Services that may call, by the last part of the URI in their certificate: "sync-service" for
    /// spiffe://parapet/sync-service.
    public var services: [String] = []
    /// Anyone may call, without credentials.
    public var open = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.enumeration(1, "role", &role)
        try visitor.repeated(2, "services", &services)
        try visitor.bool(3, "open", &open)
    }
}
