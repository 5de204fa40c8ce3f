import HTTP2
import RPC
import Testing

/// What a peer does that no honest client would.
struct AbuseTests {
    private static let enhanceYourCalm: UInt32 = 11

    @Test func `a client that resets streams without end is told to calm down`() async throws {
        let pair = try await EchoPair { $0.conduct.resets = Rate(burst: 20, perSecond: 20) }
        let peer = RawPeer(port: pair.server.port)
        for number in 0..<60 {
            let stream = UInt32(2 * number + 1)
            peer.sendCall(stream: stream, path: "/parapet.test.v1.Echo/Wait")
            peer.send(RawPeer.Frame(type: RawPeer.reset, stream: stream, payload: [0, 0, 0, 8]))
        }
        #expect(peer.goAwayCode() == Self.enhanceYourCalm)
        #expect(peer.isClosed())
        #expect(try await pair.client.unary(EchoMethods.echo, EchoMessage("others are served")).number == 0)
        await pair.close()
    }

    @Test(arguments: [
        RawPeer.Frame(type: RawPeer.ping, payload: [UInt8](repeating: 0, count: 8)),
        RawPeer.Frame(type: RawPeer.settings),
        RawPeer.Frame(type: 2, stream: 1, payload: [0, 0, 0, 0, 1]),
    ])
    func `a flood of control frames is told to calm down`(frame: RawPeer.Frame) async throws {
        let pair = try await EchoPair { $0.conduct.controlFrames = Rate(burst: 50, perSecond: 50) }
        let peer = RawPeer(port: pair.server.port)
        for _ in 0..<200 { peer.send(frame) }
        #expect(peer.goAwayCode() == Self.enhanceYourCalm)
        #expect(peer.isClosed())
        await pair.close()
    }

    @Test func `a flood of empty data frames is told to calm down`() async throws {
        let pair = try await EchoPair { $0.conduct.controlFrames = Rate(burst: 50, perSecond: 50) }
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Echo")
        for _ in 0..<200 { peer.send(RawPeer.Frame(type: RawPeer.data, stream: 1)) }
        #expect(peer.goAwayCode() == Self.enhanceYourCalm)
        await pair.close()
    }

    @Test func `a connection that says nothing is closed after the handshake time`() async throws {
        let pair = try await EchoPair { $0.handshakeTimeout = .milliseconds(50) }
        #expect(RawPeer(port: pair.server.port, preface: false).isClosed())
        await pair.close()
    }

