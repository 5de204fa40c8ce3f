import JSON

/// The messages of `google.protobuf` that have a JSON form of their own.
enum WellKnownType: String {
    case timestamp = "google.protobuf.Timestamp"
    case duration = "google.protobuf.Duration"
    case fieldMask = "google.protobuf.FieldMask"
    case structure = "google.protobuf.Struct"
    case value = "google.protobuf.Value"
    case listValue = "google.protobuf.ListValue"
    case any = "google.protobuf.Any"
    case doubleValue = "google.protobuf.DoubleValue"
    case floatValue = "google.protobuf.FloatValue"
    case int64Value = "google.protobuf.Int64Value"
    case uint64Value = "google.protobuf.UInt64Value"
    case int32Value = "google.protobuf.Int32Value"
    case uint32Value = "google.protobuf.UInt32Value"
    case boolValue = "google.protobuf.BoolValue"
    case stringValue = "google.protobuf.StringValue"
    case bytesValue = "google.protobuf.BytesValue"

    /// The enumeration whose only value is JSON's null.
    static let nullValue = "google.protobuf.NullValue"
}

extension DynamicMessage {
    /// A scalar or message field by its number; nil when absent.
    fileprivate func single(_ number: Int32) -> DynamicValue? {
        if case .single(let value) = fields[number] { value } else { nil }
    }

    fileprivate func signed(_ number: Int32) -> Int64 {
        if case .signed(let value) = single(number) { value } else { 0 }
    }

    fileprivate func list(_ number: Int32) -> [DynamicValue] {
        if case .list(let values) = fields[number] { values } else { [] }
    }

    fileprivate mutating func set(_ number: Int32, _ value: DynamicField) {
        if let field = descriptor.field(number) { set(field, value) }
    }
}

/// `google.protobuf.Duration` as text: seconds with 0, 3, 6 or 9 digits after the point, and an `s`.
enum DurationText {
    static let range: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

    /// Nil where the parts are out of range or of different signs.
    static func write(seconds: Int64, nanos: Int64) -> String? {
        guard range.contains(seconds), -999_999_999...999_999_999 ~= nanos, seconds.signum() * nanos.signum() >= 0
        else {
            return nil
        }
        let sign = seconds < 0 || nanos < 0 ? "-" : ""
        return sign + String(abs(seconds)) + fractionText(Int32(abs(nanos))) + "s"
    }

    static func read(_ text: String) -> (seconds: Int64, nanos: Int64)? {
        guard text.hasSuffix("s"), !text.hasPrefix("+") else { return nil }
        let isNegative = text.hasPrefix("-")
        let parts = text.dropLast().drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard text.dropFirst().allSatisfy({ $0 != "-" && $0 != "+" }), 1...2 ~= parts.count,
            let seconds = Int64(parts[0]), range.contains(seconds)
        else { return nil }
        var nanos: Int64 = 0
        if parts.count == 2 {
            guard 1...9 ~= parts[1].count, let digits = Int64(parts[1]) else { return nil }
            nanos = (parts[1].count..<9).reduce(digits) { value, _ in value * 10 }
        }
        return isNegative ? (-seconds, -nanos) : (seconds, nanos)
    }
}

// MARK: Writing

extension DynamicJSONWriter {
    func json(_ message: DynamicMessage, as known: WellKnownType) throws(WireError) -> JSONValue {
        func failure() -> WireError { .json(path: "", problem: "\(known.rawValue) holds what JSON cannot tell") }
        switch known {
        case .timestamp:
            guard let nanos = Int32(exactly: message.signed(2)) else { throw failure() }
            let time = Timestamp(seconds: message.signed(1), nanos: nanos)
            guard time.isValid else { throw failure() }
            return time.jsonValue()
        case .duration:
            guard let text = DurationText.write(seconds: message.signed(1), nanos: message.signed(2)) else {
                throw failure()
            }
            return .string(text)
        case .fieldMask:
            let paths = message.list(1).map(\.keyText)
            let names = paths.map(jsonName)
            guard zip(paths, names).allSatisfy({ FieldMask.protoPath($1[...]) == $0 }) else { throw failure() }
            return .string(names.joined(separator: ","))
        case .structure:
            return try object(message)["fields"] ?? .object(JSONObject())
        case .listValue:
            return try object(message)["values"] ?? .array([])
        case .value: return try dynamicValue(message)
        case .any: return try any(message)
        default:
            guard let field = message.descriptor.field(1) else { throw failure() }
            guard let value = message.single(1) ?? DynamicValue.zero(field.type) else { throw failure() }
            return try json(value, field)
        }
    }

