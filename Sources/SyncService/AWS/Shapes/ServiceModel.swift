/// The kinds of endpoints that may be asked for.
enum EndpointVariant: String, Sendable {
    case plain, dualStack, fips, dualStackFIPS
    /// STS before it had one in each region.
    case global

    var isFIPS: Bool { self == .fips || self == .dualStackFIPS }
    var isDualStack: Bool { self == .dualStack || self == .dualStackFIPS }
}

/// What one service's API looks like, as far as the catalogue uses it.
final class ServiceModel: Sendable {
    enum WireProtocol: String, Sendable {
        case query, ec2, json
        case restXML = "rest-xml"
        case restJSON = "rest-json"

        var isXML: Bool { self == .query || self == .ec2 || self == .restXML }
        var isREST: Bool { self == .restXML || self == .restJSON }

        /// What a time is written as where its shape does not say.
        var bodyTimestamps: TimestampFormat { isXML ? .iso8601 : .unixTimestamp }
    }

    let name: String
    /// AWS's id, `S3 Control`: names the variable of a custom endpoint.
    let serviceID: String
    let apiVersion: String
    /// The first part of its host's name.
    let endpointPrefix: String
    let wireProtocol: WireProtocol
    let signingName: String
    /// Before the operation's name in `X-Amz-Target`.
    let targetPrefix: String
    /// `1.0` or `1.1`.
    let jsonVersion: String
    /// Error codes by which it asks to slow down, beside the usual ones.
    let throttlingCodes: Set<String>
    let endpoints: Endpoints
    let operations: [String: Operation]
    let shapes: [Shape]
    /// The same, for reading replies.
    let table: ShapeTable

    init(
        name: String, serviceID: String, apiVersion: String, endpointPrefix: String, wireProtocol: WireProtocol,
        signingName: String,
        targetPrefix: String, jsonVersion: String, throttlingCodes: Set<String>, endpoints: Endpoints,
        operations: [String: Operation], shapes: [Shape]
    ) {
        self.name = name
        self.serviceID = serviceID
        self.apiVersion = apiVersion
        self.endpointPrefix = endpointPrefix
        self.wireProtocol = wireProtocol
        self.signingName = signingName
        self.targetPrefix = targetPrefix
        self.jsonVersion = jsonVersion
        self.throttlingCodes = throttlingCodes
        self.endpoints = endpoints
        self.operations = operations
        self.shapes = shapes
        table = ShapeTable(shapes)
    }

    struct Operation: Sendable {
        var name: String
        var method: String
        /// Path with `{Member}` and `{Member+}`, and a constant query after `?`.
        let uri: String
        /// The same, taken apart.
        let target: URITarget
        var input: Int?
        var output: Int?
        /// The element of a query reply that holds the output.
        var resultWrapper: String?
        /// Put before the host's name, `{AccountId}.`.
        var hostPrefix: String?
        var page: Paginator?
        /// Where they differ from the service's.
        var endpoints: Endpoints?

        init(name: String, method: String, uri: String) {
            self.name = name
            self.method = method
            self.uri = uri
            target = URITarget(uri)
        }
    }

    /// An operation's path and constant query, taken apart.
    struct URITarget: Sendable, Equatable {
        enum Piece: Sendable, Equatable {
            case text(String)
            /// A member's name on the wire; of a greedy one the slashes stay.
            case label(String, isGreedy: Bool)
        }

        private(set) var pieces: [Piece] = []
        private(set) var query: [HTTPRequest.QueryItem] = []

        /// Whether a bucket's name comes first.
        var beginsWithBucket: Bool {
            pieces.count > 1 && pieces[0] == .text("/") && pieces[1] == .label("Bucket", isGreedy: false)
        }

        init(_ uri: String) {
            let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            var rest = parts[0]
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
                let label = rest[rest.index(after: open)..<close]
                let isGreedy = label.hasSuffix("+")
                pieces.append(.label(String(isGreedy ? label.dropLast() : label), isGreedy: isGreedy))
                rest = rest[rest.index(after: close)...]
            }
            if !rest.isEmpty { pieces.append(.text(String(rest))) }
            for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
                let pair = item.split(separator: "=", maxSplits: 1)
                query.append(.init(name: String(pair[0]), value: pair.count > 1 ? String(pair[1]) : ""))
            }
        }
    }

    /// How an operation pages.
    struct Paginator: Sendable, Equatable {
        /// Inputs that take the tokens.
        var inputs: [String]
        /// Where the tokens are in the output, one for each input.
        var outputs: [FieldPath]
        /// A boolean of the output: false ends the listing even with a token.
        var more: FieldPath?
        /// The input that sets the page's size.
        var limit: String?
        /// The lists that the pages are joined by.
        var results: [FieldPath]
    }

    /// Partition → kind → where it is. What is not here has the partition's usual form.
    typealias Endpoints = [String: [EndpointVariant: Endpoint]]

    struct Endpoint: Sendable, Equatable {
        var usual: EndpointPlace
        /// Regions with an endpoint of another form.
        var regions: [String: EndpointPlace] = [:]
    }

    struct EndpointPlace: Sendable, Equatable {
        /// With `{region}`. Nil: there is none.
        var url: String?
        var signingRegion: String?
        var signingName: String?
    }
}
