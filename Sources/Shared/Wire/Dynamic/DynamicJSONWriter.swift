import JSON
import Platform

/// Writes dynamic messages by protobuf's canonical JSON mapping.
struct DynamicJSONWriter {
    let pool: DescriptorPool

    func json(_ message: DynamicMessage) throws(WireError) -> JSONValue {
        if let known = WellKnownType(rawValue: message.descriptor.name) { return try json(message, as: known) }
        return .object(try object(message))
    }

    func object(_ message: DynamicMessage) throws(WireError) -> JSONObject {
        var object = JSONObject()
        for field in message.descriptor.fields {
            switch message.fields[field.number] {
            case .single(let value) where field.label == .explicit || !value.isZero:
                object[field.jsonName] = try json(value, field)
            case .list(let values) where !values.isEmpty:
                var items: [JSONValue] = []
                for value in values { items.append(try json(value, field)) }
                object[field.jsonName] = .array(items)
            case .map(let entries) where !entries.isEmpty:
                guard let value = pool.messages[field.typeName]?.field(2) else { continue }
                var members = JSONObject()
                for (key, entry) in entries.sorted(by: { $0.key < $1.key }) { members[key] = try json(entry, value) }
                object[field.jsonName] = .object(members)
            default: break
            }
        }
        return object
    }

    func json(_ value: DynamicValue, _ field: FieldDescriptor) throws(WireError) -> JSONValue {
        switch value {
        case .bool(let flag): return .bool(flag)
        case .signed(let number): return isNarrow(field.type) ? .integer(number) : .string(String(number))
        case .unsigned(let number): return isNarrow(field.type) ? .integer(number) : .string(String(number))
        case .float(let number): return FloatCodec.json(number)
        case .double(let number): return DoubleCodec.json(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .string(Base64.text(bytes, .json))
        case .enumeration(let number):
            if field.typeName == WellKnownType.nullValue { return .null }
            return pool.enums[field.typeName]?.name(of: number).map { .string($0) } ?? .integer(number)
        case .message(let message): return try json(message)
        }
    }

    private func isNarrow(_ type: FieldType) -> Bool {
        switch type {
        case .int32, .sint32, .sfixed32, .uint32, .fixed32: true
        default: false
        }
    }
}
