import Synchronization
import Testing
import Wire

@testable import RPC

/// What PROTOCOL-HTTP2 and gRPC's document of status codes ask of a server, request by request.
struct ProtocolTests {
    private static let wait = "/parapet.test.v1.Echo/Wait"
    private static let message = framed(EchoMessage("hello").encoded())

    private func withClient(
        configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (RawClient, EchoPair) async throws -> Void
    ) async throws {
        let pair = try await EchoPair(configure: configure)
        let client = try await RawClient.connect(pair.server.port)
        try await body(client, pair)
        await client.close()
        await pair.close()
    }

    @Test(arguments: ["", "S", "5", "5s", "123456789S", "-1S", "5.5S", "5SS", "0x5S", "H5"])
    func `a timeout outside of the grammar is INTERNAL, and no handler runs`(value: String) async throws {
        try await withClient { client, pair in
            let response = await client.call(Self.wait, [("grpc-timeout", value)], body: Self.message).finished()
            #expect(response.status == "13")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test(arguments: ["H", "M", "S", "m", "u", "n"])
    func `no time at all ends the call at once, in each unit, before its request is complete`(
        unit: String
    ) async throws {
        try await withClient { client, pair in
            let call = await client.call(Self.wait, [("grpc-timeout", "0\(unit)")], end: false)
            #expect(await call.finished().status == "4")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test(arguments: ["20m", "20000u", "20000000n"])
    func `a deadline ends a call whose request never becomes complete`(value: String) async throws {
        try await withClient { client, pair in
            let call = await client.call(Self.wait, [("grpc-timeout", value)], body: [0, 0, 0], end: false)
            #expect(await call.finished().status == "4")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test(arguments: ["99999999H", "99999999M", "99999999S", "99999999m"])
    func `the longest timeouts are timeouts`(value: String) async throws {
        try await withClient { client, _ in
            let response = await client.call(
                "/parapet.test.v1.Echo/Describe", [("grpc-timeout", value)], body: Self.message
            ).finished()
            #expect(response.status == "0")
            #expect(String(decoding: response.body, as: UTF8.self).hasSuffix("|deadline"))
        }
    }

    @Test func `a request that is no message is INTERNAL`() async throws {
        try await withClient { client, pair in
            let response = await client.call(Self.wait, body: framed([0x0a, 50, 1])).finished()
            #expect(response.status == "13")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test(arguments: [[], message + message, Array(message.dropLast()), [0, 0]] as [[UInt8]])
    func `a call of one request with none, two or a part of one is UNIMPLEMENTED, and no handler runs`(
        body: [UInt8]
    ) async throws {
        try await withClient { client, pair in
            for path in [Self.wait, "/parapet.test.v1.Echo/Count"] {
                #expect(await client.call(path, body: body).finished().status == "12")
            }
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test func `a second message is refused when it begins, not when the request ends`() async throws {
        try await withClient { client, pair in
            let call = await client.call(Self.wait, body: Self.message + [0], end: false)
            #expect(await call.finished().status == "12")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test func `a message over the limit is refused by its prefix, before its bytes`() async throws {
        try await withClient(configure: { $0.receiveLimitBytes = 1000 }) { client, pair in
            let call = await client.call(Self.wait, body: [0, 0x7f, 0xff, 0xff, 0xff], end: false)
            let response = await call.finished()
            #expect(response.status == "8")
            #expect(response["grpc-message"] == "the request has 2147483647 bytes, the limit is 1000")
            #expect(pair.seen.all.isEmpty)
        }
    }

    @Test func `what is no gRPC is answered by a header list with an HTTP status`() async throws {
        try await withClient { client, _ in
            let type = await client.call(Self.wait, [("content-type", "text/html")], body: Self.message).finished()
            #expect(type.http == "415")
            #expect(type.code == 0)
            let method = await client.call(Self.wait, [(":method", "GET")]).finished()
            #expect(method.http == "405")
            #expect(method.code == 0)
        }
    }

    @Test(arguments: ["AAEC/w==", "AAEC/w"]) func `binary metadata may be padded or not`(value: String) async throws {
        try await withClient { client, _ in
            let response = await client.call(
                "/parapet.test.v1.Echo/Describe", [("x-data-bin", value)], body: Self.message
            ).finished()
            #expect(String(decoding: response.body, as: UTF8.self).contains("[0, 1, 2, 255]"))
        }
    }

    @Test func `a reset stream's handler is cancelled, and counts until it has ended`() async throws {
        let seen = Sightings()
        let gate = Gate()
        var router = Router()
        router.unary(EchoMethods.wait) { request, call throws(RPCError) in
            seen.note("waiting")
            // Hears that it is cancelled, and goes on.
            call.onCancel { seen.note("cancelled") }
            await gate.wait()
            return request
        }
        var configuration = ServerConfiguration(allowPlaintext: true)
        configuration.maxConcurrentStreams = 2
        let server = try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
        let client = try await RawClient.connect(server.port)
        for number in 1...2 {
            let call = await client.call(Self.wait, body: Self.message)
            #expect(await eventually { seen.count("waiting") == number })
            await call.reset()
        }
        #expect(await eventually { seen.count("cancelled") == 2 })
        let refused = await client.call(Self.wait, body: Self.message).finished()
        #expect(refused.status == "8")
        #expect(refused["grpc-message"] == "2 calls of the connection run, the limit is 2")
        gate.open()
        var status: String?
        let limit = ContinuousClock.now + .seconds(60)
        while status != "0", ContinuousClock.now < limit {
            status = await client.call(Self.wait, body: Self.message).finished().status
        }
        #expect(status == "0")
        await client.close()
        await server.shutdown(grace: .zero)
    }

    @Test func `a refused call is told to have begun when it came`() async throws {
        let last = Mutex<Duration?>(nil)
        try await withClient(configure: {
            $0.observer = { event in
                if case .callEnded(_, _, _, let duration) = event { last.withLock { $0 = duration } }
            }
        }) { client, _ in
            // The last call is given what was the first one's, which began long before it.
            for _ in 0..<50 { _ = await client.call("/parapet.test.v1.Echo/Echo", body: Self.message).finished() }
            let begin = ContinuousClock.now
            #expect(await client.call(Self.wait, body: []).finished().status == "12")
            let duration = try #require(last.withLock { $0 })
            #expect(duration <= begin.duration(to: .now))
        }
    }

    /// RFC 9113, 5.1.1.
    @Test func `a client whose numbers run out is told so, and what it has begun is answered`() async throws {
        let pair = try await EchoPair()
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 0x7fff_fffd, path: "/parapet.test.v1.Echo/Echo")
        let notice = peer.next { $0.type == RawPeer.goAway }
        #expect(notice?.payload.prefix(8) == [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])
        let ping = try #require(peer.next { $0.type == RawPeer.ping })
        // Opened before the notice was seen, with the last number that there is.
        peer.sendCall(stream: 0x7fff_ffff, path: "/parapet.test.v1.Echo/Echo")
        peer.send(RawPeer.Frame(type: RawPeer.ping, flags: 1, payload: ping.payload))
        for stream in [0x7fff_fffd, 0x7fff_ffff] as [UInt32] {
            peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: stream, payload: framed([])))
            #expect(peer.next { $0.type == RawPeer.data && $0.stream == stream }?.payload == framed([]))
        }
        #expect(peer.isClosed())
        await pair.close()
    }
}
