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
    /// The members that are in a body, by their name on the wire (XML element, JSON key).
    var wireNames: [(name: String, member: Int)] = []
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
