/// What happens to a connection. Called on the loop's thread.
public protocol ConnectionEvents: AnyObject {
    /// The connection may be used: connected, and the TLS peer verified.
    func connectionReady(_ connection: HTTP2Connection)
    /// The peer's first SETTINGS have come: it speaks HTTP/2.
    func connectionSettled(_ connection: HTTP2Connection)
    /// A server's peer opened a stream; `stream.events` is to be set when it is nil.
    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream)
    /// The peer takes no more streams.
    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String)
    /// Called once, last, after all its streams were closed; nil for an orderly end.
    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?)
}

extension ConnectionEvents {
    public func connectionSettled(_ connection: HTTP2Connection) {}
}

/// The other end, as the transport knows it.
public struct PeerIdentity: Sendable, Equatable {
    /// Numeric address and port.
    public var address: String
    /// URI names of the verified certificate.
    public var uriNames: [String] = []
    /// Common name of the verified certificate.
    public var commonName: String?
    public var isTLS = false

    public init(address: String) { self.address = address }
}

/// Streams to be used again, so that a call allocates no buffers, and the memory of the sessions that they belong to.
/// Confined to one loop.
public final class StreamPool {
    let memory = SessionMemory()
    private var free: [HTTP2Stream] = []
    private let capacity: Int

    public init(capacity: Int = 512) { self.capacity = capacity }

    func take() -> HTTP2Stream { free.popLast() ?? HTTP2Stream() }

    /// Takes back a stream that is closed and that nobody uses any more.
    public func recycle(_ stream: HTTP2Stream) {
        guard stream.isClosed else { return }
        stream.wipe()
        if free.count < capacity {
            free.append(stream)
        } else {
            stream.events = nil
        }
    }

    /// Breaks the references between streams and their events.
    public func drain() {
        for stream in free { stream.events = nil }
        free.removeAll()
    }
}
