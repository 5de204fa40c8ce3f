import CXML2
import JSON

/// Reads AWS's errors out of replies, in whichever form they come: each protocol's own, XML from a JSON service, and
/// what is no error of AWS at all (an HTML page of a proxy, an empty body).
enum ErrorReader {
    /// Codes by which services ask to slow down, as the SDKs' standard mode has them.
    static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]

    static func read(head: HTTPResponseHead, body: [UInt8], model: ServiceModel) -> AWSError {
        guard let found = fields(head, body, model.wireProtocol) ?? redirect(head) else {
            return AWSError(
                .malformed(foreign(head, body)), requestID: head.requestID, isTransient: head.status >= 500)
        }
        let code = clean(found.code)
        let isThrottle =
            throttlingCodes.contains(code) || model.throttlingCodes.contains(code) || head.status == 429
        var error = AWSError(
            isThrottle
                ? .throttled(code: code, message: found.message, httpStatus: head.status)
                : .service(code: code, message: found.message, httpStatus: head.status),
            requestID: found.requestID ?? head.requestID)
        error.serverTime = head.header("date").flatMap(ScalarText.httpDate)
        error.bucketRegion = head.header("x-amz-bucket-region") ?? found.region
        return error
    }

    private struct Fields {
        var code: String
        var message: String
        var requestID: String?
        var region: String?
    }

    private static func fields(
        _ head: HTTPResponseHead, _ body: [UInt8], _ wire: ServiceModel.WireProtocol
    ) -> Fields? {
        let first = body.first { $0 > 0x20 }
        var found = first == UInt8(ascii: "<") ? xml(body) : first == UInt8(ascii: "{") ? json(body, wire) : nil
        if let header = head.header("x-amzn-errortype"), !header.isEmpty {
            // A REST service names the code here and gives the message in the body, if at all.
            found = Fields(
                code: header, message: found?.message ?? head.header("x-amzn-error-message") ?? message(body),
                requestID: found?.requestID)
        }
        if found == nil, let query = head.header("x-amzn-query-error")?.prefix(while: { $0 != ";" }), !query.isEmpty {
            // The code of the query protocol, which the service spoke before.
            found = Fields(code: String(query), message: message(body))
        }
        return found
    }

    /// S3 may send one without a body.
    private static func redirect(_ head: HTTPResponseHead) -> Fields? {
        guard [301, 302, 307].contains(head.status), let region = head.header("x-amz-bucket-region") else { return nil }
        return Fields(code: "PermanentRedirect", message: "the bucket is in \(region)")
    }

    private static func json(_ body: [UInt8], _ wire: ServiceModel.WireProtocol) -> Fields? {
        guard let value = try? JSONValue(parsing: body), let object = value.object else { return nil }
        func first(_ names: String...) -> String? { names.lazy.compactMap { object[$0]?.string }.first }
        let type = first("__type")
        let code = first("code", "Code")
        let found = wire == .restJSON ? code ?? type : type ?? code
        guard let code = found ?? first("errorCode") ?? object["Error"]?["Code"]?.string else { return nil }
        return Fields(code: code, message: message(object) ?? "")
    }

    /// Where the code stands in the head: what is no object of JSON is the message itself.
    private static func message(_ body: [UInt8]) -> String {
        if let object = (try? JSONValue(parsing: body))?.object { return message(object) ?? "" }
        return String(String(decoding: body, as: UTF8.self).prefix(500))
    }

    private static func message(_ object: JSONObject) -> String? {
        let names = ["message", "Message", "errorMessage"]
        return names.lazy.compactMap { object[$0]?.string }.first ?? object["Error"]?["Message"]?.string
    }

    private static func xml(_ body: [UInt8]) -> Fields? {
        guard let texts = XMLTexts.read(body), let code = texts.first["Code"], !code.isEmpty,
            ["Error", "ErrorResponse", "Response"].contains(texts.root)
        else { return nil }
        return Fields(
            code: code, message: texts.first["Message"] ?? "",
            requestID: texts.first["RequestId"] ?? texts.first["RequestID"], region: texts.first["Region"])
    }

    /// Without what follows `:`, and then without the namespace before `#`.
    static func clean(_ code: String) -> String {
        let text = code.prefix { $0 != ":" }
        guard let hash = text.lastIndex(of: "#") else { return String(text) }
        return String(text[text.index(after: hash)...])
    }

    private static func foreign(_ head: HTTPResponseHead, _ body: [UInt8]) -> String {
        if body.isEmpty { return "HTTP \(head.status) without an error in its body" }
        let type = head.header("content-type").map { " (\($0))" } ?? ""
        return "HTTP \(head.status) with a body that is no error of AWS\(type)"
    }
}

/// The texts of a small XML document by their elements' names, each name's first.
final class XMLTexts {
    private(set) var root = ""
    private(set) var first: [String: String] = [:]
    private var open: [String] = []
    private var text: [UInt8] = []

    /// Nil for what is not well-formed, or has a document type.
    static func read(_ body: [UInt8]) -> XMLTexts? {
        let texts = XMLTexts()
        var handlers = xmlSAXHandler()
        handlers.initialized = UInt32(XML_SAX2_MAGIC)
        handlers.startElementNs = { context, name, _, _, _, _, _, _, _ in
            guard let name else { return }
            XMLTexts.of(context)?.start(String(cString: name))
        }
        handlers.endElementNs = { context, _, _, _ in XMLTexts.of(context)?.end() }
        handlers.characters = { context, text, count in
            XMLTexts.of(context)?.text.append(contentsOf: UnsafeBufferPointer(start: text, count: Int(count)))
        }
        handlers.serror = { _, _ in }
        let context = Unmanaged.passUnretained(texts).toOpaque()
        guard let parser = xmlCreatePushParserCtxt(&handlers, context, nil, 0, nil) else { return nil }
        defer {
            xmlFreeDoc(parser.pointee.myDoc)
            xmlFreeParserCtxt(parser)
        }
        _ = body.withUnsafeBytes {
            xmlParseChunk(parser, $0.bindMemory(to: CChar.self).baseAddress, Int32(clamping: $0.count), 1)
        }
        return parser.pointee.wellFormed == 1 && texts.open.isEmpty && !texts.root.isEmpty ? texts : nil
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLTexts? {
        context.map { Unmanaged<XMLTexts>.fromOpaque($0).takeUnretainedValue() }
    }

    private func start(_ name: String) {
        if open.isEmpty { root = name }
        open.append(name)
        text.removeAll()
    }

    private func end() {
        guard let name = open.popLast() else { return }
        if first[name] == nil { first[name] = ScalarText.trim(String(decoding: text, as: UTF8.self)) }
        text.removeAll()
    }
}
