import EventLoop
import Glibc
import HTTP2
import Testing

@testable import RPC

/// Connections that come and go.
@Suite struct ReconnectTests {
    /// A port of loopback that nobody listens on.
    private func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private func server(_ port: UInt16) async throws -> RPCServer {
        var router = Router()
        router.add(EchoService(seen: Sightings()))
        var configuration = ServerConfiguration(allowPlaintext: true)
        configuration.port = port
        return try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
    }

    private func client(
        _ port: UInt16, host: String = "127.0.0.1", _ configure: (inout ClientConfiguration) -> Void = { _ in }
    ) -> RPCClient {
        var configuration = ClientConfiguration(host: host, port: port, allowPlaintext: true)
        configuration.backoff = BackoffPolicy(initial: .milliseconds(10), max: .milliseconds(50))
        configure(&configuration)
        return RPCClient(configuration)
    }

    @Test func `a call fails at once when nobody listens, and waits when it is told to`() async throws {
        let port = freePort()
        let client = client(port)
        let error = await rpcError { () throws(RPCError) in
            _ = try await client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        async let late = client.unary(
            EchoMethods.echo, EchoMessage("late"), CallOptions(timeout: .seconds(60), waitForReady: true))
        try await Task.sleep(for: .milliseconds(100))
        let server = try await server(port)
        #expect(try await late.text == "late")
        client.close()
        await server.shutdown(grace: .zero)
    }

    @Test func `a call that waits has its deadline, and says what it waited for`() async throws {
        let client = client(freePort())
        let error = await rpcError { () throws(RPCError) in
            _ = try await client.unary(
                EchoMethods.echo, EchoMessage(), CallOptions(timeout: .milliseconds(100), waitForReady: true))
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.message.contains("refused") == true, "\(error?.message ?? "")")
        client.close()
    }

    @Test func `calls that are cancelled while they wait are forgotten`() async throws {
        let loop = try EventLoop.start()
        let channel = ClientChannel(
            ClientConfiguration(host: "127.0.0.1", port: freePort(), allowPlaintext: true), loop: loop)
        for _ in 0..<10 {
            let call = ClientCall(
                channel, path: "/a/b", requests: [], isFinished: true, isUnary: true,
                options: CallOptions(waitForReady: true))
            call.start()
            call.cancel()
            _ = await call.next()
        }
        let waiting = await withCheckedContinuation { done in
            loop.execute { done.resume(returning: channel.waitingCount) }
        }
        #expect(waiting == 0)
        loop.execute { channel.close() }
        loop.stop()
    }

    @Test func `during the backoff calls fail with the last reason`() async throws {
        let client = client(freePort()) { $0.backoff.initial = .seconds(60) }
        for _ in 0..<2 {
            let error = await rpcError { () throws(RPCError) in
                _ = try await client.unary(EchoMethods.echo, EchoMessage())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("refused") == true, "\(error?.message ?? "")")
        }
        client.close()
    }

    @Test func `a server that comes back is found again`() async throws {
        let port = freePort()
        let client = client(port)
        for round in 0..<3 {
            let server = try await server(port)
            let response = try await client.unary(
                EchoMethods.echo, EchoMessage("x", Int64(round)), CallOptions(timeout: .seconds(60), waitForReady: true)
            )
            #expect(response.number == Int64(round))
            await server.shutdown(grace: .zero)
        }
        client.close()
    }

    @Test func `all addresses of a name are tried, each with its share of the time`() async throws {
        let server = try await server(0)
        let hostile = try #require(HostileServer.shared)
        // One that refuses, one that accepts and says nothing, one that closes at once.
        let addresses = [
            ("127.0.0.3", server.port), ("127.0.0.1", try hostile.port("silent")),
            ("127.0.0.1", try hostile.port("closes_at_once")), ("127.0.0.1", server.port),
        ]
        let resolved = try addresses.flatMap { try SocketAddress.resolve($0.0, port: $0.1) }
        let client = client(server.port) {
            $0.addresses = resolved
            $0.backoff.minConnectTimeout = .seconds(6)
        }
        #expect(try await client.unary(EchoMethods.echo, EchoMessage("x"), timeout: .seconds(60)).text == "x")
        client.close()
        await server.shutdown(grace: .zero)
    }

    // MARK: Keepalive

    private func lively(_ behaviour: String) throws -> RPCClient {
        try HostileServer.client(behaviour) {
            $0.keepaliveFloor = .zero
            $0.keepaliveTime = .milliseconds(100)
            $0.keepaliveTimeout = .milliseconds(100)
        }
    }

    @Test func `a server that answers no PING is left`() async throws {
        let client = try lively("goes_silent")
        let error = await rpcError { () throws(RPCError) in
            _ = try await client.unary(EchoMethods.echo, EchoMessage(), timeout: .seconds(60))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("keepalive") == true)
        client.close()
    }

    @Test func `a server that answers PINGs may take its time`() async throws {
        let client = try lively("never_answers")
        let error = await rpcError { () throws(RPCError) in
            _ = try await client.unary(EchoMethods.echo, EchoMessage(), timeout: .milliseconds(700))
        }
        #expect(error?.code == .deadlineExceeded)
        client.close()
    }

    @Test func `after too many PINGs they come half as often`() async throws {
        let client = try lively("finds_pings_too_many")
        // The GOAWAY leaves the call out, so it is answered on the second connection.
        let response = try await client.unary(EchoMethods.echo, EchoMessage(), timeout: .seconds(60))
        #expect(response.number >= 190, "\(response.number) ms before the first PING")
        client.close()
    }

    @Test func `PINGs are ten seconds apart at least`() async throws {
        let configuration = ClientConfiguration(host: "127.0.0.1", port: 1, allowPlaintext: true)
        #expect(configuration.keepaliveFloor == .seconds(10))
    }

    @Test func `when a connection's numbers run out, calls go on and go to a new one, and none is lost`() async throws {
        let connections = Sightings()
        let gate = Gate()
        let seen = Sightings()
        var router = Router()
        router.add(EchoService(seen: seen))
        router.unary(EchoMethods.wait) { request, _ throws(RPCError) in
            seen.note("waiting")
            await gate.wait()
            return request
        }
        var configuration = ServerConfiguration(allowPlaintext: true)
        configuration.observer = { if case .connectionOpened = $0 { connections.note("opened") } }
        let server = try await RPCServer.start(configuration, router: router, authorizer: TestAuthorizer())
        // Five calls before the server finds that the numbers run out, and others while it says so.
        let client = client(server.port) { $0.firstStream = .max - 2008 }
        async let early = client.unary(EchoMethods.wait, EchoMessage("early"))
        #expect(await eventually { seen.count("waiting") == 1 })
        for number in 0..<100 {
            #expect(try await client.unary(EchoMethods.echo, EchoMessage("", Int64(number))).number == Int64(number))
        }
        #expect(connections.count("opened") > 10)
        gate.open()
        #expect(try await early.text == "early")
        client.close()
        await server.shutdown(grace: .zero)
    }

    /// nghttpd and others say nothing before the last number is used up.
    @Test func `a server that does not mind how many numbers are left loses no call either`() async throws {
        let server = try #require(HostileServer.shared)
        let client = client(try server.port("answers")) { $0.firstStream = .max - 4 }
        for _ in 0..<20 {
            _ = try await client.unary(EchoMethods.echo, EchoMessage("x"), CallOptions(timeout: .seconds(60)))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await client.unary(EchoMethods.echo, EchoMessage("x"), CallOptions(timeout: .seconds(60)))
                }
            }
            try await group.waitForAll()
        }
        client.close()
    }
}
