import JSON

/// Reads one `shapes/SERVICE.json`.
struct ModelDecoder {
    let file: String
    private var numbers: [String: Int] = [:]
    /// Shapes that name every member that is of them, unless it has a name of its own.
    private var ownNames: [String: String] = [:]

    init(file: String) { self.file = file }

    private func wrong(_ field: String, _ rule: String) -> CatalogueError {
        CatalogueError(file: file, field: field, rule: rule)
    }

    private func text(_ value: JSONValue, _ name: String) throws(CatalogueError) -> String {
        guard let text = value[name]?.string else { throw wrong(name, "a text is required") }
        return text
    }

    mutating func model(_ value: JSONValue) throws(CatalogueError) -> ServiceModel {
        guard let kind = ServiceModel.WireProtocol(rawValue: try text(value, "protocol")) else {
            throw wrong("protocol", "query, ec2, json, rest-xml or rest-json")
        }
        guard let listed = value["shapes"]?.object else { throw wrong("shapes", "an object is required") }
        numbers = [:]
        for (number, shape) in listed.enumerated() {
            numbers[shape.name] = number
            ownNames[shape.name] = shape.value["locationName"]?.string
        }
        var shapes: [Shape] = []
        for entry in listed { shapes.append(try shape(entry.name, entry.value)) }
        for index in shapes.indices { shapes[index].wireNames = wireNames(shapes[index], shapes, isXML: kind.isXML) }
        var operations: [String: ServiceModel.Operation] = [:]
        for entry in value["operations"]?.object ?? JSONObject() {
            operations[entry.name] = try operation(entry.name, entry.value)
        }
        return ServiceModel(
            name: try text(value, "service"), serviceID: try text(value, "serviceId"),
            apiVersion: try text(value, "apiVersion"), endpointPrefix: try text(value, "endpointPrefix"),
            wireProtocol: kind, signingName: try text(value, "signingName"),
            targetPrefix: value["targetPrefix"]?.string ?? "", jsonVersion: value["jsonVersion"]?.string ?? "1.1",
            throttlingCodes: Set((value["throttling"]?.array ?? []).compactMap(\.string)),
            endpoints: try endpoints(value["endpoints"]), operations: operations, shapes: shapes)
    }

    private func number(_ name: String?, _ field: String) throws(CatalogueError) -> Int {
        guard let name, let number = numbers[name] else { throw wrong(field, "names no shape: \(name ?? "nothing")") }
        return number
    }

    private func shape(_ name: String, _ value: JSONValue) throws(CatalogueError) -> Shape {
        guard let kind = value["type"]?.string.flatMap(Shape.Kind.init(rawValue:)) else {
            throw wrong("shapes.\(name)", "an unknown type")
        }
        var shape = Shape(name: name, kind: kind)
        shape.required = (value["required"]?.array ?? []).compactMap(\.string)
        shape.payload = value["payload"]?.string
        shape.isFlattened = value["flattened"]?.bool ?? false
        shape.isDocument = value["document"]?.bool ?? false
        shape.timestampFormat = value["timestampFormat"]?.string.flatMap(TimestampFormat.init(rawValue:))
        if let member = value["member"] ?? value["value"] { shape.element = try self.member("", member, name) }
        if let key = value["key"] { shape.key = try member("", key, name) }
        // `sorted` is by bytes, which is the order of canonical JSON.
        for entry in value["members"]?.object?.sorted ?? [] {
            shape.members.append(try member(entry.name, entry.value, name))
        }
        if kind == .list || kind == .map, shape.element == nil { throw wrong("shapes.\(name)", "lacks its element") }
        return shape
    }

