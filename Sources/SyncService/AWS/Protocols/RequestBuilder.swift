import JSON

/// Turns an operation's input into a request, by the service's protocol.
struct RequestBuilder {
    let model: ServiceModel
    let operation: ServiceModel.Operation

    /// - Parameters:
    ///   - parameters: The input, an object with the API reference's names.
    ///   - endpoint: Where it goes.
    func build(_ parameters: JSONValue, endpoint: ResolvedEndpoint) throws(AWSError) -> HTTPRequest {
        guard let input = parameters.object else { throw AWSError(.request("the parameters are no object")) }
        let shape = operation.input.map { model.shapes[$0] }
        try check(input, shape)
        var request = HTTPRequest(
            method: operation.method, scheme: endpoint.scheme, authority: endpoint.authority, path: endpoint.basePath)
        switch model.wireProtocol {
        case .query, .ec2:
            var form = FormSerializer(shapes: model.shapes, isEC2: model.wireProtocol == .ec2)
            form.add("Action", operation.name)
            form.add("Version", model.apiVersion)
            if let shape { try form.structure(.object(input), shape, prefix: "") }
            request.method = "POST"
            request.path += "/"
            request.headers.append(
                .init(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"))
            request.body = Array(form.text.utf8)
        case .json:
            request.path += "/"
            request.headers.append(.init(name: "Content-Type", value: "application/x-amz-json-\(model.jsonVersion)"))
            request.headers.append(.init(name: "X-Amz-Target", value: "\(model.targetPrefix).\(operation.name)"))
            request.body = try body(input, shape)
        case .restXML, .restJSON:
            try RESTSerializer(model: model, operation: operation).fill(&request, input, shape, endpoint)
            if model.wireProtocol == .restJSON, request.method != "GET", request.method != "HEAD" {
                request.headers.append(.init(name: "Content-Type", value: "application/json"))
                request.body = try body(input, shape)
            } else if let shape, input.contains(where: { shape.member($0.name)?.location == nil }) {
                throw AWSError(.request("\(operation.name): inputs in a body are not supported"))
            }
        }
        return request
    }

    /// Unknown and missing inputs are our mistakes: said before AWS has to.
    private func check(_ input: JSONObject, _ shape: Shape?) throws(AWSError) {
        for member in input where shape?.index(ofMember: member.name) == nil {
            throw AWSError(.request("\(operation.name) has no input \(member.name)"))
        }
        for name in shape?.required ?? [] where input[name] == nil {
            throw AWSError(.request("\(operation.name) requires the input \(name)"))
        }
    }

    private func body(_ input: JSONObject, _ shape: Shape?) throws(AWSError) -> [UInt8] {
        var body = JSONObject()
        for member in input {
            guard let known = shape?.member(member.name), known.location == nil else { continue }
            body[known.wireName] = try json(member.value, known.shape)
        }
        return JSONValue.object(body).bytes()
    }

    /// Names as on the wire, at every depth.
    private func json(_ value: JSONValue, _ number: Int) throws(AWSError) -> JSONValue {
        let shape = model.shapes[number]
        switch (value, shape.kind) {
        case (.object(let object), .structure):
            var renamed = JSONObject()
            for entry in object {
                guard let member = shape.member(entry.name) else {
                    throw AWSError(.request("\(shape.name) has no member \(entry.name)"))
                }
                renamed[member.wireName] = try json(entry.value, member.shape)
            }
            return .object(renamed)
        case (.array(let items), .list):
            guard let element = shape.element else { return value }
            var renamed: [JSONValue] = []
            for item in items { renamed.append(try json(item, element.shape)) }
            return .array(renamed)
        case (.string(let text), .integer), (.string(let text), .long):
            // A template that is part of a longer text gives text.
            return Int64(text).map { .integer($0) } ?? value
        default: return value
        }
    }
}

/// Form parameters of the query and ec2 protocols.
struct FormSerializer {
    let shapes: [Shape]
    let isEC2: Bool
    private var pairs: [String] = []

    init(shapes: [Shape], isEC2: Bool) {
        self.shapes = shapes
        self.isEC2 = isEC2
    }

    var text: String { pairs.joined(separator: "&") }

    mutating func add(_ name: String, _ value: String) {
        pairs.append("\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))")
    }

    mutating func structure(_ value: JSONValue, _ shape: Shape, prefix: String) throws(AWSError) {
        guard let object = value.object else { throw AWSError(.request("\(prefix): \(shape.name) is an object")) }
        for entry in object {
            guard let member = shape.member(entry.name) else {
                throw AWSError(.request("\(shape.name) has no member \(entry.name)"))
            }
            let name = prefix.isEmpty ? self.name(member) : "\(prefix).\(self.name(member))"
            try write(entry.value, member.shape, isFlattened: member.isFlattened, name: name)
        }
    }

    private func name(_ member: Shape.Member) -> String {
        guard isEC2 else { return member.wireName }
        if let name = member.queryName { return name }
        return member.wireName.prefix(1).uppercased() + member.wireName.dropFirst()
    }

    private mutating func write(
        _ value: JSONValue, _ number: Int, isFlattened: Bool, name: String
    ) throws(AWSError) {
        let shape = shapes[number]
        switch (shape.kind, value) {
        case (.structure, _): try structure(value, shape, prefix: name)
        case (.list, .array(let items)):
            guard let element = shape.element else { return }
            var base = name
            if !isEC2, !isFlattened, !shape.isFlattened {
                base += "." + (element.locationName ?? "member")
            } else if !isEC2, let own = element.locationName {
                // A flattened list takes its element's name in place of its own.
                base = (name.split(separator: ".").dropLast().map(String.init) + [own]).joined(separator: ".")
            }
            for (index, item) in items.enumerated() {
                try write(item, element.shape, isFlattened: false, name: "\(base).\(index + 1)")
            }
        case (.map, .object(let object)):
            let base = isFlattened || shape.isFlattened ? name : "\(name).entry"
            for (index, entry) in object.enumerated() {
                add("\(base).\(index + 1).\(shape.key?.locationName ?? "key")", entry.name)
                guard let element = shape.element else { continue }
                try write(
                    entry.value, element.shape, isFlattened: false,
                    name: "\(base).\(index + 1).\(element.locationName ?? "value")")
            }
        default:
            guard let text = Template.text(value) else {
                throw AWSError(.request("\(name): \(shape.name) is a \(shape.kind)"))
            }
            add(name, text)
        }
    }
}

/// Path, query and headers of the REST protocols.
struct RESTSerializer {
    let model: ServiceModel
    let operation: ServiceModel.Operation

    func fill(
        _ request: inout HTTPRequest, _ input: JSONObject, _ shape: Shape?, _ endpoint: ResolvedEndpoint
    ) throws(AWSError) {
        request.path += try path(input, shape, endpoint)
        request.query += operation.target.query
        for entry in input {
            guard let member = shape?.member(entry.name) else { continue }
            switch member.location {
            case .querystring: try query(&request, member, entry.value)
            case .header: request.setHeader(member.wireName, try scalar(entry.value, entry.name))
            case .headers:
                for header in entry.value.object ?? JSONObject() {
                    request.setHeader(member.wireName + header.name, try scalar(header.value, entry.name))
                }
            case .uri, .statusCode, nil: break
            }
        }
    }

    private func path(
        _ input: JSONObject, _ shape: Shape?, _ endpoint: ResolvedEndpoint
    ) throws(AWSError) -> String {
        var path = ""
        for piece in operation.target.pieces {
            switch piece {
            case .text(let text): path += text
            // The path then begins after the bucket's segment.
            case .label("Bucket", _) where endpoint.bucketInHost: continue
            case .label(let label, let isGreedy):
                let member = shape?.members.first { $0.wireName == label && $0.location == .uri }
                guard let member, let value = input[member.name] else {
                    throw AWSError(.request("\(operation.name) requires the input \(label)"))
                }
                let text = try scalar(value, member.name)
                guard !text.isEmpty else { throw AWSError(.request("\(operation.name): \(label) must not be empty")) }
                path += PercentEncoding.encode(text, keepingSlash: isGreedy)
            }
        }
        return path.isEmpty ? "/" : path
    }

    private func query(
        _ request: inout HTTPRequest, _ member: Shape.Member, _ value: JSONValue
    ) throws(AWSError) {
        switch value {
        case .array(let items):
            for item in items {
                request.query.append(.init(name: member.wireName, value: try scalar(item, member.name)))
            }
        case .object(let object):
            for entry in object {
                for item in entry.value.array ?? [entry.value] {
                    request.query.append(.init(name: entry.name, value: try scalar(item, member.name)))
                }
            }
        default: request.query.append(.init(name: member.wireName, value: try scalar(value, member.name)))
        }
    }

    private func scalar(_ value: JSONValue, _ name: String) throws(AWSError) -> String {
        guard let text = Template.text(value) else {
            throw AWSError(.request("\(operation.name): \(name) is a scalar"))
        }
        return text
    }
}
