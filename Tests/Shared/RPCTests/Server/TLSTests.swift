import Crypto
import Platform
import RPC
import Testing

/// Certificates of one authority in a directory of their own.
final class TestAuthority {
    let directory: String
    let caFile: String
    private let authority: IssuedCertificate

    init(_ name: String = "ca") throws {
        let token = (0..<8).map { _ in String(UInt8.random(in: 0...255), radix: 16) }.joined()
        directory = "\(Environment.value("TMPDIR") ?? "/tmp")/parapet-rpc-\(token)"
        try Files.createDirectory(directory)
        authority = try Certificates.makeAuthority(commonName: name, now: .now())
        caFile = "\(directory)/ca.pem"
        try Files.writeAtomically(authority.certificatePEM, to: caFile)
    }

    deinit { try? Files.removeTree(directory) }

    /// Paths of the certificate and its key.
    func issue(_ name: String, _ request: LeafRequest) throws -> (cert: String, key: String) {
        let leaf = try Certificates.issue(request, by: authority, now: .now())
        let paths = ("\(directory)/\(name).pem", "\(directory)/\(name).key")
        try Files.writeAtomically(leaf.certificatePEM, to: paths.0)
        try Files.writeAtomically(leaf.privateKeyPEM, to: paths.1)
        return paths
    }

    func server(_ uri: String = "spiffe://parapet/echo", address: String = "127.0.0.1") throws -> ServerTLS {
        let request = LeafRequest(
            commonName: "echo", ipAddresses: [address], uris: [uri], usages: [.serverAuth, .clientAuth])
        let paths = try issue("server", request)
        return ServerTLS(certFile: paths.cert, keyFile: paths.key, clientCAFile: caFile)
    }

    func client(uri: String? = nil, expecting: String? = nil, with own: Bool = true) throws -> ClientTLS {
        guard own else { return ClientTLS(caFile: caFile, expectedServerURI: expecting) }
        let request = LeafRequest(commonName: "someone", uris: uri.map { [$0] } ?? [], usages: [.clientAuth])
        let paths = try issue("client", request)
        return ClientTLS(caFile: caFile, certFile: paths.cert, keyFile: paths.key, expectedServerURI: expecting)
    }
}

struct TLSTests {
    @Test func `both sides prove who they are`() async throws {
        let authority = try TestAuthority()
        let pair = try await EchoPair(
            server: authority.server(), client: authority.client(uri: "spiffe://parapet/caller"))
        let response = try await pair.client.unary(EchoMethods.describe, EchoMessage())
        #expect(response.text == "parapet.test.v1.Echo|Describe|-|-|tester|spiffe://parapet/caller|no deadline")
        await pair.close()
    }

    @Test func `a client without a certificate has no name`() async throws {
        let authority = try TestAuthority()
        let pair = try await EchoPair(server: authority.server(), client: authority.client(with: false))
        let response = try await pair.client.unary(EchoMethods.describe, EchoMessage())
        #expect(response.text == "parapet.test.v1.Echo|Describe|-|-|tester||no deadline")
        await pair.close()
    }

    @Test func `large messages and streams pass through TLS`() async throws {
        let authority = try TestAuthority()
        let pair = try await EchoPair(server: authority.server(), client: authority.client())
        let message = EchoMessage("x", 3, payload: [UInt8](repeating: 9, count: 3 << 20))
        #expect(try await pair.client.unary(EchoMethods.echo, message) == message)
        var received = 0
        for try await response in pair.client.serverStreaming(EchoMethods.count, message) {
            received += response.payload.count
        }
        #expect(received == 9 << 20)
        await pair.close()
    }

