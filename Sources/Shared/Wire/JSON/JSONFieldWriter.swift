public import JSON

/// Collects the fields as members of an object, by protobuf's canonical JSON mapping; fields at their default are
/// left out.
public struct JSONFieldWriter: FieldVisitor {
    @inlinable @inline(__always) public static var changesFields: Bool { false }

    /// What was collected.
    public private(set) var object = JSONObject()
    /// The message's unknown fields: they hold the numbers of enumerations that have no case.
    private let unknown: UnknownFields

    init(unknown: UnknownFields) { self.unknown = unknown }

    private mutating func set(_ name: StaticString, _ value: JSONValue) { object[jsonName(name.description)] = value }

    private func numbers(_ number: Int32) -> [JSONValue] {
        unknown.values(of: number).compactMap {
            if case .varint(let value) = $0 { .integer(Int32(truncatingIfNeeded: value)) } else { nil }
        }
    }

    public mutating func singular<C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout C.Value, _: C.Type
    ) {
        if !C.isZero(value) { set(name, C.json(value)) }
    }

    public mutating func optional<C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout C.Value?, _: C.Type
    ) {
        if let value { set(name, C.json(value)) }
    }

    public mutating func list<C: ScalarCodec>(_: Int32, _ name: StaticString, _ value: inout [C.Value], _: C.Type) {
        if !value.isEmpty { set(name, .array(value.map { C.json($0) })) }
    }

    public mutating func enumeration<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _ value: inout E) {
        if value.rawValue != 0 {
            set(name, .string(value.protoName))
        } else if let number = numbers(number).last {
            set(name, number)
        }
    }

    public mutating func optionalEnumeration<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _ value: inout E?) {
        if let value = value.map({ JSONValue.string($0.protoName) }) ?? numbers(number).last { set(name, value) }
    }

    public mutating func repeated<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _ value: inout [E]) {
        let values = value.map { JSONValue.string($0.protoName) } + numbers(number)
        if !values.isEmpty { set(name, .array(values)) }
    }

    public mutating func message<M: Message>(_: Int32, _ name: StaticString, _ value: inout M?) {
        if let value { set(name, value.jsonValue()) }
    }

    public mutating func repeated<M: Message>(_: Int32, _ name: StaticString, _ value: inout [M]) {
        if !value.isEmpty { set(name, .array(value.map { $0.jsonValue() })) }
    }

    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _: Int32, _ name: StaticString, _ value: inout [K.Value: C.Value], _: K.Type, _: C.Type
    ) where K.Value: Hashable & Comparable {
        guard !value.isEmpty else { return }
        var entries = JSONObject()
        for (key, value) in value.sorted(by: { $0.key < $1.key }) {
            entries[String(describing: key)] = C.json(value)
        }
        set(name, .object(entries))
    }
}

/// A field's name in JSON: each underscore goes and the letter after it is a capital.
func jsonName(_ protoName: String) -> String {
    var name = ""
    var capital = false
    for character in protoName.unicodeScalars {
        if character == "_" {
            capital = true
        } else {
            name.unicodeScalars.append(capital ? uppercase(character) : character)
            capital = false
        }
    }
    return name
}

private func uppercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    ("a"..."z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) - 0x20) : scalar
}
