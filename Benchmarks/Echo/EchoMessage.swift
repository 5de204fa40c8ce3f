import Wire

/// What the echo program is called with, and answers.
struct EchoMessage: Message {
    static let protoName = "parapet.bench.v1.EchoMessage"
    var text = ""
    var number: Int64 = 0
    var payload: [UInt8] = []
    var unknownFields = UnknownFields()

    init() {}

    @inlinable @inline(__always)
    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "text", &text)
        try visitor.int64(2, "number", &number)
        try visitor.bytes(3, "payload", &payload)
    }
}
