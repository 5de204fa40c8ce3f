import Wire

/// `conformance.v1.EchoRequest`.
struct EchoRequest: Message {
    static let protoName = "conformance.v1.EchoRequest"
    var text = ""
    var data: [UInt8] = []
    var id: Int64 = 0
    /// At most one: a struct cannot hold itself.
    private var children: [EchoRequest] = []
    /// `map<string, EchoRequest>`: on the wire a map is a list of its entries (protobuf's encoding document).
    var byName: [EchoRequestEntry] = []
    var statusMessage = ""
    var sleepMilliseconds: Int32 = 0
    var numbers: [Int32] = []
    var unknownFields = UnknownFields()

    init() {}

    var child: EchoRequest? {
        get { children.first }
        set { children = newValue.map { [$0] } ?? [] }
    }

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "text", &text)
        try visitor.bytes(2, "data", &data)
        try visitor.int64(3, "id", &id)
        try visitor.message(4, "child", &child)
        try visitor.repeated(5, "by_name", &byName)
        try visitor.string(6, "status_message", &statusMessage)
        try visitor.int32(7, "sleep_ms", &sleepMilliseconds)
        try visitor.repeated(8, "numbers", &numbers)
    }
}

/// One entry of `by_name`.
struct EchoRequestEntry: Message {
    static let protoName = "conformance.v1.EchoRequest.ByNameEntry"
    var key = ""
    var value: EchoRequest?
    var unknownFields = UnknownFields()

    init() {}

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "key", &key)
        try visitor.message(2, "value", &value)
    }
}
