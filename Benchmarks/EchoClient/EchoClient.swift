import EchoAPI
import EventLoop
import Glibc
import Platform
import RPC

/// `echo-client HOST:PORT --calls N --concurrency C [--size BYTES] [--ca_file F]` measures unary calls, each answer
/// held against its request; with `--messages N` one call's stream of so many messages.
@main
struct EchoClient {
    static func main() async {
        do {
            writeLine(try await measure().description)
        } catch {
            writeLine("echo-client: \(error)", to: STDERR_FILENO)
            ProcessExit.end(1)
        }
        ProcessExit.end(0)
    }

    private static func measure() async throws -> Figures {
        let options = try Options(
            Array(CommandLine.arguments.dropFirst()), known: ["calls", "concurrency", "size", "messages", "ca_file"])
        let calls = try options.number("calls", in: 1...1_000_000_000, default: 10_000)
        let concurrency = try options.number("concurrency", in: 1...100_000, default: 1)
        let size = try options.number("size", in: 0...(4 << 20), default: 100)
        let messages = try options.number("messages", in: 0...1_000_000_000, default: 0)
        guard options.positional.count == 1, let (host, port) = target(options.positional[0]) else {
            throw OptionError("HOST:PORT is missing")
        }
        Signals.ignoreBrokenPipes()
        let tls = options.named["ca_file"].map { ClientTLS(caFile: $0) }
        // The calls are made on the client's own loop, as a server's handlers make theirs.
        let loop = try EventLoop.start(name: "echo-client")
        let client = RPCClient(
            ClientConfiguration(host: host, port: port, tls: tls, allowPlaintext: tls == nil), loop: loop)
        defer {
            client.close()
            loop.stop()
        }
        let load = Load(client: client, size: size)
        return try await withTaskExecutorPreference(loop) { @concurrent in
            // The first call connects.
            try await load.unary(calls: 1, concurrency: 1)
            return try await Figures.of {
                messages > 0
                    ? try await load.stream(messages: messages)
                    : try await load.unary(calls: calls, concurrency: concurrency)
            }
        }
    }

    private static func target(_ text: String) -> (String, UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        return (String(isBracketed ? host.dropFirst().dropLast() : host), port)
    }
}
