import Glibc
import Platform
import Synchronization

@testable import SyncService

/// A tiny HTTP server on loopback that answers as a test says, faults included.
final class StandInServer: Sendable {
    struct Request: Sendable {
        var method: String
        /// Path and query, as they came.
        var target: String
        var headers: [String: String]
        var body: String
        /// Names the connection that it came by.
        var connection = ""
    }

    enum Answer: Sendable {
        case reply(Int, String, type: String = "text/xml", headers: [String: String] = [:])
        /// Fewer bytes than the header promises.
        case cut(String, promised: Int)
        /// Head and body as they are; then the connection is closed, or left as it is until the client goes.
        case raw([UInt8], closes: Bool = true)
        /// Nothing, until the client goes.
        case hang
        /// The connection is closed without a byte.
        case close
        /// The connection is reset after these bytes.
        case reset([UInt8])
    }

    private struct State {
        var requests: [Request] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    private let listener: Int32
    let port: UInt16
    private let state = Mutex(State())
    private let answer: @Sendable (Request, Int) -> Answer

    var endpoint: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }

    /// - Parameter answer: Gets each request and its number, from 0.
    init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw FileError(errno, "bind", "127.0.0.1") }
        port = UInt16(bigEndian: address.sin_port)
        _ = Threads.start(name: "stand-in") { [self] in accept() }
    }

    func stop() {
        let open = state.withLock { state in
            state.isStopped = true
            return state.connections
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0, !state.withLock({ $0.isStopped }) else { break }
            state.withLock { $0.connections.append(connection) }
            _ = Threads.start(name: "stand-in-peer") { [self] in
                serve(connection)
                state.withLock { $0.connections.removeAll { $0 == connection } }
                close(connection)
            }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var pending: [UInt8] = []
        let name = "\(WallTime.now().unixNanoseconds)-\(connection)"
        while var request = read(connection, &pending) {
            request.connection = name
            let number = note(request)
            switch answer(request, number) {
            case .reply(let status, let body, let type, let headers):
                let extra = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
                send(
                    connection,
                    "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(extra)\r\n\(body)"
                )
            case .cut(let body, let promised):
                send(
                    connection,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: \(promised)\r\n\r\n\(body)")
                return
            case .raw(let bytes, let closes):
                send(connection, bytes)
                if !closes { waitForEnd(connection) }
                return
            case .hang: return waitForEnd(connection)
            case .close: return
            case .reset(let bytes):
                send(connection, bytes)
                // What was sent is given the time to be read: a reset drops what was not.
                if !bytes.isEmpty { usleep(2000) }
                var discard = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &discard, socklen_t(MemoryLayout<linger>.size))
                return
            }
        }
    }

    private func note(_ request: Request) -> Int {
        state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
    }

    private func waitForEnd(_ connection: Int32) {
        var byte: UInt8 = 0
        _ = recv(connection, &byte, 1, 0)
    }

    private func send(_ connection: Int32, _ text: String) { send(connection, Array(text.utf8)) }

    private func send(_ connection: Int32, _ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func read(_ connection: Int32, _ pending: inout [UInt8]) -> Request? {
        while true {
            if let (request, length) = parse(pending) {
                pending.removeFirst(length)
                return request
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    private func parse(_ bytes: [UInt8]) -> (Request, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = ScalarText.trim(String(line[line.index(after: colon)...]))
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let head = text[..<end.upperBound].utf8.count
        guard bytes.count >= head + length else { return nil }
        let body = String(decoding: bytes[head..<head + length], as: UTF8.self)
        return (
            Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body), head + length
        )
    }
}

/// Runs a body against a stand-in and a client of it, and ends both.
func withStandIn(
    limits: AWSLimits = AWSLimits(), _ answer: @escaping @Sendable (StandInServer.Request, Int) -> StandInServer.Answer,
    _ body: (StandInServer, ClientHarness) async throws -> Void
) async throws {
    let server = try StandInServer(answer)
    let harness = try ClientHarness(endpoint: server.endpoint, limits: limits)
    do {
        try await body(server, harness)
    } catch {
        await harness.stop()
        server.stop()
        throw error
    }
    await harness.stop()
    server.stop()
}

/// The error of a call that must fail.
func failure(_ body: () async throws(AWSError) -> Void) async -> AWSError? {
    do throws(AWSError) {
        try await body()
        return nil
    } catch { return error }
}
