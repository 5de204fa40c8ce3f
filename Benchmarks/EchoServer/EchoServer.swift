import EchoAPI
import Glibc
import Platform
import RPC

/// `echo-server --port N [--threads N] [--tls_cert_file F --tls_key_file F]`: serves `bench.Echo` until SIGTERM.
@main
struct EchoServer {
    static func main() async {
        do {
            try await serve()
        } catch {
            writeLine("echo-server: \(error)", to: STDERR_FILENO)
            ProcessExit.end(1)
        }
        ProcessExit.end(0)
    }

    private static func serve() async throws {
        let options = try Options(
            Array(CommandLine.arguments.dropFirst()), known: ["port", "threads", "tls_cert_file", "tls_key_file"])
        let port = try options.number("port", in: 0...65_535, default: 0)
        let threads = try options.number("threads", in: 1...64, default: 1)
        var tls: ServerTLS?
        if let cert = options.named["tls_cert_file"] {
            guard let key = options.named["tls_key_file"] else { throw OptionError("--tls_key_file is missing") }
            tls = ServerTLS(certFile: cert, keyFile: key)
        }
        Signals.ignoreBrokenPipes()
        let signals = Signals.stream(of: [.terminate, .interrupt])
        var router = Router()
        router.add(EchoService())
        var configuration = ServerConfiguration(
            port: UInt16(clamping: port), tls: tls, allowPlaintext: tls == nil)
        configuration.loops = threads
        let server = try await RPCServer.start(configuration, router: router, authorizer: OpenDoor())
        writeLine("listening on \(server.address)")
        for await _ in signals { break }
        await server.shutdown(grace: .seconds(5))
    }
}
