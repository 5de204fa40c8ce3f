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

        /// - Parameter lowered: A name in lower case.
        func isNamed(_ lowered: String) -> Bool {
            name.utf8.count == lowered.utf8.count
                && zip(name.utf8, lowered.utf8).allSatisfy { HTTPResponseHead.lowered($0) == $1 }
        }
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
        let lowered = name.lowercased()
        headers.removeAll { $0.isNamed(lowered) }
        headers.append(Header(name: name, value: value))
    }
}

/// The status and headers of a reply. Few headers are ever asked for: they are kept as they came.
struct HTTPResponseHead: Sendable, Equatable {
    var status = 0
    /// `Name: value` lines, each with a line feed at its end.
    private var lines: [UInt8] = []

    init(status: Int = 0) { self.status = status }

    /// Adds a header line.
    mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
        lines.append(contentsOf: line)
        if line.last != UInt8(ascii: "\n") { lines.append(UInt8(ascii: "\n")) }
    }

    mutating func add(name: String, value: String) { lines += "\(name): \(value)\n".utf8 }

    /// The first value of a header.
    ///
    /// - Parameter name: In lower case.
    func header(_ name: String) -> String? {
        let wanted = Array(name.utf8)
        var start = 0
        while start < lines.count {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            if end - start > wanted.count, lines[start + wanted.count] == UInt8(ascii: ":"),
                wanted.indices.allSatisfy({ Self.lowered(lines[start + $0]) == wanted[$0] })
            {
                return ScalarText.trim(String(decoding: lines[start + wanted.count + 1..<end], as: UTF8.self))
            }
            start = end + 1
        }
        return nil
    }

    static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// AWS's id of the request.
    var requestID: String? { header("x-amzn-requestid") ?? header("x-amz-request-id") ?? header("x-amzn-request-id") }
}
