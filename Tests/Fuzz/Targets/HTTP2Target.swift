import API
import Glibc
import Synchronization
import Wire

@testable import EventLoop
@testable import HTTP2
@testable import RPC

/// A server on a loop of its own, fed the bytes of a client through a socket pair: nghttp2, our session on it, the
/// calls and their limits.
///
/// An input is a first byte of choices, and bytes or frames as ``ShortFrames`` has them.
enum HTTP2Target {
    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let form = choices.below(256)
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + ShortFrames.frame(4, 0, 0, [])
        let bytes = (form & 1 == 0 ? preface : []) + ShortFrames.read(&choices, areShort: form & 2 == 0)
        try Server.shared.serve(bytes, pieces: form & 4 == 0 ? 1 : 3)
    }

    /// Answers health and reflection, and refuses everyone with `x-refuse`.
    private final class Server: Sendable {
        static let shared = Server()
        private let core: ServerCore

        private init() {
            var configuration = ServerConfiguration(allowPlaintext: true)
            configuration.receiveLimitBytes = 64 << 10
            var router = Router()
            router.add(HealthService(services: ["m"]))
            router.add(Mirror())
            guard let loop = try? EventLoop.start(name: "fuzzed"),
                let address = try? SocketAddress.resolve("127.0.0.1", port: 0).first,
                let listener = try? Listener(address, loop: loop)
            else { fatalError("no loop, or no socket") }
            core = ServerCore(
                configuration, MethodTable(router.entries), Anyone(), listener: listener, tls: nil, loop: loop)
        }

        /// Gives a new connection these bytes and their end, and waits until the server has closed it.
        func serve(_ bytes: [UInt8], pieces: Int) throws(Violation) {
            var pair: [Int32] = [0, 0]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return }
            let (ours, theirs) = (pair[0], pair[1])
            _ = fcntl(theirs, F_SETFL, O_NONBLOCK)
            core.loop.execute { [core] in
                guard let address = SocketAddress(localOf: theirs) else { return SocketAddress.close(theirs) }
                core.accept(theirs, address)
            }
            let step = max(bytes.count / pieces, 1)
            for start in stride(from: 0, to: bytes.count, by: step) {
                let piece = bytes[start..<min(start + step, bytes.count)]
                let count = piece.withUnsafeBytes { send(ours, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count < 0 { break }
            }
            shutdown(ours, Int32(SHUT_WR))
            let answered = drain(ours)
            close(ours)
            try require(answered, "the server does not close the connection")
            try settled()
        }

        /// Reads to the end of the connection; false when it does not come within a minute.
        private func drain(_ descriptor: Int32) -> Bool {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let ready = poll(&wait, 1, 60_000)
                // libFuzzer's alarm interrupts.
                if ready < 0, errno == EINTR { continue }
                guard ready > 0 else { return false }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count == 0 || (count < 0 && errno != EINTR) { return true }
            }
        }

        /// No connection and no call is left over.
        private func settled() throws(Violation) {
            let limit = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < limit {
                let idle = Mutex(false)
                let asked = Gate()
                core.loop.execute { [core] in
                    idle.withLock { $0 = core.isIdle }
                    asked.open()
                }
                asked.wait()
                if idle.withLock({ $0 }) { return }
                usleep(100)
            }
            throw Violation("a connection or a call is left over")
        }
    }

    private struct Anyone: ServerInterceptor {
        func authorize(_ call: CallContext) async throws(RPCError) -> Caller {
            if let reason = call.metadata["x-refuse"] { throw RPCError(.permissionDenied, reason) }
            return Caller(kind: .person(.viewer), name: "anyone")
        }
    }

    /// One method of each kind, all of which answer with what they got.
    private struct Mirror: RPCService {
        static let serviceName = "m"

        func register(on router: inout Router) {
            router.unary(Method<Asset, Asset>(service: "m", name: "u")) { request, _ throws(RPCError) in request }
            router.serverStreaming(Method<Asset, Asset>(service: "m", name: "s")) {
                request, stream, _ throws(RPCError) in
                for _ in 0..<100 { try await stream.send(request) }
            }
            router.bidirectional(Method<Asset, Asset>(service: "m", name: "b")) {
                requests, stream, _ throws(RPCError) in
                while let request = try await requests.next() { try await stream.send(request) }
            }
        }
    }
}
