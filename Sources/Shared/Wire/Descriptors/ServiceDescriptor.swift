/// `google.protobuf.ServiceDescriptorProto`.
public struct ServiceDescriptorProto: Message {
    public static let protoName = "google.protobuf.ServiceDescriptorProto"

    public var name: String?
    public var method: [MethodDescriptorProto] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.repeated(2, "method", &method)
    }
}

/// `google.protobuf.MethodDescriptorProto`.
public struct MethodDescriptorProto: Message {
    public static let protoName = "google.protobuf.MethodDescriptorProto"

    public var name: String?
    /// Full name of the request's message, with a leading point.
    public var inputType: String?
    /// Full name of the response's message, with a leading point.
    public var outputType: String?
    public var options: MethodOptions?
    public var clientStreaming: Bool?
    public var serverStreaming: Bool?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.optionalString(2, "input_type", &inputType)
        try visitor.optionalString(3, "output_type", &outputType)
        try visitor.message(4, "options", &options)
        try visitor.optionalBool(5, "client_streaming", &clientStreaming)
        try visitor.optionalBool(6, "server_streaming", &serverStreaming)
    }
}

/// `google.protobuf.MethodOptions`: all of them, extensions included, are in ``unknownFields``.
public struct MethodOptions: Message {
    public static let protoName = "google.protobuf.MethodOptions"

    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_: inout V) throws(WireError) {}
}
