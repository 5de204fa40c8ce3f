import CLinux
import Glibc

/// An IPv4 or IPv6 address with its port.
public struct SocketAddress: Sendable, CustomStringConvertible {
    var storage: sockaddr_storage
    var length: socklen_t

    init(_ pointer: UnsafePointer<sockaddr>, _ length: socklen_t) {
        storage = sockaddr_storage()
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(self.length)))
        }
    }

    /// The local end of a socket.
    init?(localOf descriptor: Int32) {
        storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var length = length
        let code = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0 else { return nil }
        self.length = length
    }

    func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    public var port: UInt16 {
        let bytes = withUnsafeBytes(of: storage) { ($0[2], $0[3]) }
        return UInt16(bytes.0) << 8 | UInt16(bytes.1)
    }

    /// Whether it lies in 127.0.0.0/8 or is ::1 (or 127.0.0.0/8 mapped into IPv6).
    public var isLoopback: Bool {
        withUnsafeBytes(of: storage) { bytes in
            if family == AF_INET { return bytes[4] == 127 }
            guard family == AF_INET6 else { return false }
            let address = bytes[8..<24]
            if address.elementsEqual([UInt8](repeating: 0, count: 15) + [1]) { return true }
            return address.prefix(12).elementsEqual([UInt8](repeating: 0, count: 10) + [0xff, 0xff])
                && bytes[20] == 127
        }
    }

    /// As `127.0.0.1:7001` or `[::1]:7001`.
    public var description: String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withPointer {
            getnameinfo($0, $1, &host, socklen_t(host.count), nil, 0, Int32(NI_NUMERICHOST))
        }
        guard code == 0 else { return "unknown" }
        let text = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return family == AF_INET6 ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    /// Closes a descriptor that was handed out and is not wanted.
    public static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    /// Whether `host` is a numeric address.
    public static func isNumeric(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
    }

    /// The addresses of `host`, in the resolver's order. Blocks unless `host` is numeric.
    public static func resolve(_ host: String, port: UInt16) throws(TransportError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = isNumeric(host) ? AI_NUMERICHOST : AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw TransportError("\(host): \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr { found.append(SocketAddress(address, entry.ai_addrlen)) }
            next = entry.ai_next
        }
        guard !found.isEmpty else { throw TransportError("\(host): no address") }
        return found
    }
}
