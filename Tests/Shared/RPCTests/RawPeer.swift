import Glibc

/// A client that sends the frames it is told to, right or wrong, and reads the server's.
final class RawPeer {
    struct Frame: Equatable {
        var type: UInt8
        var flags: UInt8 = 0
        var stream: UInt32 = 0
        var payload: [UInt8] = []
    }

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let continuation: UInt8 = 9

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects, and sends the preface and `settings`.
    init(port: UInt16, preface: Bool = true, settings: [UInt8] = []) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if preface {
            send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
            send(Frame(type: Self.settings, payload: settings))
        }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    func send(_ frame: Frame) {
        let count = frame.payload.count
        let head = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), frame.type, frame.flags]
        send(head + bytes(frame.stream) + frame.payload)
    }

    /// A header list of literals without indexing; names and values under 127 bytes.
    func sendHeaders(stream: UInt32, end: Bool, _ fields: [(String, String)]) {
        send(Frame(type: Self.headers, flags: end ? 5 : 4, stream: stream, payload: Self.block(fields)))
    }

    /// Such a list as it is on the wire.
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields {
            block += [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        return block
    }

    /// The start of a call of `path`.
    func sendCall(stream: UInt32, path: String, end: Bool = false, _ more: [(String, String)] = []) {
        let fields = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"), ("te", "trailers"),
            ("content-type", "application/grpc"),
        ]
        sendHeaders(stream: stream, end: end, fields + more)
    }

    /// The server's next frame; nil at the end of the connection or after ten seconds.
    func next() -> Frame? {
        guard fill(9) else { return nil }
        let count = Int(received[0]) << 16 | Int(received[1]) << 8 | Int(received[2])
        guard fill(9 + count) else { return nil }
        let stream = received[5..<9].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let frame = Frame(
            type: received[3], flags: received[4], stream: stream & 0x7fff_ffff, payload: Array(received[9..<9 + count])
        )
        received.removeFirst(9 + count)
        return frame
    }

    /// The next frame that `matches`.
    func next(where matches: (Frame) -> Bool) -> Frame? {
        while let frame = next() {
            if matches(frame) { return frame }
        }
        return nil
    }

    /// The next frame that `matches`, among those that come within a time; nil when there is none.
    func next(within time: Duration, where matches: (Frame) -> Bool) -> Frame? {
        let limit = ContinuousClock.now + time
        while ContinuousClock.now < limit {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if received.isEmpty, poll(&wait, 1, Int32(time / .milliseconds(1))) <= 0 { return nil }
            guard let frame = next() else { return nil }
            if matches(frame) { return frame }
        }
        return nil
    }

    /// The error code of the GOAWAY with which the server ends the connection.
    func goAwayCode() -> UInt32? {
        guard let frame = next(where: { $0.type == Self.goAway }), frame.payload.count >= 8 else { return nil }
        return frame.payload[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    /// Whether the server closes the connection within ten seconds.
    func isClosed() -> Bool {
        while next() != nil {}
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) == 0 || errno != EAGAIN
    }

    private func fill(_ count: Int) -> Bool {
        while received.count < count {
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            guard got > 0 else { return false }
            received += buffer[..<got]
        }
        return true
    }

    private func bytes(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }
}
