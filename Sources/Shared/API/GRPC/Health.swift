public import Wire

/// HealthCheckRequest names a service; empty: the server.
public struct HealthCheckRequest: Message {
    public static let protoName = "grpc.health.v1.HealthCheckRequest"

    /// Full name of the service.
    public var service = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "service", &service)
    }
}

/// HealthCheckResponse is a service's state.
public struct HealthCheckResponse: Message {
    public static let protoName = "grpc.health.v1.HealthCheckResponse"

    /// The state.
    public var status = ServingStatus.unknown
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.enumeration(1, "status", &status)
    }

    /// The states.
    public enum ServingStatus: Int32, ProtoEnum {
        /// Not known.
        case unknown = 0
        /// Answers calls.
        case serving
        /// Does not.
        case notServing
        /// Watch only: no such service.
        case serviceUnknown

        public static let names = EnumNames(
            "grpc.health.v1.HealthCheckResponse.ServingStatus", prefix: "",
            "UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN")
    }
}
