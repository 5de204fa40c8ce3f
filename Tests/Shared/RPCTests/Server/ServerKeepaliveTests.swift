import RPC
import Testing
import Wire

/// Keepalive and the ends of connections (gRFC A8, A9) with real connections; when what is due is decided in
/// ``ConnectionLifetimeTests``.
@Suite(.timeLimit(.minutes(2))) struct ServerKeepaliveTests {
    private static let message = framed(EchoMessage("hello").encoded())

    @Test func `a peer that answers no PING is closed`() async throws {
        let pair = try await EchoPair {
            $0.keepaliveTime = .milliseconds(20)
            $0.keepaliveTimeout = .milliseconds(20)
        }
        let peer = RawPeer(port: pair.server.port)
        #expect(peer.next { $0.type == RawPeer.ping && $0.flags == 0 } != nil)
        #expect(peer.isClosed())
        await pair.close()
    }

    @Test func `a peer that answers is kept, its call too`() async throws {
        let pings = Sightings()
        let pair = try await EchoPair {
            $0.keepaliveTime = .milliseconds(5)
            $0.keepaliveTimeout = .seconds(30)
        }
        let peer = RawPeer(port: pair.server.port)
        peer.sendCall(stream: 1, path: "/parapet.test.v1.Echo/Wait")
        for _ in 0..<5 {
            let ping = peer.next { $0.type == RawPeer.ping && $0.flags == 0 }
            #expect(ping != nil)
            peer.send(RawPeer.Frame(type: RawPeer.ping, flags: 1, payload: ping?.payload ?? []))
            pings.note("ping")
        }
        peer.send(RawPeer.Frame(type: RawPeer.data, flags: 1, stream: 1, payload: Self.message))
        #expect(await eventually { pair.seen.count("waiting") == 1 })
        #expect(pings.all.count == 5)
        await pair.close()
    }

    @Test func `an aged connection ends in order, and its call with it`() async throws {
        let pair = try await EchoPair { $0.maxConnectionAge = .milliseconds(50) }
        // Anew where the connection was too old before the call began.
        while true {
            let client = try await RawClient.connect(pair.server.port)
            let call = await client.call("/parapet.test.v1.Echo/Echo", body: Array(Self.message.dropLast()), end: false)
            if await call.soFar.code == nil {
                while await !client.sawGoAway { await Task.yield() }
                await call.send([Self.message[Self.message.count - 1]], end: true)
                let response = await call.finished()
                #expect(await client.isClosed())
                await client.close()
                if response.code != 7 {
                    #expect(response.status == "0")
                    break
                }
            }
        }
        await pair.close()
    }

    @Test func `calls that outlast an aged connection's grace are cancelled`() async throws {
        let pair = try await EchoPair {
            $0.maxConnectionAge = .milliseconds(30)
            $0.maxConnectionAgeGrace = .milliseconds(30)
        }
        while pair.seen.all.isEmpty {
            let client = try await RawClient.connect(pair.server.port)
            let call = await client.call("/parapet.test.v1.Echo/Wait", body: Self.message)
            #expect(await call.finished().code != 0)
            await client.close()
        }
        #expect(await eventually { pair.seen.all.contains("cancelled") })
        await pair.close()
    }
}