    @Test func `a certificate of another authority is refused by the server`() async throws {
        let authority = try TestAuthority()
        let stranger = try TestAuthority("stranger")
        var tls = try stranger.client()
        tls.caFile = authority.caFile
        let pair = try await EchoPair(server: authority.server(), client: tls)
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("alert") == true)
        await pair.close()
    }

    @Test func `a server of another authority is refused by the client`() async throws {
        let authority = try TestAuthority()
        let stranger = try TestAuthority("stranger")
        let pair = try await EchoPair(server: stranger.server(), client: authority.client(with: false))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("the server's certificate is refused") == true)
        await pair.close()
    }

    @Test func `a server under another address is refused by the client`() async throws {
        let authority = try TestAuthority()
        let pair = try await EchoPair(
            server: authority.server(address: "127.0.0.2"), client: authority.client(with: false))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await pair.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("IP address mismatch") == true)
        await pair.close()
    }

    @Test func `a server is known by the name that the client gives it, wherever it connects to`() async throws {
        let authority = try TestAuthority()
        let paths = try authority.issue(
            "named", LeafRequest(commonName: "echo", dnsNames: ["*.example.test"], usages: [.serverAuth]))
        let tls = ServerTLS(certFile: paths.cert, keyFile: paths.key)
        let right = try await EchoPair(
            server: tls, client: authority.client(with: false),
            configureClient: {
                $0.authority = "echo.example.test"
            })
        #expect(try await right.client.unary(EchoMethods.echo, EchoMessage("a")).text == "a")
        await right.close()
        let wrong = try await EchoPair(
            server: tls, client: authority.client(with: false),
            configureClient: {
                $0.authority = "echo.example.org"
            })
        let error = await rpcError { () async throws(RPCError) in
            _ = try await wrong.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("hostname mismatch") == true)
        await wrong.close()
    }

    @Test func `a server that requires certificates ends the handshake with a client that has none`() async throws {
        let authority = try TestAuthority()
        var tls = try authority.server()
        tls.requiresClientCertificate = true
        let without = try await EchoPair(server: tls, client: authority.client(with: false))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await without.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        await without.close()
        let with = try await EchoPair(server: tls, client: authority.client())
        #expect(try await with.client.unary(EchoMethods.echo, EchoMessage("a")).text == "a")
        await with.close()
    }

    @Test func `a certificate serves for the use it was made for alone`() async throws {
        let authority = try TestAuthority()
        let uri = "spiffe://parapet/echo"
        let person = try authority.issue(
            "person",
            LeafRequest(commonName: "echo", ipAddresses: ["127.0.0.1"], uris: [uri], usages: [.clientAuth]))
        let posing = try await EchoPair(
            server: ServerTLS(certFile: person.cert, keyFile: person.key),
            client: authority.client(expecting: uri, with: false))
        let asServer = await rpcError { () async throws(RPCError) in
            _ = try await posing.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(asServer?.message.contains("certificate is refused") == true)
        await posing.close()

        let site = try authority.issue("site", LeafRequest(commonName: "site", uris: [uri], usages: [.serverAuth]))
        let calling = try await EchoPair(
            server: authority.server(),
            client: ClientTLS(caFile: authority.caFile, certFile: site.cert, keyFile: site.key))
        let asClient = await rpcError { () async throws(RPCError) in
            _ = try await calling.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(asClient?.code == .unavailable)
        #expect(asClient?.message.contains("alert") == true)
        await calling.close()
    }

    @Test func `an expected service is known by its URI alone`() async throws {
        let authority = try TestAuthority()
        let tls = try authority.server("spiffe://parapet/echo", address: "127.0.0.2")
        let right = try await EchoPair(
            server: tls, client: authority.client(expecting: "spiffe://parapet/echo", with: false))
        #expect(try await right.client.unary(EchoMethods.echo, EchoMessage("a")).text == "a")
        await right.close()
        let wrong = try await EchoPair(
            server: tls, client: authority.client(expecting: "spiffe://parapet/other", with: false))
        let error = await rpcError { () async throws(RPCError) in
            _ = try await wrong.client.unary(EchoMethods.echo, EchoMessage())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("the server is not spiffe://parapet/other") == true)
        await wrong.close()
    }

    @Test func `a reloaded certificate serves new connections`() async throws {
        let authority = try TestAuthority()
        let pair = try await EchoPair(
            server: authority.server("spiffe://parapet/old"),
            client: authority.client(expecting: "spiffe://parapet/old"))
        #expect(try await pair.client.unary(EchoMethods.echo, EchoMessage("a")).text == "a")
        _ = try authority.server("spiffe://parapet/new")
        try await pair.server.reloadTLS()
        #expect(try await pair.client.unary(EchoMethods.echo, EchoMessage("still")).text == "still")
        let renewed = RPCClient(
            ClientConfiguration(
                host: "127.0.0.1", port: pair.server.port, tls: try authority.client(expecting: "spiffe://parapet/new"))
        )
        #expect(try await renewed.unary(EchoMethods.echo, EchoMessage("b")).text == "b")
        renewed.close()
        await pair.close()
    }

    @Test func `a broken certificate file is named, and a reload keeps the old one`() async throws {
        let authority = try TestAuthority()
        let tls = try authority.server()
        let pair = try await EchoPair(server: tls, client: authority.client())
        try Files.writeAtomically(Array("nonsense".utf8), to: tls.certFile)
        let error = await #expect(throws: RPCServerError.self) { try await pair.server.reloadTLS() }
        #expect(error?.description.contains(tls.certFile) == true)
        #expect(try await pair.client.unary(EchoMethods.echo, EchoMessage("a")).text == "a")
        await pair.close()
    }

    @Test func `plain text has to be asked for, and is for loopback alone`() async throws {
        let unasked = await #expect(throws: RPCServerError.self) {
            _ = try await RPCServer.start(ServerConfiguration(), router: Router(), authorizer: TestAuthorizer())
        }
        #expect(unasked?.description.contains("plain text was not asked for") == true)
        let outside = await #expect(throws: RPCServerError.self) {
            _ = try await RPCServer.start(
                ServerConfiguration(host: "0.0.0.0", allowPlaintext: true), router: Router(),
                authorizer: TestAuthorizer())
        }
        #expect(outside?.description.contains("plain text is for loopback addresses only") == true)
        for (configuration, part) in [
            (ClientConfiguration(host: "127.0.0.1", port: 1), "plain text was not asked for"),
            (ClientConfiguration(host: "192.0.2.1", port: 1, allowPlaintext: true), "loopback addresses only"),
        ] {
            let client = RPCClient(configuration)
            let error = await rpcError { () async throws(RPCError) in
                _ = try await client.unary(EchoMethods.echo, EchoMessage())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(part) == true)
            client.close()
        }
    }
}
