/// A JSON value as a tree.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// The default of how many arrays and objects may be open at once.
    public static let standardDepthLimit = 128

    /// Parses one JSON text, strictly: RFC 8259, UTF-8, no name twice in an object, nothing after the value.
    ///
    /// - Parameter depthLimit: How many arrays and objects that are not empty may be open at once; 1 to 1,000.
    public init(parsing bytes: [UInt8], depthLimit: Int = JSONValue.standardDepthLimit) throws(JSONError) {
        self = try JSONDocument(parsing: bytes, depthLimit: depthLimit).root.value()
    }

    /// Parses one JSON text.
    public init(parsing text: String, depthLimit: Int = JSONValue.standardDepthLimit) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
    }

    /// An integer as a number.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// A double as a number; null where it is not finite.
    public static func double(_ value: Double) -> JSONValue { JSONNumber(value).map { .number($0) } ?? .null }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The value of a `true` or `false`.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The text of a string.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The number.
    public var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }

    /// A number that is an integer and fits.
    public var int64: Int64? { number?.int64 }

    /// The nearest double of a number.
    public var double: Double? { number?.double }

    /// The items of an array.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object.
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The member of an object; nil where this is no object or has no such member.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// The item of an array; nil where this is no array or is too short.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.lazy.map { (name: $0, value: $1) }))
    }
}
