import API
import EventLoop
import Glibc
import RPC
import Synchronization

/// A client with calls of three kinds, whose server says the bytes of the input and closes: every call ends.
///
/// An input is a first byte of choices, and bytes or frames as ``ShortFrames`` has them. Unless the choices say
/// otherwise, the server's settings come before them.
enum HTTP2ClientTarget {
    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let form = choices.below(256)
        let settings = form & 1 == 0 ? ShortFrames.frame(4, 0, 0, []) : []
        try Server.shared.serve(settings + ShortFrames.read(&choices, areShort: form & 2 == 0))
    }

    private final class Server: Sendable {
        static let shared = Server()
        private let loop: EventLoop
        private let listener: Int32
        private let port: UInt16

        private init() {
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let listens = withUnsafeMutablePointer(to: &address) {
                [listener] pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                        && getsockname(listener, $0, &length) == 0
                }
            }
            guard listens, let loop = try? EventLoop.start(name: "fuzzed-client") else {
                fatalError("no socket or loop")
            }
            self.loop = loop
            port = UInt16(bigEndian: address.sin_port)
        }

        func serve(_ bytes: [UInt8]) throws(Violation) {
            let client = RPCClient(
                ClientConfiguration(host: "127.0.0.1", port: port, allowPlaintext: true), loop: loop)
            defer { client.close() }
            let ended = Atomic(false)
            let calls = Calls(client) { ended.store(true, ordering: .releasing) }
            calls.start()
            let limit = ContinuousClock.now + .seconds(60)
            var isFirst = true
            // Calls that were not sent are made again, on a connection that ends at once.
            while !ended.load(ordering: .acquiring) {
                try require(ContinuousClock.now < limit, "a call does not end")
                var wait = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                guard poll(&wait, 1, 1) > 0 else { continue }
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { continue }
                if isFirst { answer(connection, bytes) }
                isFirst = false
                close(connection)
            }
        }

        /// Says it all, and reads to the end of the connection.
        private func answer(_ connection: Int32, _ bytes: [UInt8]) {
            _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            shutdown(connection, Int32(SHUT_WR))
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while recv(connection, &buffer, buffer.count, 0) > 0 {}
        }
    }

    /// The calls of one input.
    private struct Calls {
        let client: RPCClient
        let ended: @Sendable () -> Void

        init(_ client: RPCClient, _ ended: @escaping @Sendable () -> Void) {
            self.client = client
            self.ended = ended
        }

        func start() {
            let (client, ended) = (client, ended)
            Task.detached {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await client.unaryRaw("/m/u", [], timeout: .milliseconds(300)) }
                    group.addTask {
                        var responses = client.streamRaw("/m/s", [[]], timeout: .milliseconds(300)).makeAsyncIterator()
                        while let _ = try? await responses.next() {}
                    }
                    group.addTask { try? await Self.converse(client) }
                }
                ended()
            }
        }

        private static func converse(_ client: RPCClient) async throws(RPCError) {
            let method = Method<Asset, Asset>(service: "m", name: "b")
            let call = try client.open(method, CallOptions(timeout: .milliseconds(300), compression: .gzip))
            try await call.send(Asset())
            _ = try await call.headers()
            while let response = try await call.next() { try await call.send(response) }
            call.finish()
        }
    }
}
