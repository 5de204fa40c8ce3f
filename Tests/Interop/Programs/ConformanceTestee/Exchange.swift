import JSON
import Wire

/// `conformance.ConformanceRequest` of protobuf's conformance suite, as far as a testee of bytes and JSON needs it.
struct ConformanceRequest: Message {
    static let protoName = "conformance.ConformanceRequest"

    var protobufPayload: [UInt8]?
    var jsonPayload: String?
    var requestedOutputFormat: Int32 = 0
    var messageType = ""
    var testCategory: Int32 = 0
    var unknownFields = UnknownFields()

    init() {}

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalBytes(1, "protobuf_payload", &protobufPayload)
        try visitor.optionalString(2, "json_payload", &jsonPayload)
        try visitor.int32(3, "requested_output_format", &requestedOutputFormat)
        try visitor.string(4, "message_type", &messageType)
        try visitor.int32(5, "test_category", &testCategory)
    }
}

/// `conformance.ConformanceResponse`; one field is set.
struct ConformanceResponse: Message {
    static let protoName = "conformance.ConformanceResponse"

    var parseError: String?
    var runtimeError: String?
    var protobufPayload: [UInt8]?
    var jsonPayload: String?
    var skipped: String?
    var serializeError: String?
    var unknownFields = UnknownFields()

    init() {}

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "parse_error", &parseError)
        try visitor.optionalString(2, "runtime_error", &runtimeError)
        try visitor.optionalBytes(3, "protobuf_payload", &protobufPayload)
        try visitor.optionalString(4, "json_payload", &jsonPayload)
        try visitor.optionalString(5, "skipped", &skipped)
        try visitor.optionalString(6, "serialize_error", &serializeError)
    }
}

/// Answers requests of the suite with dynamic messages.
struct Testee {
    let pool: DescriptorPool

    private static let binary: Int32 = 1
    private static let json: Int32 = 2
    private static let ignoringUnknownNames: Int32 = 3

    func answer(_ request: ConformanceRequest) -> ConformanceResponse {
        // The first question: which tests are known to fail. None.
        if request.messageType == "conformance.FailureSet" { return .with { $0.protobufPayload = [] } }
        guard [Self.binary, Self.json].contains(request.requestedOutputFormat) else {
            return .with { $0.skipped = "neither bytes nor JSON asked for" }
        }
        do {
            guard let message = try parse(request) else { return .with { $0.skipped = "neither bytes nor JSON given" } }
            return write(message, as: request.requestedOutputFormat)
        } catch {
            return .with { $0.parseError = "\(error)" }
        }
    }

    private func parse(_ request: ConformanceRequest) throws -> DynamicMessage? {
        if let bytes = request.protobufPayload {
            return try DynamicMessage(request.messageType, in: pool, decoding: bytes)
        }
        guard let text = request.jsonPayload else { return nil }
        return try DynamicMessage(
            request.messageType, in: pool, json: try JSONValue(parsing: text),
            ignoresUnknownNames: request.testCategory == Self.ignoringUnknownNames)
    }

    private func write(_ message: DynamicMessage, as format: Int32) -> ConformanceResponse {
        if format == Self.binary { return .with { $0.protobufPayload = message.encoded() } }
        do {
            let text = try message.jsonValue().text()
            return .with { $0.jsonPayload = text }
        } catch {
            return .with { $0.serializeError = "\(error)" }
        }
    }
}
