import JSON

/// Takes each visited field from an object, by protobuf's JSON mapping: its JSON name or its name in the `.proto`.
public struct JSONFieldReader: FieldVisitor {
    @inlinable @inline(__always) public static var changesFields: Bool { true }

    private var object = JSONObject()
    private var taken = 0
    private var path: [String] = []
    private var depth: Int
    private let depthLimit: Int
    private let ignoresUnknownNames: Bool
    private var unknown = UnknownFields()

    /// - Parameter ignoresUnknownNames: Whether members that are no field are left out rather than refused.
    public init(ignoresUnknownNames: Bool = false, depth: Int = WireLimits.standard.depth) {
        self.ignoresUnknownNames = ignoresUnknownNames
        self.depth = depth
        depthLimit = depth
    }

    /// An error about the value that the reader stands before.
    public func failure(_ problem: String) -> WireError { .json(path: path.joined(separator: "."), problem: problem) }

    /// Reads the members of an object into a message.
    mutating func read<M: Message>(_ json: JSONValue, into message: inout M) throws(WireError) {
        guard case .object(let members) = json else { throw failure("expected an object") }
        guard depth > 0 else { throw .tooDeep(limit: depthLimit) }
        let outer = (object, taken, unknown)
        (object, taken, unknown) = (members, 0, UnknownFields())
        depth -= 1
        try message.fields(&self)
        guard taken == members.count || ignoresUnknownNames else { throw strayName(of: M.self) }
        message.unknownFields.append(unknown)
        depth += 1
        (object, taken, unknown) = outer
    }

    private func strayName<M: Message>(of _: M.Type) -> WireError {
        let known = FieldLister.fields(of: M.self).map(\.name)
        let stray = object.names.first { name in !known.contains { $0 == name || jsonName($0) == name } }
        return failure(stray.map { "no field \($0) in \(M.protoName)" } ?? "a field is given under both its names")
    }

    /// Reads a field's value if the object has it and it is not null.
    private mutating func take(
        _ name: StaticString, _ body: (inout Self, JSONValue) throws(WireError) -> Void
    ) throws(WireError) {
        let protoName = name.description
        let jsonName = jsonName(protoName)
        guard let value = object[jsonName] ?? object[protoName] else { return }
        taken += 1
        if value.isNull { return }
        path.append(jsonName)
        try body(&self, value)
        path.removeLast()
    }

    private mutating func takeList(
        _ name: StaticString, _ element: (inout Self, JSONValue) throws(WireError) -> Void
    ) throws(WireError) {
        try take(name) { reader, value throws(WireError) in
            guard case .array(let items) = value else { throw reader.failure("expected an array") }
            for (index, item) in items.enumerated() {
                reader.path.append(String(index))
                try element(&reader, item)
                reader.path.removeLast()
            }
        }
    }

    private func scalar<C: ScalarCodec>(_ json: JSONValue, _: C.Type) throws(WireError) -> C.Value {
        guard let value = C.value(json) else { throw failure("expected \(C.fieldType)") }
        return value
    }

    /// The case of a name or number; a number without a case becomes an unknown field.
    private mutating func known<E: ProtoEnum>(_ json: JSONValue, _ number: Int32) throws(WireError) -> E? {
        if let name = json.string {
            guard let value = E(protoName: name) else { throw failure("no value \(name) in \(E.names.protoName)") }
            return value
        }
        let value = try scalar(json, Int32Codec.self)
        if let known = E(rawValue: value) { return known }
        unknown.append(number, varint: UInt64(bitPattern: Int64(value)))
        return nil
    }
}

extension JSONFieldReader {
    public mutating func singular<C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout C.Value, _ codec: C.Type
    ) throws(WireError) {
        try take(name) { reader, json throws(WireError) in value = try reader.scalar(json, codec) }
    }

    public mutating func optional<C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout C.Value?, _ codec: C.Type
    ) throws(WireError) {
        try take(name) { reader, json throws(WireError) in value = try reader.scalar(json, codec) }
    }

    public mutating func list<C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout [C.Value], _ codec: C.Type
    ) throws(WireError) {
        try takeList(name) { reader, json throws(WireError) in value.append(try reader.scalar(json, codec)) }
    }

    public mutating func enumeration<E: ProtoEnum>(
        _ number: Int32, _ name: StaticString, _ value: inout E
    ) throws(WireError) {
        try take(name) { reader, json throws(WireError) in
            if let known: E = try reader.known(json, number) { value = known }
        }
    }

    public mutating func optionalEnumeration<E: ProtoEnum>(
        _ number: Int32, _ name: StaticString, _ value: inout E?
    ) throws(WireError) {
        try take(name) { reader, json throws(WireError) in value = try reader.known(json, number) }
    }

    public mutating func repeated<E: ProtoEnum>(
        _ number: Int32, _ name: StaticString, _ value: inout [E]
    ) throws(WireError) {
        try takeList(name) { reader, json throws(WireError) in
            if let known: E = try reader.known(json, number) { value.append(known) }
        }
    }

    public mutating func message<M: Message>(
        _: Int32, _ name: StaticString, _ value: inout M?
    ) throws(WireError) {
        try take(name) { reader, json throws(WireError) in
            var message = M()
            try message.decode(json: json, from: &reader)
            value = message
        }
    }

    public mutating func repeated<M: Message>(
        _: Int32, _ name: StaticString, _ value: inout [M]
    ) throws(WireError) {
        try takeList(name) { reader, json throws(WireError) in
            var message = M()
            try message.decode(json: json, from: &reader)
            value.append(message)
        }
    }

    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout [K.Value: C.Value], _ keys: K.Type, _ codec: C.Type
    ) throws(WireError) where K.Value: Hashable & Comparable {
        try take(name) { reader, json throws(WireError) in
            guard case .object(let entries) = json else { throw reader.failure("expected an object") }
            for (key, entry) in entries {
                reader.path.append(key)
                // Keys are strings in JSON, whatever they are on the wire.
                let bool: JSONValue = key == "true" ? true : key == "false" ? false : .string(key)
                value[try reader.scalar(K.fieldType == .bool ? bool : .string(key), keys)] = try reader.scalar(
                    entry, codec)
                reader.path.removeLast()
            }
        }
    }
}
