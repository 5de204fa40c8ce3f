/// A message whose type is known at run time only, by its descriptor.
public struct DynamicMessage: Sendable, Equatable {
    /// Its type.
    public let descriptor: MessageDescriptor
    /// Where the types of its fields are found.
    let pool: DescriptorPool
    /// By number; a field that is not here is absent.
    public internal(set) var fields: [Int32: DynamicField] = [:]
    /// What was decoded and is no field of the type.
    public internal(set) var unknownFields = UnknownFields()

    /// An empty message of a type.
    ///
    /// - Throws: ``WireError/descriptor(_:)`` where the pool has no message of that name.
    public init(_ name: String, in pool: DescriptorPool) throws(WireError) {
        guard let descriptor = pool.messages[name] else { throw .descriptor("no message \(name)") }
        self.descriptor = descriptor
        self.pool = pool
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.descriptor.name == right.descriptor.name && left.fields == right.fields
            && left.unknownFields == right.unknownFields
    }

    /// Sets a field, and clears the others of its oneof. What is the same as absent becomes absent.
    mutating func set(_ field: FieldDescriptor, _ value: DynamicField) {
        switch value {
        case .single(let single) where field.label == .implicit && single.isZero: return fields[field.number] = nil
        case .list(let values) where values.isEmpty: return
        case .map(let entries) where entries.isEmpty: return
        default: break
        }
        if let oneof = field.oneof {
            for other in descriptor.fields where other.oneof == oneof { fields[other.number] = nil }
        }
        fields[field.number] = value
    }
}

/// What a field of a dynamic message holds.
public enum DynamicField: Sendable, Equatable {
    case single(DynamicValue)
    case list([DynamicValue])
    /// Keys as JSON writes them.
    case map([String: DynamicValue])
}

/// One value of a field.
public enum DynamicValue: Sendable, Equatable {
    case bool(Bool)
    /// Of all signed types.
    case signed(Int64)
    /// Of all unsigned types.
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case enumeration(Int32)
    indirect case message(DynamicMessage)

    /// Whether it is what an absent scalar has.
    var isZero: Bool {
        switch self {
        case .bool(let value): !value
        case .signed(let value): value == 0
        case .unsigned(let value): value == 0
        case .float(let value): FloatCodec.isZero(value)
        case .double(let value): DoubleCodec.isZero(value)
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .enumeration(let value): value == 0
        case .message: false
        }
    }

    /// What a scalar of that type has when it is absent; nil for messages.
    static func zero(_ type: FieldType) -> DynamicValue? {
        switch type {
        case .bool: .bool(false)
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64: .signed(0)
        case .uint32, .uint64, .fixed32, .fixed64: .unsigned(0)
        case .float: .float(0)
        case .double: .double(0)
        case .string: .string("")
        case .bytes: .bytes([])
        case .enumeration: .enumeration(0)
        case .message, .group: nil
        }
    }

    /// The text of a key of a map.
    var keyText: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .signed(let value): String(value)
        case .unsigned(let value): String(value)
        case .string(let value): value
        default: ""
        }
    }

    /// A key of its text; nil where the type is no key's.
    init?(keyText text: String, _ type: FieldType) {
        switch type {
        case .bool where text == "true" || text == "false": self = .bool(text == "true")
        case .int32, .sint32, .sfixed32: if let value = Int32(text) { self = .signed(Int64(value)) } else { return nil }
        case .int64, .sint64, .sfixed64: if let value = Int64(text) { self = .signed(value) } else { return nil }
        case .uint32, .fixed32: if let value = UInt32(text) { self = .unsigned(UInt64(value)) } else { return nil }
        case .uint64, .fixed64: if let value = UInt64(text) { self = .unsigned(value) } else { return nil }
        case .string: self = .string(text)
        default: return nil
        }
    }
}
