public import Wire

/// `grpc.testing.StreamingInputCallRequest`.
public struct StreamingInputCallRequest: Message {
    public static let protoName = "grpc.testing.StreamingInputCallRequest"
    public var payload: Payload?
    public var expectCompressed: BoolValue?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "payload", &payload)
        try visitor.message(2, "expect_compressed", &expectCompressed)
    }
}

/// `grpc.testing.StreamingInputCallResponse`: how many bytes all payloads had together.
public struct StreamingInputCallResponse: Message {
    public static let protoName = "grpc.testing.StreamingInputCallResponse"
    public var aggregatedPayloadSize: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "aggregated_payload_size", &aggregatedPayloadSize)
    }
}

/// `grpc.testing.ResponseParameters`: what one response of a stream shall be like.
public struct ResponseParameters: Message {
    public static let protoName = "grpc.testing.ResponseParameters"
    public var size: Int32 = 0
    /// To wait before the response, after the one before it.
    public var intervalMicroseconds: Int32 = 0
    public var compressed: BoolValue?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "size", &size)
        try visitor.int32(2, "interval_us", &intervalMicroseconds)
        try visitor.message(3, "compressed", &compressed)
    }
}

/// `grpc.testing.StreamingOutputCallRequest`: the responses that are wanted.
public struct StreamingOutputCallRequest: Message {
    public static let protoName = "grpc.testing.StreamingOutputCallRequest"
    /// `PayloadType` as its number, so that one that is not known can be refused.
    public var responseType: Int32 = 0
    public var responseParameters: [ResponseParameters] = []
    public var payload: Payload?
    public var responseStatus: EchoStatus?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "response_type", &responseType)
        try visitor.repeated(2, "response_parameters", &responseParameters)
        try visitor.message(3, "payload", &payload)
        try visitor.message(7, "response_status", &responseStatus)
    }
}

/// `grpc.testing.StreamingOutputCallResponse`.
public struct StreamingOutputCallResponse: Message {
    public static let protoName = "grpc.testing.StreamingOutputCallResponse"
    public var payload: Payload?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "payload", &payload)
    }
}
