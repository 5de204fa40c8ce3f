import Platform
import Synchronization

/// Asks an endpoint of the machine or the container itself: unsigned, never by a proxy, short.
struct LocalHTTP: Sendable {
    let transport: any HTTPTransport

    /// A reply is a few kilobytes.
    private static let limit = 1 << 20

    /// - Parameters:
    ///   - url: `http(s)://HOST[:PORT][/PATH][?QUERY]`.
    ///   - timeout: For the whole of it.
    func send(
        _ method: String, _ url: String, headers: [HTTPRequest.Header], timeout: Duration
    ) async throws(AWSError) -> (status: Int, body: [UInt8]) {
        guard let place = LocalURL(url) else { throw AWSError(.credentials("\(url.debugDescription) is no URL")) }
        var request = HTTPRequest(
            method: method, scheme: place.scheme, authority: place.authority, path: place.target, headers: headers)
        request.isDirect = true
        let sink = CollectingSink(limit: Self.limit)
        try await transport.send(
            request, timeouts: HTTPTimeouts(connect: timeout, idle: timeout, total: timeout), into: sink)
        return (sink.head.status, sink.body)
    }
}

/// The parts of a URL, read strictly: what two readers could understand differently is none.
struct LocalURL: Sendable, Equatable {
    var scheme: String
    var authority: String
    /// Without a port and brackets, in lower case.
    var host: String
    /// Path and query.
    var target: String

    init?(_ url: String) {
        guard let colon = url.firstRange(of: "://") else { return nil }
        scheme = url[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = url[colon.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") })
        else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close].lowercased()
            let port = authority[authority.index(after: close)...]
            guard port.isEmpty || port.first == ":" else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }.lowercased()
        }
        guard !host.isEmpty else { return nil }
        self.authority = String(authority)
        let target = rest[authority.endIndex...]
        self.target = target.first == "/" ? String(target) : "/" + target
    }

    /// Whether the host is an address of this machine: `127.0.0.0/8` or `::1`, in figures.
    var isLoopback: Bool {
        if host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }
}

/// Keeps a small reply whole.
final class CollectingSink: ReplySink {
    private let limit: Int
    private let reply = Mutex((head: HTTPResponseHead(), body: [UInt8]()))

    init(limit: Int) { self.limit = limit }

    var head: HTTPResponseHead { reply.withLock { $0.head } }
    var body: [UInt8] { reply.withLock { $0.body } }

    func begin(_ head: HTTPResponseHead) { reply.withLock { $0 = (head, []) } }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        reply.withLock { reply in
            guard reply.body.count + bytes.count <= limit else { return false }
            reply.body.append(contentsOf: bytes)
            return true
        }
    }
}
