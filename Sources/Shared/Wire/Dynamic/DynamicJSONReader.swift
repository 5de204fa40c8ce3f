import JSON

/// Reads dynamic messages from protobuf's JSON mapping.
struct DynamicJSONReader {
    let pool: DescriptorPool
    let ignoresUnknownNames: Bool
    private var path: [String] = []
    private var depth = WireLimits.standard.depth

    init(pool: DescriptorPool, ignoresUnknownNames: Bool) {
        self.pool = pool
        self.ignoresUnknownNames = ignoresUnknownNames
    }

    func failure(_ problem: String) -> WireError { .json(path: path.joined(separator: "."), problem: problem) }

    /// Runs `body` one step further down the path.
    mutating func within<T>(_ step: String, _ body: (inout Self) throws(WireError) -> T) throws(WireError) -> T {
        path.append(step)
        let result = try body(&self)
        path.removeLast()
        return result
    }

    mutating func message(_ json: JSONValue, _ name: String) throws(WireError) -> DynamicMessage {
        guard depth > 0 else { throw .tooDeep(limit: WireLimits.standard.depth) }
        depth -= 1
        defer { depth += 1 }
        var message = try DynamicMessage(name, in: pool)
        if let known = WellKnownType(rawValue: name) {
            try read(json, into: &message, as: known)
        } else {
            guard case .object(let object) = json else { throw failure("expected an object") }
            try read(object, into: &message)
        }
        return message
    }

    mutating func read(_ object: JSONObject, into message: inout DynamicMessage) throws(WireError) {
        var seen: Set<Int32> = []
        for (name, json) in object {
            guard let field = message.descriptor.field(named: name) else {
                if ignoresUnknownNames { continue }
                throw failure("no field \(name) in \(message.descriptor.name)")
            }
            guard seen.insert(field.number).inserted else { throw failure("\(name) is given twice") }
            guard let value = try within(name, { reader throws(WireError) in try reader.field(json, field) }) else {
                continue
            }
            if let oneof = field.oneof,
                message.descriptor.fields.contains(where: { $0.oneof == oneof && message.fields[$0.number] != nil })
            {
                throw failure("\(name): another member of \(message.descriptor.oneofs[oneof]) is given")
            }
            message.set(field, value)
        }
    }

    /// A field's value; nil where null makes it absent.
    private mutating func field(_ json: JSONValue, _ field: FieldDescriptor) throws(WireError) -> DynamicField? {
        let takesNull = field.typeName == WellKnownType.value.rawValue || field.typeName == WellKnownType.nullValue
        if json.isNull, !takesNull || field.label == .repeated || field.label == .map { return nil }
        switch field.label {
        case .implicit, .explicit: return try value(json, field).map { .single($0) }
        case .repeated:
            guard case .array(let items) = json else { throw failure("expected an array") }
            var values: [DynamicValue] = []
            for (index, item) in items.enumerated() {
                let value = try within(String(index)) { reader throws(WireError) in try reader.value(item, field) }
                if let value { values.append(value) }
            }
            return .list(values)
        case .map: return try map(json, field)
        }
    }

    private mutating func map(_ json: JSONValue, _ field: FieldDescriptor) throws(WireError) -> DynamicField {
        guard case .object(let object) = json else { throw failure("expected an object") }
        guard let entry = pool.messages[field.typeName], let keyField = entry.field(1), let valueField = entry.field(2)
        else {
            throw .descriptor("\(field.typeName) is no entry of a map")
        }
        var entries: [String: DynamicValue] = [:]
        for (name, item) in object {
            guard let key = DynamicValue(keyText: name, keyField.type) else {
                throw failure("\(name) is no \(keyField.type)")
            }
            let value = try within(name) { reader throws(WireError) in try reader.value(item, valueField) }
            guard let value else { continue }
            guard entries.updateValue(value, forKey: key.keyText) == nil else {
                throw failure("\(name) is given twice")
            }
        }
        return .map(entries)
    }

    /// One value; nil for the name of an enumeration that is not declared and may be ignored.
    mutating func value(_ json: JSONValue, _ field: FieldDescriptor) throws(WireError) -> DynamicValue? {
        switch field.type {
        case .message, .group: return .message(try message(json, field.typeName))
        case .enumeration: return try enumeration(json, field.typeName).map { .enumeration($0) }
        default:
            guard let value = Self.scalar(json, field.type) else { throw failure("expected \(field.type)") }
            return value
        }
    }

    private func enumeration(_ json: JSONValue, _ name: String) throws(WireError) -> Int32? {
        if json.isNull, name == WellKnownType.nullValue { return 0 }
        if let text = json.string {
            if let number = pool.enums[name]?.number(of: text) { return number }
            if ignoresUnknownNames { return nil }
            throw failure("no value \(text) in \(name)")
        }
        guard case .number = json, let number = Int32Codec.value(json) else {
            throw failure("expected a value of \(name)")
        }
        // In a closed enumeration (proto2) a number is as good as its name, and no better.
        if let known = pool.enums[name], known.isClosed, known.name(of: number) == nil {
            if ignoresUnknownNames { return nil }
            throw failure("no value \(number) in \(name)")
        }
        return number
    }

    static func scalar(_ json: JSONValue, _ type: FieldType) -> DynamicValue? {
        switch type {
        case .bool: BoolCodec.value(json).map { .bool($0) }
        case .int32, .sint32, .sfixed32: Int32Codec.value(json).map { .signed(Int64($0)) }
        case .int64, .sint64, .sfixed64: Int64Codec.value(json).map { .signed($0) }
        case .uint32, .fixed32: UInt32Codec.value(json).map { .unsigned(UInt64($0)) }
        case .uint64, .fixed64: UInt64Codec.value(json).map { .unsigned($0) }
        case .float: FloatCodec.value(json).map { .float($0) }
        case .double: DoubleCodec.value(json).map { .double($0) }
        case .string: StringCodec.value(json).map { .string($0) }
        case .bytes: BytesCodec.value(json).map { .bytes($0) }
        case .message, .group, .enumeration: nil
        }
    }
}
