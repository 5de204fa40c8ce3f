/// A request as it is signed and sent.
struct HTTPRequest: Sendable, Equatable {
    var method: String
    var scheme: String
    /// Host, with the port where it is not the scheme's own.
    var authority: String
    /// Percent-encoded, exactly as it goes out.
    var path: String
    /// Decoded names and values, in order.
    var query: [QueryItem] = []
    /// In order; names as they are sent.
    var headers: [Header] = []
    var body: [UInt8] = []
    /// Never goes by a proxy: it is for an address of the machine itself.
    var isDirect = false

    struct QueryItem: Sendable, Equatable {
        var name: String
        var value: String
    }

    struct Header: Sendable, Equatable {
        var name: String
        var value: String
    }

    var url: String {
        var url = "\(scheme)://\(authority)\(path)"
        if !query.isEmpty {
            url +=
                "?"
                + query.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }
                .joined(separator: "&")
        }
        return url
    }

    mutating func setHeader(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append(Header(name: name, value: value))
    }
}

/// The status and headers of a reply.
struct HTTPResponseHead: Sendable, Equatable {
    var status = 0
    /// Names in lower case.
    var headers: [HTTPRequest.Header] = []

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// AWS's id of the request.
    var requestID: String? { header("x-amzn-requestid") ?? header("x-amz-request-id") ?? header("x-amzn-request-id") }
}
