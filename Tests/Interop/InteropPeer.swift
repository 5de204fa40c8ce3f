import Crypto
import Platform
import TestSupport
import Testing

/// A program that takes part in gRPC's interop tests.
enum InteropPeer: String, CaseIterable, CustomTestStringConvertible {
    case parapet, grpcio
    case grpcGo = "grpc-go"

    var testDescription: String { rawValue }

    /// The cases that each client runs, all of them over one channel but `channel_soak`.
    static let cases = [
        "empty_unary", "large_unary", "client_compressed_unary", "server_compressed_unary", "client_streaming",
        "client_compressed_streaming", "server_streaming", "server_compressed_streaming", "ping_pong", "empty_stream",
        "half_duplex", "slow_consumer", "timeout_on_sleeping_server", "cancel_after_begin",
        "cancel_after_first_response", "custom_metadata", "status_code_and_message", "special_status_message",
        "unimplemented_method", "unimplemented_service", "rpc_soak", "channel_soak",
    ]

    private static let goFolder = Checkout.root + "/.build/grpc-go"
    private static let scripts = Checkout.root + "/Tests/Interop/Programs"

    /// Builds what has to be built.
    func prepare() async throws {
        guard self == .grpcGo else { return }
        let run = try await ChildProcess.run(
            ["\(Self.scripts)/grpc_go/build.sh", Self.goFolder], timeout: .seconds(300))
        guard run.status.isSuccess else {
            throw HarnessError("grpc-go's peer cannot be built: \(String(decoding: run.error, as: UTF8.self))")
        }
    }

    func serverCommand(_ tls: InteropCertificates?) -> [String] {
        switch self {
        case .parapet:
            ["\(Repository.programs)/interop-server", "--port", "0"]
                + (tls.map { ["--use_tls", "--tls_cert_file", $0.cert, "--tls_key_file", $0.key] } ?? [])
        case .grpcio:
            [Checkout.python, "\(Self.scripts)/grpcio_interop_server.py"]
                + (tls.map { ["--cert", $0.cert, "--key", $0.key] } ?? [])
        case .grpcGo:
            ["\(Self.goFolder)/grpc-go-peer", "server"] + (tls.map { ["--cert", $0.cert, "--key", $0.key] } ?? [])
        }
    }

    func clientCommand(_ port: UInt16, _ tls: InteropCertificates?, _ cases: [String]) -> [String] {
        let program: [String]
        switch self {
        case .parapet:
            return [
                "\(Repository.programs)/interop-client", "--server_host", "127.0.0.1", "--server_port", "\(port)",
                "--test_case", cases.joined(separator: ","),
                // A busy machine may pause either side for longer than the case's own second.
                "--soak_per_iteration_max_acceptable_latency_ms", "30000",
            ] + (tls.map { ["--use_tls", "--ca_file", $0.ca, "--server_host_override", $0.name] } ?? [])
        case .grpcio: program = [Checkout.python, "\(Self.scripts)/grpcio_interop_client.py"]
        case .grpcGo: program = ["\(Self.goFolder)/grpc-go-peer", "client"]
        }
        return program + ["--target", "127.0.0.1:\(port)"]
            + (tls.map { ["--ca", $0.ca, "--override", $0.name] } ?? []) + cases
    }
}

/// A server's certificate for a name that no resolver knows, a client's, and their authority, in files.
struct InteropCertificates {
    let name = "interop.example.test"
    let ca: String
    let cert: String
    let key: String
    let clientCert: String
    let clientKey: String

    init(in folder: String) throws {
        let authority = try Certificates.makeAuthority(commonName: "interop", now: .now())
        ca = folder + "/ca.pem"
        try Files.writeAtomically(authority.certificatePEM, to: ca)
        func issue(_ file: String, _ request: LeafRequest) throws -> (String, String) {
            let leaf = try Certificates.issue(request, by: authority, now: .now())
            let paths = ("\(folder)/\(file).pem", "\(folder)/\(file).key")
            try Files.writeAtomically(leaf.certificatePEM, to: paths.0)
            try Files.writeAtomically(leaf.privateKeyPEM, to: paths.1)
            return paths
        }
        (cert, key) = try issue(
            "server", LeafRequest(commonName: "server", dnsNames: [name], usages: [.serverAuth]))
        (clientCert, clientKey) = try issue("client", LeafRequest(commonName: "client", usages: [.clientAuth]))
    }
}

/// Runs a body against a server that prints `serving on HOST:PORT`, and ends the server.
func withInteropServer<T>(_ command: [String], in folder: String, _ body: (UInt16) async throws -> T) async throws -> T
{
    let path = "\(folder)/server-\(WallTime.now().unixNanoseconds).log"
    let log = try LogFile(path)
    let server = try ChildProcess.start(
        command, output: .descriptor(log.descriptor), error: .descriptor(log.descriptor))
    do {
        var port: UInt16?
        try await eventually("\(command[0]) serves") {
            let text = String(decoding: try Files.read(path), as: UTF8.self)
            if server.status != nil { throw HarnessError("\(command) ended: \(text)") }
            let line = text.split(separator: "\n").first { $0.hasPrefix("serving on ") }
            port = line?.split(separator: ":").last.flatMap { UInt16($0) }
            return port != nil
        }
        let result = try await body(try #require(port))
        await server.stop(grace: .seconds(10))
        return result
    } catch {
        await server.stop(grace: .seconds(2))
        throw error
    }
}
