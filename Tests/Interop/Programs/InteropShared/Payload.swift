public import Wire

/// `grpc.testing.Empty`.
public struct Empty: Message {
    public static let protoName = "grpc.testing.Empty"
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {}
}

/// `grpc.testing.BoolValue`: a truth value that may be absent.
public struct BoolValue: Message {
    public static let protoName = "grpc.testing.BoolValue"
    public var value = false
    public var unknownFields = UnknownFields()

    public init() {}
    public init(_ value: Bool) { self.value = value }

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bool(1, "value", &value)
    }
}

/// `grpc.testing.Payload`: bytes, to give a message its size.
public struct Payload: Message {
    public static let protoName = "grpc.testing.Payload"
    /// `PayloadType` as its number: 0 is COMPRESSABLE, the only one there is.
    public var type: Int32 = 0
    public var body: [UInt8] = []
    public var unknownFields = UnknownFields()

    public init() {}

    /// `size` zeros.
    public init(size: Int) { body = [UInt8](repeating: 0, count: size) }

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "type", &type)
        try visitor.bytes(2, "body", &body)
    }
}

/// `grpc.testing.EchoStatus`: the status that the server shall end the call with.
public struct EchoStatus: Message {
    public static let protoName = "grpc.testing.EchoStatus"
    public var code: Int32 = 0
    public var message = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "code", &code)
        try visitor.string(2, "message", &message)
    }
}
