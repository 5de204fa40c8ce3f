public import EventLoop
import Glibc

/// Connects to a host's addresses, one after the other, until its owner is content with one. Confined to its loop's
/// thread.
///
/// The time is shared out: an address that does not answer leaves the later ones their part.
public final class Connector {
    public typealias Completion = (Result<(Int32, SocketAddress), TransportError>) -> Void

    private let loop: EventLoop
    private let end: ContinuousClock.Instant
    private var addresses: [SocketAddress] = []
    private var lastError = TransportError("no address")
    private var descriptor: Int32 = -1
    private var timer: TimerID?
    private var completion: Completion?
    /// When the address that is being tried, or was handed out last, has had its time.
    public private(set) var addressEnd: ContinuousClock.Instant

    /// - Parameter end: When all addresses have had their time.
    public init(loop: EventLoop, end: ContinuousClock.Instant) {
        self.loop = loop
        self.end = end
        addressEnd = end
    }

    /// - Parameters:
    ///   - loopbackOnly: Refuses any other address.
    ///   - completion: Called on the loop, with a connected descriptor, which it has to close, or with the last error
    ///     when no address is left; once, and once more after each ``tryNext()``.
    public func connect(_ host: String, port: UInt16, loopbackOnly: Bool, _ completion: @escaping Completion) {
        loop.assertCurrent()
        self.completion = completion
        timer = loop.schedule(at: end) {
            self.finish(.failure(TransportError("\(host): its name was not looked up in time")))
        }
        // Confined: the resolver's thread only carries the reference back to the loop.
        nonisolated(unsafe) let connector = self
        Resolver.resolve(host, port: port, loop: loop) { result in
            connector.resolved(result, loopbackOnly)
        }
    }

    /// As ``connect(_:port:loopbackOnly:_:)``, with addresses that are known.
    public func connect(to addresses: [SocketAddress], loopbackOnly: Bool, _ completion: @escaping Completion) {
        loop.assertCurrent()
        self.completion = completion
        resolved(.success(addresses), loopbackOnly)
    }

    /// Gives up; the completion is not called any more.
    public func cancel() {
        completion = nil
        stopWaiting()
        dropDescriptor()
    }

    private func resolved(_ result: Result<[SocketAddress], TransportError>, _ loopbackOnly: Bool) {
        guard completion != nil else { return }
        switch result {
        case .failure(let error): finish(.failure(error))
        case .success(let found):
            addresses = loopbackOnly ? found.filter(\.isLoopback) : found
            if addresses.isEmpty, let other = found.first {
                lastError = TransportError("plain text is for loopback addresses only: configure TLS for \(other)")
            }
            tryNext()
        }
    }

    /// Whether an address is left to try.
    public var hasNext: Bool { !addresses.isEmpty }

    /// Goes on to the next address: the one handed out last turned out to be of no use.
    public func tryNext() {
        loop.assertCurrent()
        stopWaiting()
        while !addresses.isEmpty {
            let now = ContinuousClock.now
            addressEnd = now + max(now.duration(to: end), .zero) / addresses.count
            let address = addresses.removeFirst()
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            descriptor = socket(address.family, type, 0)
            guard descriptor >= 0 else {
                lastError = .system("socket")
                continue
            }
            SocketOptions.apply(descriptor)
            let code = address.withPointer { Glibc.connect(descriptor, $0, $1) }
            if code == 0 { return handOut(address) }
            if errno == EINPROGRESS, wait(for: address, since: now) { return }
            lastError = .system("connect to \(address)")
            close(descriptor)
            descriptor = -1
        }
        finish(.failure(lastError))
    }

    private func wait(for address: SocketAddress, since start: ContinuousClock.Instant) -> Bool {
        do {
            try loop.watch(descriptor, .writable) { _ in self.settled(address) }
        } catch {
            return false
        }
        timer = loop.schedule(at: addressEnd) {
            let waited = start.duration(to: self.addressEnd)
            self.failed(TransportError("\(address): no connection within \(waited)"))
        }
        return true
    }

    private func settled(_ address: SocketAddress) {
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        if code == 0 {
            loop.unwatch(descriptor)
            handOut(address)
        } else {
            failed(.system("connect to \(address)", code))
        }
    }

    private func failed(_ error: TransportError) {
        lastError = error
        dropDescriptor()
        tryNext()
    }

    private func handOut(_ address: SocketAddress) {
        let connected = descriptor
        descriptor = -1
        finish(.success((connected, address)))
    }

    private func finish(_ result: Result<(Int32, SocketAddress), TransportError>) {
        stopWaiting()
        completion?(result)
    }

    private func stopWaiting() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    private func dropDescriptor() {
        guard descriptor >= 0 else { return }
        loop.unwatch(descriptor)
        close(descriptor)
        descriptor = -1
    }
}
