/// A message as descriptors describe it.
public final class MessageDescriptor: Sendable {
    /// Full name, without a leading point.
    public let name: String
    /// In the order of the `.proto`; then the extensions that the pool has for it.
    public let fields: [FieldDescriptor]
    /// Names of the oneofs, those that protoc makes for `optional` left out.
    public let oneofs: [String]
    /// Whether it is an entry of a map: key 1, value 2.
    public let isMapEntry: Bool
    private let positions: [Int32: Int]
    private let namedPositions: [String: Int]

    init(name: String, fields: [FieldDescriptor], oneofs: [String], isMapEntry: Bool) {
        self.name = name
        self.fields = fields
        self.oneofs = oneofs
        self.isMapEntry = isMapEntry
        positions = Dictionary(fields.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        let names = fields.enumerated().flatMap { [($1.jsonName, $0), ($1.name, $0)] }
        namedPositions = Dictionary(names, uniquingKeysWith: { first, _ in first })
    }

    /// The field of that number.
    public func field(_ number: Int32) -> FieldDescriptor? { positions[number].map { fields[$0] } }

    /// The field of that name, in JSON or in the `.proto`.
    public func field(named name: String) -> FieldDescriptor? { namedPositions[name].map { fields[$0] } }
}

/// A field of a message as descriptors describe it.
public struct FieldDescriptor: Sendable {
    public let number: Int32
    /// As in the `.proto`.
    public let name: String
    /// Lower camel case, or what the `.proto` sets.
    public let jsonName: String
    public let type: FieldType
    /// Full name of the message or enumeration, without a leading point; empty for scalars.
    public let typeName: String
    public let label: FieldLister.Label
    /// Whether a repeated scalar is written packed.
    public let isPacked: Bool
    /// Index into ``MessageDescriptor/oneofs``; nil outside of one.
    public let oneof: Int?

    var wireType: WireType {
        switch type {
        case .double, .fixed64, .sfixed64: .fixed64
        case .float, .fixed32, .sfixed32: .fixed32
        case .string, .bytes, .message: .lengthDelimited
        case .group: .startGroup
        default: .varint
        }
    }

    /// Whether its values may stand packed.
    var isPackable: Bool { wireType != .lengthDelimited && wireType != .startGroup }
}

/// An enumeration as descriptors describe it.
public struct EnumDescriptor: Sendable {
    /// Full name, without a leading point.
    public let name: String
    /// In the order of the `.proto`; a number may have several names.
    public let values: [(name: String, number: Int32)]
    /// As in proto2: a number without a name is an unknown field.
    let isClosed: Bool

    /// The first name of a number.
    public func name(of number: Int32) -> String? { values.first { $0.number == number }?.name }

    /// The number of a name.
    public func number(of name: String) -> Int32? { values.first { $0.name == name }?.number }
}

/// A service as descriptors describe it.
public struct ServiceDescriptor: Sendable {
    /// Full name, without a leading point.
    public let name: String
    public let methods: [MethodDescriptor]
}

/// A method as descriptors describe it.
public struct MethodDescriptor: Sendable {
    /// As in the `.proto`, such as `GetAccount`.
    public let name: String
    /// Full names of the messages, without a leading point.
    public let request: String, response: String
    public let clientStreaming: Bool, serverStreaming: Bool
    /// Extensions are in its unknown fields.
    public let options: MethodOptions
}
