import EventLoop
import HTTP2

/// A server on its loop: the listener, the connections, what their calls share.
///
/// `@unchecked Sendable`: confined to its loop's thread; the constants and `start`'s caller excepted.
final class ServerCore: @unchecked Sendable {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let methods: MethodTable
    let authorizer: any ServerInterceptor
    let pool = StreamPool()
    let gzip = GzipCodec()

    private let listener: Listener
    private var tls: TLSContext?
    private var connections: [UInt64: Connected] = [:]
    private var lastNumber: UInt64 = 0
    private var sweepTimer: TimerID?
    private var runningCalls = 0
    private var isShuttingDown = false
    private var onDrained: [() -> Void] = []

    private struct Connected {
        let connection: HTTP2Connection
        let address: String
        /// Made once a connection, not once a call.
        var peer: Peer
    }

    init(
        _ configuration: ServerConfiguration, _ methods: MethodTable, _ authorizer: any ServerInterceptor,
        listener: Listener, tls: TLSContext?, loop: EventLoop
    ) {
        self.configuration = configuration
        self.methods = methods
        self.authorizer = authorizer
        self.listener = listener
        self.tls = tls
        self.loop = loop
    }

    func start() throws(TransportError) {
        loop.assertCurrent()
        try listener.start { self.accept($0, $1) }
        sweepLater()
    }

    func use(_ tls: TLSContext) { self.tls = tls }

    // MARK: Connections

    private func accept(_ descriptor: Int32, _ address: SocketAddress) {
        guard connections.count < configuration.maxConnections else {
            configuration.observer?(
                .connectionClosed(
                    Peer(address: address.description), reason: "over the limit of \(configuration.maxConnections)"))
            return SocketAddress.close(descriptor)
        }
        do throws(TransportError) {
            let session = try tls.map { context throws(TransportError) in try TLSSession(context) }
            let connection = try HTTP2Connection(
                role: .server, number: lastNumber + 1, descriptor: descriptor, tls: session,
                peer: PeerIdentity(address: address.description),
                limits: limits, pool: pool, loop: loop, events: self)
            lastNumber += 1
            connections[connection.number] = Connected(
                connection: connection, address: address.description, peer: Peer(connection.peer))
            connection.start()
            endHandshakeLater(connection.number)
        } catch {
            configuration.observer?(
                .connectionClosed(Peer(address: address.description), reason: error.description))
        }
    }

    private func endHandshakeLater(_ number: UInt64) {
        loop.schedule(after: configuration.handshakeTimeout) {
            guard let connection = self.connections[number]?.connection, !connection.sawPeerSettings else { return }
            connection.close(TransportError("no HTTP/2 within the handshake time"))
        }
    }

    private var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.maxConcurrentStreams = configuration.maxConcurrentStreams
        limits.headerListBytes = configuration.headerListLimitBytes
        limits.lowWaterBytes = configuration.streamHighWaterBytes / 2
        limits.resetsPerSecond = configuration.maxResetsPerSecond
        limits.controlFramesPerSecond = configuration.maxControlFramesPerSecond
        return limits
    }

    /// Looks at all connections, four times within the shorter of their times.
    private func sweepLater() {
        let interval = min(configuration.maxConnectionIdle ?? .seconds(600), configuration.writeTimeout) / 4
        sweepTimer = loop.schedule(after: max(interval, .milliseconds(20))) {
            let now = ContinuousClock.now
            for connected in self.connections.values { self.sweep(connected.connection, now) }
            self.sweepLater()
        }
    }

    private func sweep(_ connection: HTTP2Connection, _ now: ContinuousClock.Instant) {
        if let since = connection.stalledSince, since < now - configuration.writeTimeout {
            return connection.close(TransportError("the peer has taken nothing for \(configuration.writeTimeout)"))
        }
        guard let limit = configuration.maxConnectionIdle, connection.openStreams == 0,
            connection.idleSince < now - limit
        else { return }
        // Told before, and not answered: nobody is there.
        if connection.isShuttingDown { connection.close(nil) } else { connection.beginShutdown() }
    }

    // MARK: Calls

    func peer(of stream: HTTP2Stream) -> Peer {
        guard let connection = stream.connection, let connected = connections[connection.number] else {
            return Peer(address: "unknown")
        }
        return connected.peer
    }

    /// Why a call is refused before its method is looked at.
    func refusal(of stream: HTTP2Stream) -> RequestHead.Refusal? {
        if stream.headersCut {
            let limit = configuration.headerListLimitBytes
            return .status(RPCError(.resourceExhausted, "the header list is over the limit of \(limit) bytes"))
        }
        guard runningCalls < configuration.maxRunningCalls else {
            return .status(
                RPCError(.resourceExhausted, "\(runningCalls) calls run, the limit is \(configuration.maxRunningCalls)")
            )
        }
        guard let queued = stream.connection?.queuedBytes, queued > configuration.connectionQueueLimitBytes else {
            return nil
        }
        let limit = configuration.connectionQueueLimitBytes
        return .status(
            RPCError(
                .resourceExhausted, "the connection has \(queued) bytes of responses unread, the limit is \(limit)"))
    }

    /// Why a call is refused for what its connection holds already.
    func overload(of stream: HTTP2Stream) -> RPCError? {
        guard let held = stream.connection?.heldBytes, held > configuration.connectionReceiveLimitBytes else {
            return nil
        }
        let limit = configuration.connectionReceiveLimitBytes
        return RPCError(.resourceExhausted, "the connection holds \(held) bytes of requests, the limit is \(limit)")
    }

    func callStarted() { runningCalls += 1 }

    func callEnded() {
        runningCalls -= 1
        checkDrained()
    }

    // MARK: Shutdown

    /// `done` is called when the connections are closed and the handlers have ended.
    func shutdown(grace: Duration, _ done: @escaping () -> Void) {
        onDrained.append(done)
        guard !isShuttingDown else { return checkDrained() }
        isShuttingDown = true
        listener.close()
        if let sweepTimer { loop.cancel(sweepTimer) }
        for connected in connections.values { connected.connection.beginShutdown() }
        loop.schedule(after: grace) { self.closeAll() }
        checkDrained()
    }

    private func closeAll() {
        for connected in connections.values {
            connected.connection.close(TransportError("closed after the grace time of the shutdown"))
        }
        // A handler that ignores its cancellation keeps nobody waiting for ever.
        loop.schedule(after: .seconds(1)) { self.drained() }
    }

    private func checkDrained() {
        if isShuttingDown, connections.isEmpty, runningCalls == 0 { drained() }
    }

    private func drained() {
        let waiting = onDrained
        onDrained = []
        for done in waiting { done() }
        pool.drain()
    }

    /// Whether the loop may be stopped: no handler would be left on it.
    var isIdle: Bool { connections.isEmpty && runningCalls == 0 }
}

extension ServerCore: ConnectionEvents {
    func connectionReady(_ connection: HTTP2Connection) {
        let peer = Peer(connection.peer)
        connections[connection.number]?.peer = peer
        configuration.observer?(.connectionOpened(peer))
    }

    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {
        if stream.events == nil { stream.events = ServerCall(stream, self) }
    }

    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) {}

    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {
        guard let connected = connections.removeValue(forKey: connection.number) else { return }
        configuration.observer?(.connectionClosed(connected.peer, reason: reason?.description))
        checkDrained()
    }
}

extension Peer {
    init(_ identity: PeerIdentity) {
        self.init(
            address: identity.address, uriNames: identity.uriNames, commonName: identity.commonName,
            isTLS: identity.isTLS)
    }
}
