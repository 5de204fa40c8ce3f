import JSON

/// A value's form in a service's API. Shapes of a service stand in one array; `Int` is a place in it.
struct Shape: Sendable {
    enum Kind: String, Sendable {
        case structure, list, map, string, integer, long, float, double, boolean, timestamp, blob
    }

    var name: String
    var kind: Kind
    /// Of a structure, sorted by the bytes of their names: that is the order of canonical JSON.
    var members: [Member] = []
    /// A structure's members by their name on the wire (XML element, JSON key).
    var wireNames = NameTable()
    /// Names that must be given in an input.
    var required: [String] = []
    /// Of a structure: the member that is the HTTP body.
    var payload: String?
    /// A list's element, or a map's value.
    var element: Member?
    /// A map's key.
    var key: Member?
    var isFlattened = false
    /// Any JSON goes, as it is.
    var isDocument = false
    var timestampFormat: TimestampFormat?

    struct Member: Sendable {
        enum Location: String, Sendable {
            case header, headers, querystring, uri, statusCode
        }

        /// As in the API reference and in our JSON.
        let name: String
        /// `"Name":`, ready to copy.
        let jsonKey: [UInt8]
        var shape: Int
        /// What it is called on the wire, where that differs.
        var locationName: String?
        /// Where it is if not in the body.
        var location: Location?
        /// The ec2 protocol's name of an input.
        var queryName: String?
        var isFlattened = false
        var isAttribute = false
        var timestampFormat: TimestampFormat?

        var wireName: String { locationName ?? name }

        init(name: String, shape: Int) {
            self.name = name
            self.shape = shape
            jsonKey = JSONValue.string(name).bytes() + [UInt8(ascii: ":")]
        }
    }

    func member(_ name: String) -> Member? { index(ofMember: name).map { members[$0] } }

    func index(ofMember name: String) -> Int? { members.firstIndex { $0.name == name } }
}

/// How a time is written on the wire.
enum TimestampFormat: String, Sendable { case iso8601, rfc822, unixTimestamp }

/// Finds a small number by a name's bytes without making a String: an XML reply has some 100,000 of them.
struct NameTable: Sendable {
    private var slots: [(name: [UInt8], value: Int)?] = []
    private var count = 0

    init() {}

    init(_ names: [(String, Int)]) {
        var size = 4
        while size < names.count * 2 { size *= 2 }
        slots = Array(repeating: nil, count: size)
        for (name, value) in names { insert(Array(name.utf8), value) }
    }

    private mutating func insert(_ name: [UInt8], _ value: Int) {
        var slot = name.withUnsafeBufferPointer { Self.hash($0) } & (slots.count - 1)
        while let taken = slots[slot] {
            if taken.name == name { return }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = (name, value)
    }

    func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = Self.hash(name) & (slots.count - 1)
        while let taken = slots[slot] {
            if taken.name.count == name.count, taken.name.elementsEqual(name) { return taken.value }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func find(_ name: String) -> Int? {
        var name = name
        return name.withUTF8 { find($0) }
    }

    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 15)) & 0x7FFF_FFFF
    }
}