    private func wireNames(_ shape: Shape, _ shapes: [Shape], isXML: Bool) -> [(name: String, member: Int)] {
        var names: [(name: String, member: Int)] = []
        for (index, member) in shape.members.enumerated() where member.location == nil {
            let target = shapes[member.shape]
            // A flattened list may name its elements itself.
            let own = isXML && target.kind == .list && (target.isFlattened || member.isFlattened)
            names.append((own ? target.element?.locationName ?? member.wireName : member.wireName, index))
        }
        return names
    }

    private func member(_ name: String, _ value: JSONValue, _ owner: String) throws(CatalogueError) -> Shape.Member {
        var member = Shape.Member(name: name, shape: try number(value["shape"]?.string, "shapes.\(owner).\(name)"))
        member.locationName = value["locationName"]?.string ?? value["shape"]?.string.flatMap { ownNames[$0] }
        member.location = value["location"]?.string.flatMap(Shape.Member.Location.init(rawValue:))
        member.queryName = value["queryName"]?.string
        member.isFlattened = value["flattened"]?.bool ?? false
        member.isAttribute = value["xmlAttribute"]?.bool ?? false
        member.timestampFormat = value["timestampFormat"]?.string.flatMap(TimestampFormat.init(rawValue:))
        return member
    }

    private func operation(_ name: String, _ value: JSONValue) throws(CatalogueError) -> ServiceModel.Operation {
        let field = "operations.\(name)"
        guard let method = value["method"]?.string, let uri = value["uri"]?.string else {
            throw wrong(field, "method and uri are required")
        }
        var operation = ServiceModel.Operation(name: name, method: method, uri: uri)
        if let input = value["input"]?.string { operation.input = try number(input, field) }
        if let output = value["output"]?.string { operation.output = try number(output, field) }
        operation.resultWrapper = value["resultWrapper"]?.string
        operation.hostPrefix = value["hostPrefix"]?.string
        if let page = value["page"] { operation.page = try paginator(page, field) }
        if let own = value["endpoints"] { operation.endpoints = try endpoints(own) }
        return operation
    }

    private func paginator(_ value: JSONValue, _ field: String) throws(CatalogueError) -> ServiceModel.Paginator {
        func paths(_ name: String) throws(CatalogueError) -> [FieldPath] {
            var paths: [FieldPath] = []
            for text in value[name]?.array ?? [] {
                guard let path = text.string.flatMap(FieldPath.init(_:)) else { throw wrong(field, "page.\(name)") }
                paths.append(path)
            }
            return paths
        }
        let inputs = (value["input"]?.array ?? []).compactMap(\.string)
        let outputs = try paths("output")
        guard !inputs.isEmpty, inputs.count == outputs.count else {
            throw wrong(field, "page: as many outputs as inputs")
        }
        return ServiceModel.Paginator(
            inputs: inputs, outputs: outputs, more: value["more"]?.string.flatMap(FieldPath.init(_:)),
            limit: value["limit"]?.string, results: try paths("result"))
    }

    private func endpoints(_ value: JSONValue?) throws(CatalogueError) -> ServiceModel.Endpoints {
        var all: ServiceModel.Endpoints = [:]
        for partition in value?.object ?? JSONObject() {
            for entry in partition.value.object ?? JSONObject() {
                guard let variant = EndpointVariant(rawValue: entry.name) else {
                    throw wrong("endpoints.\(partition.name)", "no kind of endpoint: \(entry.name)")
                }
                var endpoint = ServiceModel.Endpoint(usual: try place(entry.value))
                for region in entry.value["regions"]?.object ?? JSONObject() {
                    endpoint.regions[region.name] = try place(region.value)
                }
                all[partition.name, default: [:]][variant] = endpoint
            }
        }
        return all
    }

    private func place(_ value: JSONValue) throws(CatalogueError) -> ServiceModel.EndpointPlace {
        if value["none"]?.bool == true { return ServiceModel.EndpointPlace() }
        return ServiceModel.EndpointPlace(
            url: try text(value, "url"), signingRegion: value["signingRegion"]?.string,
            signingName: value["signingName"]?.string)
    }
}
