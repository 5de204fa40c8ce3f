/// Why bytes or a JSON value are not the message that was asked for.
public enum WireError: Error, Equatable, Sendable {
    /// The bytes end within a field, or a length reaches beyond them.
    case truncated
    /// A varint of more than ten bytes, or of more than 64 bits.
    case malformedVarint
    /// A tag with field number 0, a number above 2^29 - 1, a wire type that does not exist, or a group's end
    /// without its start.
    case invalidTag
    /// A string field that is not UTF-8.
    case invalidUTF8(field: Int32)
    /// Messages nested deeper than the limit.
    case tooDeep(limit: Int)
    /// More bytes than the limit.
    case tooLarge(limitBytes: Int)
    /// More elements of repeated and map fields in one message than the limit.
    case tooManyElements(limit: Int)
    /// A JSON value that does not fit; `path` leads to it from the message.
    case json(path: String, problem: String)
    /// Descriptors that contradict each other or name what is not there.
    case descriptor(String)
}

extension WireError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "the message is truncated"
        case .malformedVarint: "malformed varint"
        case .invalidTag: "invalid field tag"
        case .invalidUTF8(let field): "field \(field) is not valid UTF-8"
        case .tooDeep(let limit): "messages nested more than \(limit) deep"
        case .tooLarge(let limit): "the message is larger than \(limit) bytes"
        case .tooManyElements(let limit): "more than \(limit) elements"
        case .json(let path, let problem): path.isEmpty ? problem : "\(path): \(problem)"
        case .descriptor(let problem): problem
        }
    }
}

/// What a message from outside may take.
public struct WireLimits: Sendable, Equatable {
    /// Length of the encoded message.
    public var bytes: Int
    /// How deep messages, and groups that nobody knows, may nest.
    public var depth: Int
    /// Elements of repeated fields and entries of maps, over the whole tree of messages: an empty element takes two
    /// bytes on the wire and a hundred in memory.
    public var elements: Int

    public init(bytes: Int = 64 << 20, depth: Int = 100, elements: Int = 1 << 20) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
    }

    /// 64 MiB, 100 levels, 1,048,576 elements.
    public static let standard = WireLimits()
}
