import CLinux
public import EventLoop
import Glibc

/// A listening socket on a loop; hands out connected descriptors. Confined to the loop's thread once started.
public final class Listener {
    public let address: SocketAddress
    private let descriptor: Int32
    private let loop: EventLoop
    private var isOpen = true
    /// Takes a connected, non-blocking descriptor, which it has to close.
    private var onAccept: ((Int32, SocketAddress) -> Void)?

    /// Binds and listens; accepts nothing before ``start(_:)``.
    ///
    /// - Parameter sharesPort: Other listeners of this user that say so too may listen on the same port; the kernel
    ///   spreads the connections over them.
    public init(
        _ address: SocketAddress, backlog: Int32 = 511, sharesPort: Bool = false, loop: EventLoop
    ) throws(TransportError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw .system("socket") }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        if sharesPort { setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, 4) }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0,
            let bound = SocketAddress(localOf: descriptor)
        else {
            let error = TransportError.system("listen on \(address)")
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.address = bound
        self.loop = loop
    }

    deinit {
        if isOpen { Glibc.close(descriptor) }
    }

    public func start(_ onAccept: @escaping (Int32, SocketAddress) -> Void) throws(TransportError) {
        self.onAccept = onAccept
        do {
            try loop.watch(descriptor, .readable) { [unowned self] _ in self.acceptAll() }
        } catch {
            throw TransportError("\(error)")
        }
    }

    /// Accepts at most 64 a turn, so that connections already there get their turn too.
    private func acceptAll() {
        for _ in 0..<64 {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let connected = withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(descriptor, $0, &length, flags) }
            }
            guard connected >= 0 else {
                if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { pause() }
                if errno == ECONNABORTED || errno == EINTR { continue }
                return
            }
            SocketOptions.apply(connected)
            let peer = withUnsafePointer(to: storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { SocketAddress($0, length) }
            }
            if let onAccept { onAccept(connected, peer) } else { Glibc.close(connected) }
            guard isOpen else { return }
        }
    }

    /// Out of descriptors: level-triggered epoll would spin, so look again in a while.
    private func pause() {
        try? loop.rewatch(descriptor, [])
        loop.schedule(after: .milliseconds(100)) { [weak self] in
            guard let self, self.isOpen else { return }
            try? self.loop.rewatch(self.descriptor, .readable)
        }
    }

    public func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
        onAccept = nil
    }
}
