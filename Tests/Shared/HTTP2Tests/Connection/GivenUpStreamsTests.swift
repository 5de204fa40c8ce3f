import EventLoop
import Glibc
import HTTP2
import Testing

/// A client's connection, whose server is the test itself.
private final class ClientUnderTest: StreamEvents, @unchecked Sendable, ConnectionEvents {
    // Confined to its loop's thread, but for the methods that hop there.
    private let loop: EventLoop
    private let pool = StreamPool()
    private var connection: HTTP2Connection?
    private var stream: HTTP2Stream?
    /// The server's end of the socket.
    private let server: Int32

    init(_ limits: ConnectionLimits) async throws {
        loop = try EventLoop.start(name: "client-under-test")
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        server = pair[0]
        super.init()
        let descriptor = pair[1]
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        await onLoop {
            self.connection = try? HTTP2Connection(
                role: .client, number: 1, descriptor: descriptor, tls: nil, peer: PeerIdentity(address: "test"),
                limits: limits, pool: self.pool, loop: self.loop, events: self)
            self.connection?.start()
        }
        var preface = [UInt8](repeating: 0, count: 24)
        try #require(recv(server, &preface, 24, Int32(MSG_WAITALL)) == 24)
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            loop.execute {
                body()
                done.resume()
            }
        }
    }

    /// Begins a call and gives it up; returns when the server knows.
    func giveUpCall() async {
        await onLoop {
            var headers = HeaderBlock()
            for (name, value) in [(":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", "x")] {
                headers.add(name.utf8, value.utf8)
            }
            self.stream = self.connection?.openStream(headers, events: self)
        }
        _ = next(1)
        await onLoop { self.stream?.reset(8) }
        _ = next(3)
    }

    /// Sends a frame from the server.
    func send(_ type: UInt8, stream: UInt8 = 0, _ payload: [UInt8] = []) {
        let head = [0, UInt8(payload.count >> 8), UInt8(payload.count & 255), type, 0, 0, 0, 0, stream]
        _ = (head + payload).withUnsafeBytes { Glibc.send(server, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The payload of the client's next frame of one of these types; nil at the end of the connection.
    func next(_ types: UInt8...) -> (type: UInt8, payload: [UInt8])? {
        while true {
            var head = [UInt8](repeating: 0, count: 9)
            guard recv(server, &head, 9, Int32(MSG_WAITALL)) == 9 else { return nil }
            let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            var payload = [UInt8](repeating: 0, count: count)
            if count > 0, recv(server, &payload, count, Int32(MSG_WAITALL)) != count { return nil }
            let isAnswer = head[3] == 4 && head[4] == 1
            if types.contains(head[3]), !isAnswer { return (head[3], payload) }
        }
    }

    func close() async {
        await onLoop {
            self.connection?.close(nil)
            self.connection = nil
            self.stream = nil
            self.pool.drain()
        }
        loop.stop()
        Glibc.close(server)
    }

    func connectionReady(_ connection: HTTP2Connection) {}
    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {}
    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) {}
    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {}
    override func streamClosed(_ stream: HTTP2Stream, code: UInt32) { stream.events = nil }
}

struct GivenUpStreamsTests {
    @Test func `data of calls that were given up is borne as far as their windows go, and no further`() async throws {
        var limits = ConnectionLimits()
        limits.streamWindowBytes = 64 << 10
        limits.conduct.ignoredKiB = Rate(burst: 100, perSecond: 0)
        limits.conduct.minimumPingInterval = .zero
        let client = try await ClientUnderTest(limits)
        client.send(4)
        /// 64 KiB of what nobody waits for any more; whether the client bears it.
        func bears(_ stream: UInt8) -> Bool {
            for _ in 0..<4 { client.send(0, stream: stream, [UInt8](repeating: 0, count: 15 << 10)) }
            client.send(6, [1, 2, 3, 4, 5, 6, 7, 8])
            return client.next(6, 7)?.type == 6
        }
        for number in 0..<5 as Range<UInt8> {
            await client.giveUpCall()
            #expect(bears(2 * number + 1))
        }
        #expect(!bears(9))
        await client.close()
    }
}
