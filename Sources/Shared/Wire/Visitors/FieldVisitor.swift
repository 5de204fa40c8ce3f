/// What is handed a message's fields one by one: an encoder, a decoder, a lister.
///
/// Numbers and names are those of the `.proto` (`snake_case`). A message calls the methods with plain names below
/// (`string`, `optionalInt64`, `repeated`, …); these requirements are what a visitor implements.
public protocol FieldVisitor: ~Copyable {
    /// Whether the visitor changes fields. One that does not is lent messages that others read at the same time, so not
    /// even the same value may be written back.
    static var changesFields: Bool { get }

    /// A singular scalar that is absent when it has its default.
    mutating func singular<C: ScalarCodec>(
        _ number: Int32, _ name: StaticString, _ value: inout C.Value, _ codec: C.Type) throws(WireError)
    /// A scalar that knows whether it was set: `optional`, or a member of a oneof.
    mutating func optional<C: ScalarCodec>(
        _ number: Int32, _ name: StaticString, _ value: inout C.Value?, _ codec: C.Type) throws(WireError)
    /// A repeated scalar, packed where the wire format can.
    mutating func list<C: ScalarCodec>(
        _ number: Int32, _ name: StaticString, _ value: inout [C.Value], _ codec: C.Type) throws(WireError)

    /// An enumeration that is absent when it is zero.
    mutating func enumeration<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _ value: inout E) throws(WireError)
    /// An enumeration that knows whether it was set.
    mutating func optionalEnumeration<E: ProtoEnum>(
        _ number: Int32, _ name: StaticString, _ value: inout E?) throws(WireError)
    /// A repeated enumeration, packed.
    mutating func repeated<E: ProtoEnum>(_ number: Int32, _ name: StaticString, _ value: inout [E]) throws(WireError)

    /// A message; nil when absent.
    mutating func message<M: Message>(_ number: Int32, _ name: StaticString, _ value: inout M?) throws(WireError)
    /// A repeated message.
    mutating func repeated<M: Message>(_ number: Int32, _ name: StaticString, _ value: inout [M]) throws(WireError)

    /// A map of scalars.
    mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _ number: Int32, _ name: StaticString, _ value: inout [K.Value: C.Value], _ key: K.Type, _ codec: C.Type
    ) throws(WireError) where K.Value: Hashable & Comparable
}
