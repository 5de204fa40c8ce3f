import EventLoop
import Glibc
import HTTP2

/// A client that sends the header lists and body bytes it is told to, and shows what came back. One connection.
final class RawClient: @unchecked Sendable {
    // Confined to its loop's thread, but for the methods that hop there.
    let loop: EventLoop
    private var connection: HTTP2Connection?
    private let pool = StreamPool()
    private(set) var goAways = 0

    private init(_ loop: EventLoop) { self.loop = loop }

    static func connect(_ port: UInt16) async throws -> RawClient {
        let client = RawClient(try EventLoop.start(name: "raw-client"))
        let result: Result<Void, TransportError> = await client.onLoop {
            do throws(TransportError) { return .success(try client.connect(port)) } catch { return .failure(error) }
        }
        try result.get()
        return client
    }

    private func connect(_ port: UInt16) throws(TransportError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw TransportError("connect: \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let connection = try HTTP2Connection(
            role: .client, number: 1, descriptor: descriptor, tls: nil, peer: PeerIdentity(address: "127.0.0.1"),
            limits: ConnectionLimits(), pool: pool, loop: loop, events: self)
        self.connection = connection
        connection.start()
    }

    /// Begins a call of `path` with more headers, which replace those of the same name.
    func call(_ path: String, _ changes: [(String, String)] = [], body: [UInt8]? = nil, end: Bool = true) async
        -> RawCall
    {
        var fields = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"), ("te", "trailers"),
            ("content-type", "application/grpc"),
        ]
        for change in changes {
            if let index = fields.firstIndex(where: { $0.0 == change.0 }) {
                fields[index].1 = change.1
            } else {
                fields.append(change)
            }
        }
        let sent = fields
        return await onLoop {
            var block = HeaderBlock()
            for (name, value) in sent { block.add(name.utf8, value.utf8) }
            let call = RawCall(self)
            call.stream = self.connection?.openStream(block, events: call)
            if call.stream == nil { call.neverOpened() }
            if let body { call.stream?.write(body) }
            if end { call.stream?.finish() }
            return call
        }
    }

    func onLoop<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { done in loop.execute { done.resume(returning: body()) } }
    }

    /// Waits until the server has closed the connection; false after a minute.
    func isClosed() async -> Bool {
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            if await onLoop({ self.connection?.isClosed ?? true }) { return true }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return false
    }

    var sawGoAway: Bool { get async { await onLoop { self.goAways > 0 } } }

    func close() async {
        await onLoop {
            self.connection?.close(nil)
            self.connection = nil
            self.pool.drain()
        }
        loop.stop()
    }
}

extension RawClient: ConnectionEvents {
    func connectionReady(_ connection: HTTP2Connection) {}
    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {}
    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) { goAways += 1 }
    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {}
}

/// What came back for a call.
struct RawResponse: Sendable {
    /// Each header list; a name that repeats has its last value.
    var lists: [[String: String]] = []
    var body: [UInt8] = []
    /// With which the stream was closed; 0 for an orderly end, 7 (refused) also when the connection took no more.
    var code: UInt32?

    /// Of any list.
    subscript(_ name: String) -> String? { lists.lazy.compactMap { $0[name] }.last }
    var status: String? { self["grpc-status"] }
    var http: String? { lists.first?[":status"] }
}

/// A call that a ``RawClient`` has begun.
final class RawCall: StreamEvents, @unchecked Sendable {
    // Confined to its client's loop, but for the methods that hop there.
    private let client: RawClient
    fileprivate var stream: HTTP2Stream?
    private var response = RawResponse()
    private var waiting: [CheckedContinuation<RawResponse, Never>] = []

    fileprivate init(_ client: RawClient) { self.client = client }

    fileprivate func neverOpened() { response.code = 7 }

    func send(_ body: [UInt8], end: Bool = false) async {
        await client.onLoop {
            self.stream?.write(body)
            if end { self.stream?.finish() }
        }
    }

    func reset() async { await client.onLoop { self.stream?.reset(8) } }

    /// Bytes that the server's window keeps from going out.
    var queuedBytes: Int { get async { await client.onLoop { self.stream?.queuedBytes ?? 0 } } }

    /// All of it, once the stream is closed; what there is after a minute.
    func finished() async -> RawResponse {
        await withCheckedContinuation { done in
            client.loop.execute {
                self.client.loop.schedule(after: .seconds(60)) { self.answer() }
                if self.response.code != nil {
                    done.resume(returning: self.response)
                } else {
                    self.waiting.append(done)
                }
            }
        }
    }

    /// What has come so far.
    var soFar: RawResponse { get async { await client.onLoop { self.response } } }

    // MARK: What comes

    override func streamHeaders(_ stream: HTTP2Stream) {
        var list: [String: String] = [:]
        for index in stream.headers.indices {
            list[String(decoding: stream.headers.name(index), as: UTF8.self)] = stream.headers.text(index)
        }
        response.lists.append(list)
    }

    override func streamData(_ stream: HTTP2Stream) {
        response.body += stream.input.bytes(0..<stream.input.count)
        stream.takeInput(stream.input.count)
        stream.consumeAll()
    }

    override func streamClosed(_ stream: HTTP2Stream, code: UInt32) {
        self.stream = nil
        stream.events = nil
        response.code = code
        answer()
    }

    private func answer() {
        for done in waiting { done.resume(returning: response) }
        waiting = []
    }
}

/// A frame of gRPC around `message`.
func framed(_ message: [UInt8], compressed: Bool = false) -> [UInt8] {
    let count = message.count
    let length = [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
    return [compressed ? 1 : 0] + length + message
}
