/// Lists the fields of a message: what a test compares with the message's descriptor.
public struct FieldLister: FieldVisitor {
    @inlinable @inline(__always) public static var changesFields: Bool { false }

    /// One field as the message declares it.
    public struct Field: Sendable, Equatable {
        public var number: Int32
        /// As in the `.proto`.
        public var name: String
        public var type: FieldType
        public var label: Label
        /// Full name of the message or enumeration; empty for scalars. A map: the types of key and value.
        public var typeName = ""
    }

    /// How often a field occurs.
    public enum Label: Sendable, Equatable {
        /// At its default it is absent.
        case implicit
        /// It knows whether it was set: `optional`, a message, a member of a oneof.
        case explicit
        case repeated
        case map
    }

    /// In the order of the visit.
    public private(set) var fields: [Field] = []

    /// Lists the fields of a message.
    public static func fields<M: Message>(of _: M.Type) -> [Field] {
        var lister = FieldLister()
        var message = M()
        message.visit(&lister)
        return lister.fields
    }

    private mutating func note(
        _ number: Int32, _ name: StaticString, _ type: FieldType, _ label: Label, _ typeName: String = ""
    ) {
        fields.append(Field(number: number, name: name.description, type: type, label: label, typeName: typeName))
    }

    public mutating func singular<C: ScalarCodec>(_ number: Int32, _ name: StaticString, _: inout C.Value, _: C.Type) {
        note(number, name, C.fieldType, .implicit)
    }

    public mutating func optional<C: ScalarCodec>(_ number: Int32, _ name: StaticString, _: inout C.Value?, _: C.Type) {
        note(number, name, C.fieldType, .explicit)
    }

    public mutating func list<C: ScalarCodec>(_ number: Int32, _ name: StaticString, _: inout [C.Value], _: C.Type) {
        note(number, name, C.fieldType, .repeated)
    }

    public mutating func enumeration<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _: inout E) {
        note(number, name, .enumeration, .implicit, E.names.protoName)
    }

    public mutating func optionalEnumeration<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _: inout E?) {
        note(number, name, .enumeration, .explicit, E.names.protoName)
    }

    public mutating func repeated<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _: inout [E]) {
        note(number, name, .enumeration, .repeated, E.names.protoName)
    }

    public mutating func message<M: Message>(_ number: Int32, _ name: StaticString, _: inout M?) {
        note(number, name, .message, .explicit, M.protoName)
    }

    public mutating func repeated<M: Message>(_ number: Int32, _ name: StaticString, _: inout [M]) {
        note(number, name, .message, .repeated, M.protoName)
    }

    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _ number: Int32, _ name: StaticString, _: inout [K.Value: C.Value], _: K.Type, _: C.Type
    ) where K.Value: Hashable & Comparable {
        note(number, name, .message, .map, "\(K.fieldType),\(C.fieldType)")
    }
}
