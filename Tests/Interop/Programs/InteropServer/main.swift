import Glibc
import InteropShared
import Platform
import RPC

// A server for gRPC's public interop tests (doc/interop-test-descriptions.md in its repository), and of the package
// conformance.v1, on the stack that the services use.

let usage = """
    usage: interop-server --port N [--use_tls --tls_cert_file F --tls_key_file F] [--client_ca F]
    Serves until SIGTERM. Port 0 takes a free one. Without TLS it listens on 127.0.0.1, with it on every address.
    With --client_ca it takes only clients that have a certificate of that authority.

    """

func configuration(_ flags: Flags) throws(FlagError) -> ServerConfiguration {
    let port: UInt16 = try flags.number("port", or: 0)
    guard try flags.isOn("use_tls") else {
        guard flags["client_ca"] == nil else { throw FlagError("--client_ca needs --use_tls") }
        return ServerConfiguration(host: "127.0.0.1", port: port, allowPlaintext: true)
    }
    let tls = ServerTLS(
        certFile: try flags.required("tls_cert_file"), keyFile: try flags.required("tls_key_file"),
        clientCAFile: flags["client_ca"], requiresClientCertificate: flags["client_ca"] != nil)
    return ServerConfiguration(host: "0.0.0.0", port: port, tls: tls)
}

struct Anyone: ServerInterceptor {
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
}

func serve(_ configuration: ServerConfiguration) async throws {
    Signals.ignoreBrokenPipes()
    let signals = Signals.stream(of: [.terminate, .interrupt])
    var router = Router()
    router.add(TestService(serverID: String(UInt64.random(in: 0...UInt64.max), radix: 36)))
    router.add(EchoService())
    let server = try await RPCServer.start(configuration, router: router, authorizer: Anyone())
    print("serving on 127.0.0.1:\(server.port)")
    fflush(nil)
    for await _ in signals { break }
    await server.shutdown(grace: .seconds(5))
}

do {
    let flags = try Flags(
        Array(CommandLine.arguments.dropFirst()), names: ["port", "tls_cert_file", "tls_key_file", "client_ca"],
        switches: ["use_tls", "help"])
    if try flags.isOn("help") {
        print(usage, terminator: "")
        ProcessExit.end(0)
    }
    let chosen = try configuration(flags)
    do { try await serve(chosen) } catch {
        Diagnostics.print("interop-server: \(error)\n")
        ProcessExit.end(1)
    }
    ProcessExit.end(0)
} catch {
    Diagnostics.print("interop-server: \(error)\n\(usage)")
    ProcessExit.end(2)
}