    @Test func `something other than HTTP2 is closed`() async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port, preface: false)
        peer.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(peer.isClosed())
        await pair.close()
    }

    @Test func `connections over the limit are closed, the others are served`() async throws {
        let pair = try await EchoPair { $0.maxConnections = 2 }
        let first = RawPeer(port: pair.server.port)
        #expect(first.next() != nil)
        _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        #expect(RawPeer(port: pair.server.port).isClosed())
        _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        await pair.close()
    }

    @Test func `streams over the limit are refused`() async throws {
        let pair = try await EchoPair { $0.maxConcurrentStreams = 2 }
        let peer = RawPeer(port: pair.server.port)
        for stream in [1, 3, 5] as [UInt32] { peer.sendCall(stream: stream, path: "/parapet.test.v1.Echo/Wait") }
        let refused = peer.next { $0.type == RawPeer.reset }
        #expect(refused == RawPeer.Frame(type: RawPeer.reset, stream: 5, payload: [0, 0, 0, 7]))
        await pair.close()
    }

    @Test func `handlers over the limit are not started`() async throws {
        let pair = try await EchoPair { $0.maxRunningCalls = 1 }
        let task = Task { try await pair.client.unary(EchoMethods.wait, EchoMessage()) }
        #expect(await eventually { pair.seen.count("waiting") == 1 })
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        }
        let details: [StatusDetail] = [.retryInfo(delay: .seconds(1))]
        #expect(error == RPCError(.resourceExhausted, "1 calls run, the limit is 1", details: details))
        task.cancel()
        await pair.close()
    }

    @Test func `a header list over the limit is refused`() async throws {
        let pair = try await EchoPair { $0.headerListLimitBytes = 2000 }
        var metadata = Metadata()
        metadata.add("x-long", String(repeating: "x", count: 3000))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage(), metadata: metadata)
        }
        #expect(error == RPCError(.resourceExhausted, "the header list is over the limit of 2000 bytes"))
        _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        await pair.close()
    }

    @Test func `a connection that holds too many request bytes is refused more`() async throws {
        let pair = try await EchoPair { $0.connectionReceiveLimitBytes = 10_000 }
        let peer = RawPeer(port: pair.server.port)
        let frame: [UInt8] = [0, 0, 0, 0x27, 0x10] + [UInt8](repeating: 0, count: 5000)
        for stream in [1, 3, 5] as [UInt32] {
            peer.sendCall(stream: stream, path: "/parapet.test.v1.Echo/Echo")
            peer.send(RawPeer.Frame(type: RawPeer.data, stream: stream, payload: frame))
        }
        let answer = peer.next { $0.type == RawPeer.headers }
        #expect(answer?.stream == 3)
        await pair.close()
    }

    @Test(arguments: [
        ("GET", "/parapet.test.v1.Echo/Echo", "application/grpc"), ("POST", "/parapet.test.v1.Echo/Echo", "text/html"),
        ("POST", "nonsense", "application/grpc"), ("POST", "/", "application/grpc"),
    ])
    func `requests that are no calls are answered and harm nobody`(
        method: String, path: String, type: String
    ) async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        let fields = [
            (":method", method), (":scheme", "http"), (":path", path), (":authority", "x"), ("content-type", type),
        ]
        peer.sendHeaders(stream: 1, end: true, fields)
        #expect(peer.next { $0.stream == 1 } != nil)
        peer.sendCall(stream: 3, path: "/parapet.test.v1.Echo/Echo")
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 3, payload: [0, 0, 0, 0, 0]))
        let response = peer.next { $0.type == RawPeer.data && $0.stream == 3 }
        #expect(response?.payload == [0, 0, 0, 0, 0])
        await pair.close()
    }

    @Test(arguments: [[0, 0, 0, 0, 5, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0], []] as [[UInt8]])
    func `a body that is not one message is refused`(body: [UInt8]) async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Wait")
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 1, payload: body))
        #expect(peer.next { $0.type == RawPeer.headers && $0.stream == 1 } != nil)
        #expect(pair.seen.all.isEmpty)
        await pair.close()
    }

    @Test func `a half-open call is answered when its method is unknown`() async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Missing")
        #expect(peer.next { $0.type == RawPeer.headers && $0.stream == 1 } != nil)
        #expect(peer.next { $0.type == RawPeer.reset }?.payload == [0, 0, 0, 0])
        await pair.close()
    }

    @Test func `a header block in two pieces is whole, though another call ends between them`() async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Wait", [("grpc-timeout", "50m")])
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 1, payload: [0, 0, 0, 0, 0]))
        let first = RawPeer.block([(":method", "POST"), (":scheme", "http"), (":path", "/parapet.test.v1.Echo/Echo")])
        peer.send(RawPeer.Frame(type: RawPeer.headers, stream: 3, payload: first))
        #expect(peer.next { $0.type == RawPeer.headers && $0.stream == 1 && $0.flags & 1 == 1 } != nil)
        let rest = RawPeer.block([(":authority", "x"), ("te", "trailers"), ("content-type", "application/grpc")])
        peer.send(RawPeer.Frame(type: RawPeer.continuation, flags: 4, stream: 3, payload: rest))
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 3, payload: [0, 0, 0, 0, 0]))
        #expect(peer.next { $0.type == RawPeer.data && $0.stream == 3 }?.payload == [0, 0, 0, 0, 0])
        await pair.close()
    }

    @Test func `a client's trailers take nothing from its call's metadata`() async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Describe", [("x-text", "kept")])
        peer.send(RawPeer.Frame(type: RawPeer.data, stream: 1, payload: [0, 0, 0, 0, 0]))
        peer.sendHeaders(stream: 1, end: true, [("x-text", "replaced"), ("x-refuse", "replaced")])
        let response = peer.next { $0.type == RawPeer.data && $0.stream == 1 }
        let text = String(decoding: response?.payload ?? [], as: UTF8.self)
        #expect(text.contains("|kept|"))
        await pair.close()
    }
}
