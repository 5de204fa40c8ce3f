import Glibc
import HTTP2
import Platform
import RPC

// What the attacks of this folder are made on: the stack of the services with its defaults, the times excepted, which
// may be shortened so that a test need not wait for them.

/// `--NAME VALUE` pairs.
func options() -> [String: String] {
    let arguments = Array(CommandLine.arguments.dropFirst())
    var found: [String: String] = [:]
    for index in stride(from: 0, to: arguments.count - 1, by: 2) {
        found[String(arguments[index].drop { $0 == "-" })] = arguments[index + 1]
    }
    return found
}

func configuration(_ options: [String: String]) -> ServerConfiguration {
    var tls: ServerTLS?
    if let cert = options["cert"], let key = options["key"] {
        let authority = options["client-ca"]
        tls = ServerTLS(
            certFile: cert, keyFile: key, clientCAFile: authority, requiresClientCertificate: authority != nil)
    }
    var configuration = ServerConfiguration(tls: tls, allowPlaintext: tls == nil)
    func time(_ name: String, _ change: (Duration) -> Void) {
        if let value = options[name].flatMap(Int.init) { change(.milliseconds(value)) }
    }
    time("handshake-ms") { configuration.handshakeTimeout = $0 }
    time("block-ms") { configuration.conduct.headerBlockTimeout = $0 }
    time("frame-ms") { configuration.conduct.frameTimeout = $0 }
    time("write-ms") { configuration.writeTimeout = $0 }
    time("request-ms") { configuration.requestTimeout = $0 }
    return configuration
}

struct Anyone: ServerInterceptor {
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
}

func serve() async throws {
    Signals.ignoreBrokenPipes()
    let signals = Signals.stream(of: [.terminate])
    var router = Router()
    router.add(TargetService())
    let server = try await RPCServer.start(configuration(options()), router: router, authorizer: Anyone())
    print("serving on 127.0.0.1:\(server.port)")
    fflush(nil)
    for await _ in signals { break }
    await server.shutdown(grace: .seconds(5))
}

do { try await serve() } catch {
    print("\(error)")
    ProcessExit.end(1)
}
ProcessExit.end(0)
