import EventLoop
import HTTP2

/// A server on one loop: the listener, the connections, what their calls share. A server of several loops is as many of
/// these, which share the methods and nothing else.
///
/// `@unchecked Sendable`: confined to its loop's thread; the constants and `start`'s caller excepted.
final class ServerCore: @unchecked Sendable {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let methods: MethodTable
    let authorizer: any ServerInterceptor
    let pool = StreamPool()
    let gzip = GzipCodec()

    let listener: Listener
    /// This loop's part of the limits.
    private let connectionLimit: Int
    private let callLimit: Int
    private var tls: TLSContext?
    private var connections: [UInt64: Connected] = [:]
    private var lastNumber: UInt64 = 0
    private var sweepTimer: TimerID?
    private var runningCalls = 0
    private var isShuttingDown = false
    /// Sweeps until memory is given back; 0 when no connection has ended since.
    private var sweepsToTrim = 0
    private var onDrained: [() -> Void] = []
    /// The calls to be started in this turn.
    private var ready: [ServerCall] = []
    private var starting: [ServerCall] = []

    private struct Connected {
        let connection: HTTP2Connection
        let state: ServerConnection
    }

    init(
        _ configuration: ServerConfiguration, _ methods: MethodTable, _ authorizer: any ServerInterceptor,
        listener: Listener, tls: TLSContext?, loop: EventLoop
    ) {
        self.configuration = configuration
        let loops = max(configuration.loops, 1)
        connectionLimit = (configuration.maxConnections + loops - 1) / loops
        callLimit = (configuration.maxRunningCalls + loops - 1) / loops
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

    /// Takes over a connected, non-blocking `descriptor`.
    func accept(_ descriptor: Int32, _ address: SocketAddress) {
        let name = address.description
        guard connections.count < connectionLimit else {
            configuration.observer?(
                .connectionClosed(Peer(address: name), reason: "over the limit of \(connectionLimit)"))
            return SocketAddress.close(descriptor)
        }
        do throws(TransportError) {
            let session = try tls.map { context throws(TransportError) in try TLSSession(context) }
            let state = ServerConnection(self, address: name, random: .random(in: 0..<1))
            let connection = try HTTP2Connection(
                role: .server, number: lastNumber + 1, descriptor: descriptor, tls: session,
                peer: PeerIdentity(address: name), limits: limits, pool: pool, loop: loop, events: state)
            lastNumber += 1
            connections[connection.number] = Connected(connection: connection, state: state)
            connection.start()
            endHandshakeLater(connection.number)
        } catch {
            configuration.observer?(.connectionClosed(Peer(address: name), reason: error.description))
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
        limits.conduct = configuration.conduct
        limits.conduct.minimumPingInterval = configuration.minPingInterval
        return limits
    }

    /// Looks at all connections, again and again.
    private func sweepLater() {
        sweepTimer = loop.schedule(after: configuration.sweepInterval) {
            let now = ContinuousClock.now
            for connected in self.connections.values { connected.state.sweep(connected.connection, now) }
            self.giveMemoryBack()
            self.sweepLater()
        }
    }

    /// Behind the sweep in which a connection ended, since its handlers end after it.
    private func giveMemoryBack() {
        guard sweepsToTrim > 0 else { return }
        sweepsToTrim -= 1
        if sweepsToTrim == 0 { FreeMemory.giveBack() }
    }

    // MARK: Calls

    /// Why a call is refused before its method is looked at.
    func refusal(of stream: HTTP2Stream) -> RequestHead.Refusal? {
        if stream.headersCut {
            let limit = configuration.headerListLimitBytes
            return .status(RPCError(.resourceExhausted, "the header list is over the limit of \(limit) bytes"))
        }
        return outputOverload(of: stream).map { .status($0) }
    }

    /// Why a call gets no response: too many of its connection are unread.
    func outputOverload(of stream: HTTP2Stream) -> RPCError? {
        let limit = configuration.connectionQueueLimitBytes
        let queued = stream.connectionQueuedBytes
        guard queued > limit else { return nil }
        return RPCError(
            .resourceExhausted, "the connection has \(queued) bytes of responses unread, the limit is \(limit)")
    }

    /// Why a handler is not started: too many run already. Those of reset streams count until they have ended, so
    /// resetting makes no room (CVE-2023-44487).
    func refusal(of connection: ServerConnection?) -> RequestHead.Refusal? {
        if runningCalls >= callLimit { return tooMany("\(runningCalls) calls run, the limit is \(callLimit)") }
        let limit = configuration.maxConcurrentStreams
        guard let running = connection?.runningCalls, running >= limit else { return nil }
        return tooMany("\(running) calls of the connection run, the limit is \(limit)")
    }

    private func tooMany(_ text: String) -> RequestHead.Refusal {
        .status(RPCError(.resourceExhausted, text, details: [.retryInfo(delay: .seconds(1))]))
    }

    /// Why a call is refused for what its connection holds already.
    func overload(of stream: HTTP2Stream) -> RPCError? {
        let limit = configuration.connectionReceiveLimitBytes
        let held = stream.connectionHeldBytes
        guard held > limit else { return nil }
        return RPCError(.resourceExhausted, "the connection holds \(held) bytes of requests, the limit is \(limit)")
    }

    /// Has ``ServerCall/startInTurn()`` called, outside of nghttp2.
    func markReady(_ call: ServerCall) {
        if ready.isEmpty { loop.markReady(self) }
        ready.append(call)
    }

    func callStarted(_ connection: ServerConnection?) {
        runningCalls += 1
        connection?.runningCalls += 1
    }

    func callEnded(_ connection: ServerConnection?) {
        runningCalls -= 1
        connection?.runningCalls -= 1
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

    func connectionClosed(_ connection: HTTP2Connection, _ peer: Peer, _ reason: TransportError?) {
        guard connections.removeValue(forKey: connection.number) != nil else { return }
        sweepsToTrim = 2
        configuration.observer?(.connectionClosed(peer, reason: reason?.description))
        checkDrained()
    }
}

extension ServerCore: TurnParticipant {
    func startInTurn() {
        swap(&ready, &starting)
        for call in starting { call.startInTurn() }
        starting.removeAll(keepingCapacity: true)
    }

    func flushInTurn() {}
}
