public import Wire

/// `grpc.testing.SimpleRequest`: what one response shall be like.
public struct SimpleRequest: Message {
    public static let protoName = "grpc.testing.SimpleRequest"
    /// `PayloadType` as its number, so that one that is not known can be refused.
    public var responseType: Int32 = 0
    public var responseSize: Int32 = 0
    public var payload: Payload?
    public var fillUsername = false
    public var fillOauthScope = false
    public var responseCompressed: BoolValue?
    public var responseStatus: EchoStatus?
    public var expectCompressed: BoolValue?
    public var fillServerID = false
    public var fillRouteType = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "response_type", &responseType)
        try visitor.int32(2, "response_size", &responseSize)
        try visitor.message(3, "payload", &payload)
        try visitor.bool(4, "fill_username", &fillUsername)
        try visitor.bool(5, "fill_oauth_scope", &fillOauthScope)
        try visitor.message(6, "response_compressed", &responseCompressed)
        try visitor.message(7, "response_status", &responseStatus)
        try visitor.message(8, "expect_compressed", &expectCompressed)
        try visitor.bool(9, "fill_server_id", &fillServerID)
        try visitor.bool(10, "fill_grpclb_route_type", &fillRouteType)
    }
}

/// `grpc.testing.SimpleResponse`.
public struct SimpleResponse: Message {
    public static let protoName = "grpc.testing.SimpleResponse"
    public var payload: Payload?
    public var username = ""
    public var oauthScope = ""
    public var serverID = ""
    /// `GrpclbRouteType` as its number; 0 where no balancer is used.
    public var routeType: Int32 = 0
    public var hostname = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "payload", &payload)
        try visitor.string(2, "username", &username)
        try visitor.string(3, "oauth_scope", &oauthScope)
        try visitor.string(4, "server_id", &serverID)
        try visitor.int32(5, "grpclb_route_type", &routeType)
        try visitor.string(6, "hostname", &hostname)
    }
}
