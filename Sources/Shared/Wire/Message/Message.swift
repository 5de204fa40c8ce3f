public import JSON

/// A protobuf message: a value that hands its fields, one after the other, to a visitor.
///
/// A conforming type writes the first five requirements by hand; everything else follows from ``fields(_:)``.
/// Two messages are equal when their fields and their unknown fields are.
public protocol Message: Sendable, Equatable {
    /// The full name in the `.proto`, such as `parapet.account.v1.Account`.
    static var protoName: String { get }
    /// A message with every field at its default.
    init()
    /// What was decoded and has no field here; encoding gives it out again.
    var unknownFields: UnknownFields { get set }
    /// Hands each field to the visitor, in ascending order of numbers: the one list of the message's fields.
    ///
    /// To be marked `@inlinable @inline(__always)` and to do nothing else. Only the decoding visitors change a field.
    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError)

    // The rest has defaults. They are requirements so that each message gets a compiled form of its own in the module
    // where it is declared, however generic its caller is.

    /// Merges the fields that the decoder stands before.
    mutating func decode(from decoder: inout FieldDecoder) throws(WireError)
    /// ``encodedSize()``, of the message where it is. Changes nothing.
    mutating func measure() -> Int
    /// Writes the fields of the message where it is, and where the encoder stands, which has room for ``encodedSize()``
    /// bytes. Changes nothing.
    mutating func write(to encoder: inout FieldEncoder)
    /// The message in protobuf's canonical JSON mapping.
    func jsonValue() -> JSONValue
    /// Merges the members of a JSON value.
    mutating func decode(json: JSONValue, from reader: inout JSONFieldReader) throws(WireError)
}

/// An enumeration of a `.proto`, as a Swift enumeration with the numbers as raw values.
///
/// It is open, as proto3 has it: a number without a case leaves the field at zero and goes to the message's
/// ``Message/unknownFields``, so that it is neither lost when the message is passed on nor mistaken for a known case.
public protocol ProtoEnum: RawRepresentable<Int32>, CaseIterable, Hashable, Sendable {
    /// The names of the cases in the `.proto`.
    static var names: EnumNames { get }
}

/// What the `.proto` calls an enumeration and its values, in the order of the Swift cases.
public struct EnumNames: Sendable, Equatable {
    /// The full name, such as `parapet.account.v1.AccountState`.
    public let protoName: String
    /// The full names of the values, such as `ACCOUNT_STATE_DRAFT`.
    public let values: [String]

    /// - Parameter prefix: What every value's name begins with, such as `ACCOUNT_STATE_`.
    public init(_ protoName: String, prefix: String, _ values: String...) {
        self.protoName = protoName
        self.values = values.map { prefix + $0 }
    }
}

extension ProtoEnum {
    /// The value's name in the `.proto`, such as `ACCOUNT_STATE_DRAFT`.
    public var protoName: String {
        zip(Self.allCases, Self.names.values).first { $0.0 == self }?.1 ?? String(rawValue)
    }

    /// The value of that name in the `.proto`.
    public init?(protoName: String) {
        guard let found = zip(Self.allCases, Self.names.values).first(where: { $0.1 == protoName }) else { return nil }
        self = found.0
    }
}

extension Message {
    /// A message with some fields set: `GetAccountRequest.with { $0.accountId = "a" }`.
    @inlinable
    public static func with(_ set: (inout Self) -> Void) -> Self {
        var message = Self()
        set(&message)
        return message
    }
}
