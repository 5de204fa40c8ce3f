public import JSON

/// `google.protobuf.FieldMask`: which fields of a message are meant. In JSON one string, paths in lower camel case
/// between commas.
public struct FieldMask: Message {
    public static let protoName = "google.protobuf.FieldMask"
    /// Names of fields as in the `.proto`, nested ones after a point.
    public var paths: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    public init(_ paths: [String]) { self.paths = paths }

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "paths", &paths)
    }

    public func jsonValue() -> JSONValue { .string(paths.map(jsonName).joined(separator: ",")) }

    public mutating func decode(json: JSONValue, from reader: inout JSONFieldReader) throws(WireError) {
        guard let text = json.string else { throw reader.failure("expected paths between commas") }
        for path in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
            guard let name = FieldMask.protoPath(path) else {
                throw reader.failure("expected lower camel case: \(path)")
            }
            paths.append(name)
        }
    }

    /// `fooBar.baz` → `foo_bar.baz`; nil where the path could not have come from such a name.
    static func protoPath(_ path: Substring) -> String? {
        var name = ""
        for character in path.unicodeScalars {
            if character == "_" { return nil }
            if ("A"..."Z").contains(character) {
                name += "_"
                name.unicodeScalars.append(Unicode.Scalar(UInt8(character.value) + 0x20))
            } else {
                name.unicodeScalars.append(character)
            }
        }
        return name
    }
}
