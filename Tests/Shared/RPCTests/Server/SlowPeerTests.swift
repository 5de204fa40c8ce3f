import RPC
import Testing
import Wire

/// Clients that keep a call open without getting on with it.
struct SlowPeerTests {
    private static let echo = "/parapet.test.v1.Echo/Echo"
    private static let count = "/parapet.test.v1.Echo/Count"

    @Test(arguments: [echo, count], [nil, [], [0, 0, 0, 0, 5, 10]] as [[UInt8]?])
    func `a request that does not come ends its call, and others have its place`(
        path: String, begun: [UInt8]?
    ) async throws {
        let pair = try await EchoPair {
            $0.requestTimeout = .milliseconds(100)
            $0.maxConcurrentStreams = 1
        }
        let client = try await RawClient.connect(pair.server.port)
        let response = await client.call(path, body: begun, end: false).finished()
        #expect(response.status == "4")
        #expect(response["grpc-message"] == "the request has not come within 0.1 seconds")
        #expect(await client.call(Self.echo, body: framed([])).finished().status == "0")
        await client.close()
        await pair.close()
    }

    @Test func `a call of many requests may wait for them, and a handler that works is not disturbed`() async throws {
        let gate = Gate()
        let seen = Sightings()
        var router = Router()
        router.add(EchoService(seen: seen))
        router.unary(EchoMethods.wait) { request, _ throws(RPCError) in
            seen.note("waiting")
            await gate.wait()
            return request
        }
        router.clientStreaming(EchoMethods.fail) { requests, _ throws(RPCError) in
            while try await requests.next() != nil {}
            return EchoMessage("all")
        }
        var configuration = ServerConfiguration(allowPlaintext: true)
        configuration.requestTimeout = .milliseconds(50)
        let server = try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
        let client = try await RawClient.connect(server.port)
        let streaming = await client.call("/parapet.test.v1.Echo/Fail", end: false)
        let working = await client.call("/parapet.test.v1.Echo/Wait", body: framed([]))
        #expect(await eventually { seen.count("waiting") == 1 })
        // Begun later, and over by its time: so the others have had more.
        #expect(await client.call(Self.echo, end: false).finished().status == "4")
        await streaming.send([], end: true)
        #expect(await streaming.finished().status == "0")
        gate.open()
        #expect(await working.finished().status == "0")
        await client.close()
        await server.shutdown(grace: .zero)
    }

    /// The answer is longer than what the client's window lets through, an octet at a time.
    @Test(arguments: [1, 0] as [UInt32])
    func `a window that is opened octet by octet keeps no call`(stream: UInt32) async throws {
        let pair = try await EchoPair { $0.writeTimeout = .milliseconds(200) }
        // The window of the stream is what is opened, or that of the connection.
        let window: [UInt8] = stream == 1 ? [0, 4, 0, 0, 0, 0] : [0, 4, 0x7f, 0xff, 0xff, 0xff]
        let peer = RawPeer(port: pair.server.port, settings: window)
        peer.sendCall(stream: 1, path: Self.count)
        let length: UInt8 = stream == 1 ? 100 : 0
        let request = EchoMessage("", 1 << 30, payload: [UInt8](repeating: 1, count: Int(length))).encoded()
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 1, payload: framed(request)))
        var ended: RawPeer.Frame?
        for _ in 0..<2000 where ended == nil {
            peer.send(RawPeer.Frame(type: 8, stream: stream, payload: [0, 0, 0, 1]))
            ended = peer.next(within: .milliseconds(5)) { $0.type == RawPeer.reset }
        }
        #expect(ended == RawPeer.Frame(type: RawPeer.reset, stream: 1, payload: [0, 0, 0, 8]))
        #expect(await eventually { pair.seen.all.contains("send failed: CANCELLED") })
        await pair.close()
    }
}
