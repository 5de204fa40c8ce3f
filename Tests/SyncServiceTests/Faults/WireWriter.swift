import JSON

@testable import SyncService

/// Writes outputs and errors as AWS's protocols do, by the shapes: the other side of the client's readers.
struct WireWriter {
    let model: ServiceModel
    let operation: ServiceModel.Operation

    var isXML: Bool { model.wireProtocol.isXML }

    var contentType: String { isXML ? "text/xml" : "application/x-amz-json-1.1" }

    // MARK: Outputs

    /// The body and the headers of an output.
    func output(_ value: JSONValue) -> (body: String, headers: [String: String]) {
        guard let number = operation.output else { return ("", [:]) }
        let shape = model.shapes[number]
        var headers: [String: String] = [:]
        for member in shape.members where member.location == .header {
            if let value = value[member.name] { headers[member.wireName] = text(value) }
        }
        if let payload = shape.payload.flatMap(shape.member), let value = value[payload.name] {
            let isText = model.shapes[payload.shape].kind == .string
            return (isText ? text(value) : element(payload.wireName, value, payload.shape), headers)
        }
        guard isXML else { return (json(value, number, nil).text(), headers) }
        if operation.name == "GetBucketLocation" {
            return ("<LocationConstraint>\(text(value["LocationConstraint"] ?? ""))</LocationConstraint>", headers)
        }
        let content = members(value, shape)
        switch model.wireProtocol {
        case .query:
            let wrapper = operation.resultWrapper ?? "\(operation.name)Result"
            let name = "\(operation.name)Response"
            let meta = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
            return ("<\(name)><\(wrapper)>\(content)</\(wrapper)>\(meta)</\(name)>", headers)
        case .ec2:
            let name = "\(operation.name)Response"
            return ("<\(name)><requestId>r</requestId>\(content)</\(name)>", headers)
        default: return ("<\(shape.name)>\(content)</\(shape.name)>", headers)
        }
    }

    private func members(_ value: JSONValue, _ shape: Shape) -> String {
        var content = ""
        for member in shape.members where member.location == nil && !member.isAttribute {
            guard let value = value[member.name] else { continue }
            let target = model.shapes[member.shape]
            guard member.isFlattened || target.isFlattened, let inner = target.element, let items = value.array else {
                content += element(member.wireName, value, member.shape)
                continue
            }
            for item in items { content += element(member.wireName, item, inner.shape) }
        }
        return content
    }

    private func element(_ name: String, _ value: JSONValue, _ number: Int) -> String {
        let shape = model.shapes[number]
        let content: String
        var attributes = ""
        switch shape.kind {
        case .structure:
            content = members(value, shape)
            for member in shape.members where member.isAttribute {
                attributes += " xmlns:xsi=\"xsi\" \(member.wireName)=\"\(text(value[member.name] ?? ""))\""
            }
        case .list:
            let item = shape.element?.locationName ?? "member"
            content = (value.array ?? []).map { element(item, $0, shape.element?.shape ?? 0) }.joined()
        case .map:
            let (key, inner) = (shape.key?.locationName ?? "key", shape.element?.locationName ?? "value")
            content = (value.object ?? JSONObject()).map { name, value in
                "<entry><\(key)>\(name)</\(key)>\(element(inner, value, shape.element?.shape ?? 0))</entry>"
            }.joined()
        default: content = text(value)
        }
        return "<\(name)\(attributes)>\(content)</\(name)>"
    }

    private func text(_ value: JSONValue) -> String { value.string ?? value.text() }

    private func json(_ value: JSONValue, _ number: Int, _ format: TimestampFormat?) -> JSONValue {
        let shape = model.shapes[number]
        switch shape.kind {
        case .structure:
            var object = JSONObject()
            for member in shape.members where member.location == nil {
                guard let value = value[member.name] else { continue }
                object[member.wireName] = json(value, member.shape, member.timestampFormat)
            }
            return .object(object)
        case .list:
            return .array(
                (value.array ?? []).map { json($0, shape.element?.shape ?? 0, shape.element?.timestampFormat) })
        case .timestamp:
            let isNumber = (format ?? shape.timestampFormat ?? .unixTimestamp) == .unixTimestamp
            return isNumber ? .integer(1_767_225_600) : value
        default: return value
        }
    }

    // MARK: Errors

    /// The status and the body of an error in the form of the protocol.
    func error(_ code: String, _ message: String, status: Int) -> (status: Int, body: String) {
        guard isXML else {
            return (
                status, JSONValue.object(["__type": .string("com.amazon#\(code)"), "message": .string(message)]).text()
            )
        }
        let fields = "<Code>\(code)</Code><Message>\(message)</Message>"
        switch model.wireProtocol {
        case .ec2: return (status, "<Response><Errors><Error>\(fields)</Error></Errors></Response>")
        case .query: return (status, "<ErrorResponse><Error><Type>Sender</Type>\(fields)</Error></ErrorResponse>")
        default: return (status, "<Error>\(fields)<RequestId>r</RequestId></Error>")
        }
    }

    /// The code by which a protocol's services refuse for want of a permission.
    var denial: String {
        switch model.wireProtocol {
        case .ec2: "UnauthorizedOperation"
        case .json, .restJSON: "AccessDeniedException"
        case .query, .restXML: "AccessDenied"
        }
    }

    /// The code by which they refuse a signature of another time.
    var skew: String {
        switch model.wireProtocol {
        case .ec2: "RequestExpired"
        case .json, .restJSON: "InvalidSignatureException"
        case .query: "SignatureDoesNotMatch"
        case .restXML: "RequestTimeTooSkewed"
        }
    }

    var throttle: String {
        switch model.wireProtocol {
        case .ec2: "RequestLimitExceeded"
        case .json: "ThrottlingException"
        case .restJSON: "TooManyRequestsException"
        case .query: "Throttling"
        case .restXML: "SlowDown"
        }
    }
}
