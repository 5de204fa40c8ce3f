import Wire

// The messages of google/rpc/status.proto and error_details.proto that cross the wire in `grpc-status-details-bin`.

struct StatusMessage: Message {
    static let protoName = "google.rpc.Status"
    var code: Int32 = 0
    var message = ""
    var details: [AnyMessage] = []
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "code", &code)
        try visitor.string(2, "message", &message)
        try visitor.repeated(3, "details", &details)
    }
}

struct AnyMessage: Message {
    static let protoName = "google.protobuf.Any"
    var typeURL = ""
    var value: [UInt8] = []
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "type_url", &typeURL)
        try visitor.bytes(2, "value", &value)
    }
}

struct BadRequestMessage: Message {
    static let protoName = "google.rpc.BadRequest"
    var violations: [FieldViolationMessage] = []
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "field_violations", &violations)
    }
}

struct FieldViolationMessage: Message {
    static let protoName = "google.rpc.BadRequest.FieldViolation"
    var field = ""
    var text = ""
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "field", &field)
        try visitor.string(2, "description", &text)
    }
}

struct ErrorInfoMessage: Message {
    static let protoName = "google.rpc.ErrorInfo"
    var reason = ""
    var domain = ""
    var metadata: [String: String] = [:]
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "reason", &reason)
        try visitor.string(2, "domain", &domain)
        try visitor.map(3, "metadata", &metadata)
    }
}

struct RetryInfoMessage: Message {
    static let protoName = "google.rpc.RetryInfo"
    var delay: DurationMessage?
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "retry_delay", &delay)
    }
}

struct DurationMessage: Message {
    static let protoName = "google.protobuf.Duration"
    var seconds: Int64 = 0
    var nanos: Int32 = 0
    var unknownFields = UnknownFields()

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "seconds", &seconds)
        try visitor.int32(2, "nanos", &nanos)
    }
}
