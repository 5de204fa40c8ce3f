public import EventLoop
import Glibc

/// Connects to the first of a host's addresses that answers. Confined to its loop's thread.
public final class Connector {
    private let loop: EventLoop
    private var addresses: [SocketAddress] = []
    private var lastError = TransportError("no address")
    private var descriptor: Int32 = -1
    private var timer: TimerID?
    private var completion: ((Result<(Int32, SocketAddress), TransportError>) -> Void)?

    public init(loop: EventLoop) { self.loop = loop }

    /// - Parameters:
    ///   - loopbackOnly: Refuses any other address.
    ///   - completion: Called once, on the loop, with a connected descriptor, which it has to close, or an error.
    public func connect(
        _ host: String, port: UInt16, loopbackOnly: Bool, timeout: Duration,
        _ completion: @escaping (Result<(Int32, SocketAddress), TransportError>) -> Void
    ) {
        loop.assertCurrent()
        self.completion = completion
        timer = loop.schedule(after: timeout) {
            self.finish(.failure(TransportError("\(host):\(port): no connection within \(timeout)")))
        }
        // Confined: the resolver's thread only carries the reference back to the loop.
        nonisolated(unsafe) let connector = self
        Resolver.resolve(host, port: port, loop: loop) { result in
            connector.resolved(result, loopbackOnly)
        }
    }

    /// Gives up; the completion is called with an error unless it has been called.
    public func cancel() { finish(.failure(TransportError("cancelled"))) }

    private func resolved(_ result: Result<[SocketAddress], TransportError>, _ loopbackOnly: Bool) {
        guard completion != nil else { return }
        switch result {
        case .failure(let error): finish(.failure(error))
        case .success(let found):
            addresses = loopbackOnly ? found.filter(\.isLoopback) : found
            if addresses.isEmpty {
                lastError = TransportError("plain text is for loopback addresses only: configure TLS for \(found[0])")
            }
            tryNext()
        }
    }

    private func tryNext() {
        while !addresses.isEmpty {
            let address = addresses.removeFirst()
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            descriptor = socket(address.family, type, 0)
            guard descriptor >= 0 else {
                lastError = .system("socket")
                continue
            }
            SocketOptions.apply(descriptor)
            let code = address.withPointer { Glibc.connect(descriptor, $0, $1) }
            if code == 0 { return finish(.success((descriptor, address))) }
            if errno == EINPROGRESS, watch(address) { return }
            lastError = .system("connect to \(address)")
            close(descriptor)
        }
        descriptor = -1
        finish(.failure(lastError))
    }

    private func watch(_ address: SocketAddress) -> Bool {
        do {
            try loop.watch(descriptor, .writable) { _ in self.settled(address) }
            return true
        } catch {
            return false
        }
    }

    private func settled(_ address: SocketAddress) {
        loop.unwatch(descriptor)
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        if code == 0 { return finish(.success((descriptor, address))) }
        lastError = .system("connect to \(address)", code)
        close(descriptor)
        descriptor = -1
        tryNext()
    }

    private func finish(_ result: Result<(Int32, SocketAddress), TransportError>) {
        guard let completion else { return }
        self.completion = nil
        if let timer { loop.cancel(timer) }
        if case .failure = result, descriptor >= 0 {
            loop.unwatch(descriptor)
            close(descriptor)
        }
        descriptor = -1
        completion(result)
    }
}
