import Platform
import RPC
import TestSupport
import Testing

/// gRPC's public interop cases, between our programs and other implementations.
@Suite(.serialized) struct InteropCaseTests {
    @Test(arguments: InteropPeer.allCases, [false, true])
    func `our client's cases hold against a server`(peer: InteropPeer, isTLS: Bool) async throws {
        try await Self.check(server: peer, client: .parapet, isTLS: isTLS, InteropPeer.cases)
    }

    @Test(arguments: [InteropPeer.grpcio, .grpcGo], [false, true])
    func `a client's cases hold against our server`(peer: InteropPeer, isTLS: Bool) async throws {
        // Beyond the cases that all have.
        let more = peer == .grpcio ? ["cacheable_unary", "echo"] : []
        try await Self.check(server: .parapet, client: peer, isTLS: isTLS, InteropPeer.cases + more)
    }

    private static func check(server: InteropPeer, client: InteropPeer, isTLS: Bool, _ cases: [String]) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "interop")
        defer { try? Files.removeTree(folder) }
        let certificates = isTLS ? try InteropCertificates(in: folder) : nil
        try await server.prepare()
        try await client.prepare()
        try await withInteropServer(server.serverCommand(certificates), in: folder) { port in
            let run = try await ChildProcess.run(
                client.clientCommand(port, certificates, cases), timeout: .seconds(120))
            let lines = String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(lines == cases.map { $0 + " ok" }, "\(String(decoding: run.error, as: UTF8.self))")
            #expect(run.status.isSuccess)
        }
    }

    @Test(arguments: InteropPeer.allCases)
    func `a server that answers wrongly fails each case that looks at its answer`(client: InteropPeer) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "interop")
        defer { try? Files.removeTree(folder) }
        try await client.prepare()
        try await withInteropServer(InteropPeer.grpcio.serverCommand(nil) + ["--wrong"], in: folder) { port in
            // A client ends these two by itself.
            let byItself: Set = ["timeout_on_sleeping_server", "cancel_after_begin"]
            let run = try await ChildProcess.run(
                client.clientCommand(port, nil, InteropPeer.cases), timeout: .seconds(120))
            let holding = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasSuffix(" ok") }.map { String($0.dropLast(3)) }
            #expect(Set(holding) == byItself)
            #expect(run.status == .exited(1))
        }
    }

    @Test func `with a client authority, the interop server takes only clients that have its certificate`() async throws
    {
        let folder = try Files.createTemporaryDirectory(prefix: "interop")
        defer { try? Files.removeTree(folder) }
        let certificates = try InteropCertificates(in: folder)
        let command = InteropPeer.parapet.serverCommand(certificates) + ["--client_ca", certificates.ca]
        try await withInteropServer(command, in: folder) { port in
            var tls = ClientTLS(caFile: certificates.ca)
            let stranger = Self.client(port, tls, certificates)
            let error = await #expect(throws: RPCError.self) {
                try await stranger.unaryRaw("/grpc.testing.TestService/EmptyCall", [], timeout: .seconds(20))
            }
            #expect(error?.code == .unavailable)
            stranger.close()
            (tls.certFile, tls.keyFile) = (certificates.clientCert, certificates.clientKey)
            let known = Self.client(port, tls, certificates)
            let answer = try await known.unaryRaw("/grpc.testing.TestService/EmptyCall", [], timeout: .seconds(20))
            #expect(answer.isEmpty)
            known.close()
        }
    }

    private static func client(_ port: UInt16, _ tls: ClientTLS, _ certificates: InteropCertificates) -> RPCClient {
        var configuration = ClientConfiguration(host: "127.0.0.1", port: port, tls: tls)
        configuration.authority = certificates.name
        return RPCClient(configuration)
    }

    @Test func `a case that does not exist, and a server that does not, are failures`() async throws {
        let program = "\(Repository.programs)/interop-client"
        let port = "\(try LoopbackPort.free())"
        let unknown = try await ChildProcess.run([
            program, "--server_host=127.0.0.1", "--server_port=\(port)", "--test_case=no_such_case",
        ])
        #expect(unknown.status == .exited(2))
        let absent = try await ChildProcess.run([
            program, "--server_host=127.0.0.1", "--server_port=\(port)", "--test_case=empty_unary", "--use_tls=false",
        ])
        #expect(absent.status == .exited(1))
        #expect(String(decoding: absent.output, as: UTF8.self).contains("UNAVAILABLE"))
    }
}
