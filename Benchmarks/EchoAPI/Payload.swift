public import Wire

/// What is echoed.
public struct Payload: Message {
    public static let protoName = "bench.Payload"
    public var data: [UInt8] = []
    public var id: Int64 = 0
    public var name = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bytes(1, "data", &data)
        try visitor.int64(2, "id", &id)
        try visitor.string(3, "name", &name)
    }
}

/// Asks for `count` messages of `size` bytes.
public struct StreamRequest: Message {
    public static let protoName = "bench.StreamRequest"
    public var count: Int64 = 0
    public var size: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "count", &count)
        try visitor.int32(2, "size", &size)
    }
}
