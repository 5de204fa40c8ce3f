import Wire

/// How details cross the wire: a `google.rpc.Status` in `grpc-status-details-bin`, each detail in an `Any` (gRPC's richer
/// error model, grpc.io/docs/guides/error).
extension RPCError {
    /// Longer details are left out: many peers take 8 KiB of header list, and the code and message must arrive.
    private static let detailsLimitBytes = 4096

    /// The status as the header's value before base64; nil without details, or when they are too long to send.
    func encodedStatus() -> [UInt8]? {
        guard !details.isEmpty else { return nil }
        var status = StatusMessage()
        status.code = code.rawValue
        status.message = String(message.prefix(1024))
        status.details = details.map(AnyMessage.init)
        let bytes = status.encoded()
        return bytes.count <= Self.detailsLimitBytes ? bytes : nil
    }

    /// The details in a header's value after base64; none when it cannot be read, or speaks of another code.
    static func details(in bytes: [UInt8], code: StatusCode) -> [StatusDetail] {
        guard let status = try? StatusMessage(decoding: bytes), status.code == code.rawValue else { return [] }
        return status.details.map(StatusDetail.init)
    }
}

extension AnyMessage {
    init(_ detail: StatusDetail) {
        switch detail {
        case .badRequest(let violations):
            var message = BadRequestMessage()
            message.violations = violations.map {
                var violation = FieldViolationMessage()
                violation.field = $0.field
                violation.text = $0.description
                return violation
            }
            self.init(message)
        case .errorInfo(let info):
            var message = ErrorInfoMessage()
            message.reason = info.reason
            message.domain = info.domain
            message.metadata = info.metadata
            self.init(message)
        case .retryInfo(let delay):
            var message = RetryInfoMessage()
            message.delay = DurationMessage(delay)
            self.init(message)
        case .other(let typeURL, let value):
            self.init()
            self.typeURL = typeURL
            self.value = value
        }
    }

    private init<M: Message>(_ message: M) {
        typeURL = "type.googleapis.com/\(M.protoName)"
        value = message.encoded()
    }
}

extension StatusDetail {
    /// By the last part of the type's URL; what is not known or cannot be read stays as it came.
    init(_ any: AnyMessage) {
        let name = any.typeURL.split(separator: "/").last.map(String.init) ?? ""
        if name == BadRequestMessage.protoName, let read = try? BadRequestMessage(decoding: any.value) {
            self = .badRequest(read.violations.map { FieldViolation(field: $0.field, description: $0.text) })
        } else if name == ErrorInfoMessage.protoName, let read = try? ErrorInfoMessage(decoding: any.value) {
            self = .errorInfo(ErrorInfo(reason: read.reason, domain: read.domain, metadata: read.metadata))
        } else if name == RetryInfoMessage.protoName, let read = try? RetryInfoMessage(decoding: any.value) {
            self = .retryInfo(delay: (read.delay ?? DurationMessage()).duration)
        } else {
            self = .other(typeURL: any.typeURL, value: any.value)
        }
    }
}

extension DurationMessage {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.seconds = seconds
        nanos = Int32(truncatingIfNeeded: attoseconds / 1_000_000_000)
    }

    var duration: Duration { .seconds(seconds) + .nanoseconds(Int64(nanos)) }
}
