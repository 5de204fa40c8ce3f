import API
import Glibc
import Platform
import RPC
import Wire

/// `echo serve [PORT [CERT KEY [CA]]]` serves; `echo call PORT CALLS PARALLEL [CA]` measures unary calls against it.
@main
struct Echo {
    static func main() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "serve": try await serve(Array(arguments.dropFirst(2)))
        case "call": try await call(Array(arguments.dropFirst(2)))
        default: print("echo serve [PORT [CERT KEY [CA]]] | echo call PORT CALLS PARALLEL [CA]")
        }
    }

    private static func serve(_ arguments: [String]) async throws {
        let port = arguments.first.flatMap(UInt16.init) ?? 0
        var tls: ServerTLS?
        if arguments.count > 2 {
            tls = ServerTLS(
                certFile: arguments[1], keyFile: arguments[2], clientCAFile: arguments.count > 3 ? arguments[3] : nil)
        }
        var router = Router()
        router.add(EchoService())
        router.add(HealthService(services: router.serviceNames))
        if let path = Environment.value("PARAPET_DESCRIPTORS") {
            router.add(
                ReflectionService(services: router.serviceNames, pool: try DescriptorPool(decoding: Files.read(path))))
        }
        let server = try await RPCServer.start(
            ServerConfiguration(port: port, tls: tls, allowPlaintext: tls == nil), router: router,
            authorizer: OpenDoor())
        say("serving \(server.port)")
        var byte: UInt8 = 0
        while read(0, &byte, 1) > 0 {}
        await server.shutdown(grace: .seconds(5))
    }

    private static func call(_ arguments: [String]) async throws {
        guard arguments.count >= 3, let port = UInt16(arguments[0]), let calls = Int(arguments[1]),
            let parallel = Int(arguments[2]), parallel > 0
        else { return print("echo call PORT CALLS PARALLEL [CA]") }
        let tls = arguments.count > 3 ? ClientTLS(caFile: arguments[3]) : nil
        let client = RPCClient(
            ClientConfiguration(host: "127.0.0.1", port: port, tls: tls, allowPlaintext: tls == nil))
        var request = EchoMessage()
        request.text = "hello"
        request.payload = [UInt8](repeating: 1, count: 100)
        let message = request
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<parallel {
                group.addTask {
                    for _ in 0..<calls / parallel { _ = try await client.unary(EchoService.echo, message) }
                }
            }
            try await group.waitForAll()
        }
        let seconds = begin.duration(to: .now) / .seconds(1)
        print("\(calls) calls in \(seconds) s, \(Int(Double(calls) / seconds)) a second")
        client.close()
    }
}

/// Prints at once, also into a pipe, and takes no lock that a reader of standard input could hold.
func say(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(1, line, line.count)
}