    private func dynamicValue(_ message: DynamicMessage) throws(WireError) -> JSONValue {
        for field in message.descriptor.fields {
            guard let value = message.single(field.number) else { continue }
            if case .double(let number) = value, !number.isFinite {
                throw .json(path: "", problem: "a google.protobuf.Value cannot be \(number)")
            }
            return try json(value, field)
        }
        throw .json(path: "", problem: "a google.protobuf.Value without a kind")
    }

    private func any(_ message: DynamicMessage) throws(WireError) -> JSONValue {
        guard case .string(let url) = message.single(1), !url.isEmpty else { return .object(JSONObject()) }
        var content: [UInt8] = []
        if case .bytes(let bytes) = message.single(2) { content = bytes }
        let name = String(url.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        let packed = try DynamicMessage(name, in: pool, decoding: content)
        var members = JSONObject()
        members["@type"] = .string(url)
        if WellKnownType(rawValue: name) != nil {
            members["value"] = try json(packed)
        } else {
            for (name, value) in try object(packed) { members[name] = value }
        }
        return .object(members)
    }
}

// MARK: Reading

extension DynamicJSONReader {
    mutating func read(_ json: JSONValue, into message: inout DynamicMessage, as known: WellKnownType) throws(WireError)
    {
        switch known {
        case .timestamp:
            guard let time = json.string.flatMap(Timestamp.init(rfc3339:)) else {
                throw failure("expected a time such as 2026-11-24T22:00:00Z")
            }
            message.set(1, .single(.signed(time.seconds)))
            message.set(2, .single(.signed(Int64(time.nanos))))
        case .duration:
            guard let (seconds, nanos) = json.string.flatMap(DurationText.read) else {
                throw failure("expected a duration such as 1.5s")
            }
            message.set(1, .single(.signed(seconds)))
            message.set(2, .single(.signed(nanos)))
        case .fieldMask: try readFieldMask(json, into: &message)
        case .structure: try read(["fields": json], into: &message)
        case .listValue: try read(["values": json], into: &message)
        case .value: try readValue(json, into: &message)
        case .any: try readAny(json, into: &message)
        default:
            guard let field = message.descriptor.field(1), let value = Self.scalar(json, field.type) else {
                throw failure("expected the value of \(known.rawValue)")
            }
            message.set(1, .single(value))
        }
    }

    private func readFieldMask(_ json: JSONValue, into message: inout DynamicMessage) throws(WireError) {
        guard let text = json.string else { throw failure("expected paths between commas") }
        var paths: [DynamicValue] = []
        for path in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
            guard let name = FieldMask.protoPath(path) else { throw failure("expected lower camel case: \(path)") }
            paths.append(.string(name))
        }
        message.set(1, .list(paths))
    }

    private mutating func readValue(_ json: JSONValue, into message: inout DynamicMessage) throws(WireError) {
        switch json {
        case .null: message.set(1, .single(.enumeration(0)))
        case .number(let number): message.set(2, .single(.double(number.double)))
        case .string(let text): message.set(3, .single(.string(text)))
        case .bool(let flag): message.set(4, .single(.bool(flag)))
        case .object, .array:
            let number: Int32 = json.object == nil ? 6 : 5
            guard let field = message.descriptor.field(number) else { return }
            if let value = try value(json, field) { message.set(number, .single(value)) }
        }
    }

    private mutating func readAny(_ json: JSONValue, into message: inout DynamicMessage) throws(WireError) {
        guard case .object(var members) = json else { throw failure("expected an object") }
        if members.isEmpty { return }
        guard let url = members["@type"]?.string else { throw failure("expected @type") }
        members["@type"] = nil
        let name = String(url.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        guard pool.messages[name] != nil else { throw failure("no message \(name)") }
        let isWellKnown = WellKnownType(rawValue: name) != nil
        guard let content = isWellKnown ? members["value"] : .object(members) else { throw failure("expected value") }
        let packed = try within(name) { reader throws(WireError) in try reader.message(content, name) }
        message.set(1, .single(.string(url)))
        message.set(2, .single(.bytes(packed.encoded())))
    }
}
