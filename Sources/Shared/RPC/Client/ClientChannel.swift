import EventLoop
import HTTP2

/// A client on its loop: the connection, and the calls that wait for it.
///
/// `@unchecked Sendable`: confined to its loop's thread.
final class ClientChannel: @unchecked Sendable {
    typealias Waiter = (Result<HTTP2Connection, RPCError>) -> Void

    let configuration: ClientConfiguration
    let loop: EventLoop
    let pool = StreamPool(capacity: 64)
    let gzip = GzipCodec()
    let requestHeaders: RequestHeaders
    var budget: RetryBudget

    /// The connection that new calls go to: the server's SETTINGS have been seen.
    private var current: HTTP2Connection?
    /// The connection whose handshake is under way.
    private var pending: HTTP2Connection?
    private var connections: [UInt64: HTTP2Connection] = [:]
    private var lastNumber: UInt64 = 0
    private var connector: Connector?
    private var handshakeTimer: TimerID?
    private var keepers: [UInt64: ConnectionKeeper] = [:]
    private var keepaliveTime: Duration?
    private var waiters: [Waiting] = []
    private var lastWaiter: UInt64 = 0
    private var backoff: ConnectionBackoff
    private var reconnectTimer: TimerID?
    /// Why the last attempt to connect failed; empty before the first.
    private(set) var lastFailure = ""
    private var isClosed = false

    private struct Waiting {
        let id: UInt64
        let waitForReady: Bool
        let waiter: Waiter
    }

    init(_ configuration: ClientConfiguration, loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
        requestHeaders = RequestHeaders(configuration)
        budget = configuration.retryBudget
        backoff = ConnectionBackoff(configuration.backoff)
        keepaliveTime = configuration.keepaliveTime.map { max($0, configuration.keepaliveFloor) }
    }

    /// Runs `work` on the loop: at once when called there.
    func perform(_ work: @escaping @Sendable () -> Void) {
        if loop.isCurrent { work() } else { loop.execute(work) }
    }

    private var target: String { "\(configuration.host):\(configuration.port)" }

    // MARK: Waiting for a connection

    /// Hands the connection to `waiter`, at once or when there is one.
    ///
    /// - Parameter waitForReady: Whether failed attempts to connect are waited out.
    /// - Returns: What ``forgetWaiter(_:)`` takes; nil when `waiter` has been called.
    func withConnection(waitForReady: Bool, _ waiter: @escaping Waiter) -> UInt64? {
        loop.assertCurrent()
        guard !isClosed else {
            waiter(.failure(RPCError(.unavailable, "the client is closed")))
            return nil
        }
        if let current {
            if current.acceptsStreams {
                waiter(.success(current))
                return nil
            }
            // Its numbers are used up; what it has open goes on.
            current.leave()
            self.current = nil
        }
        if connector == nil {
            guard backoff.allows(ContinuousClock.now) || waitForReady else {
                waiter(.failure(unavailable(lastFailure)))
                return nil
            }
        }
        lastWaiter += 1
        waiters.append(Waiting(id: lastWaiter, waitForReady: waitForReady, waiter: waiter))
        connectIfNeeded()
        return lastWaiter
    }

    /// A call that ended does not wait any more.
    func forgetWaiter(_ id: UInt64) { waiters.removeAll { $0.id == id } }

    var waitingCount: Int { waiters.count }

    /// Connects for whoever waits, when the backoff allows it.
    private func connectIfNeeded() {
        guard !isClosed, !waiters.isEmpty, connector == nil, reconnectTimer == nil else { return }
        if let instant = backoff.nextAttempt, !backoff.allows(ContinuousClock.now) {
            reconnectTimer = loop.schedule(at: instant) {
                self.reconnectTimer = nil
                self.connectIfNeeded()
            }
        } else {
            connect()
        }
    }

    // MARK: Connecting

    private func connect() {
        let connector = Connector(
            loop: loop, end: backoff.begin(at: .now, random: Double.random(in: 0..<1)))
        self.connector = connector
        if configuration.tls == nil, !configuration.allowPlaintext {
            return fail("no TLS is configured, and plain text was not asked for")
        }
        let found: Connector.Completion = {
            switch $0 {
            case .failure(let error): self.fail(error.description)
            case .success(let (descriptor, address)): self.connected(descriptor, address)
            }
        }
        let loopbackOnly = configuration.tls == nil
        if let addresses = configuration.addresses {
            connector.connect(to: addresses, loopbackOnly: loopbackOnly, found)
        } else {
            connector.connect(
                configuration.host, port: configuration.port, loopbackOnly: loopbackOnly, found)
        }
    }

    private func connected(_ descriptor: Int32, _ address: SocketAddress) {
        guard !isClosed else { return SocketAddress.close(descriptor) }
        let session: TLSSession?
        do throws(TransportError) {
            session = try makeTLS()
        } catch {
            SocketAddress.close(descriptor)
            return failAddress(error.description)
        }
        do throws(TransportError) {
            let connection = try HTTP2Connection(
                role: .client, number: lastNumber + 1, descriptor: descriptor, tls: session,
                peer: PeerIdentity(address: address.description),
                limits: limits, pool: pool, loop: loop, events: self)
            lastNumber += 1
            connections[connection.number] = connection
            pending = connection
            handshakeTimer = loop.schedule(at: connector?.addressEnd ?? .now) {
                self.pending?.close(TransportError("no HTTP/2 within the connect time"))
            }
            connection.start()
        } catch {
            failAddress(error.description)
        }
    }

    /// Reads the files for each connection anew, so that a renewed certificate needs no restart.
    private func makeTLS() throws(TransportError) -> TLSSession? {
        guard let tls = configuration.tls else { return nil }
        var identity: TLSContext.Identity?
        if let cert = tls.certFile, let key = tls.keyFile {
            identity = TLSContext.Identity(certFile: cert, keyFile: key)
        }
        let context = try TLSContext.client(identity, caFile: tls.caFile)
        let host = configuration.authority ?? configuration.host
        let name = tls.expectedServerURI.map { TLSSession.ServerName.uri($0) } ?? .host(host)
        return try TLSSession(context, serverName: name, host: host)
    }

    private var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.headerListBytes = configuration.headerListLimitBytes
        limits.streamWindowBytes = configuration.streamWindowBytes
        limits.connectionWindowBytes = 16 << 20
        limits.firstStream = configuration.firstStream
        limits.lowWaterBytes = configuration.sendHighWaterBytes / 2
        // A server's PINGs are counted among its other control frames, and no more often.
        limits.conduct.minimumPingInterval = .zero
        return limits
    }

    private func unavailable(_ reason: String) -> RPCError { RPCError(.unavailable, "\(target): \(reason)") }

    /// An address is of no use; the attempt goes on with the next one.
    private func failAddress(_ reason: String) {
        guard let connector, connector.hasNext else { return fail(reason) }
        connector.tryNext()
    }

    /// An attempt to connect has failed with all addresses.
    private func fail(_ reason: String) {
        connector?.cancel()
        connector = nil
        lastFailure = reason
        release(.failure(unavailable(reason))) { !$0.waitForReady }
        connectIfNeeded()
    }

    private func release(
        _ result: Result<HTTP2Connection, RPCError>, where isMeant: (Waiting) -> Bool = { _ in true }
    ) {
        let meant = waiters.filter(isMeant)
        waiters.removeAll(where: isMeant)
        for waiting in meant { waiting.waiter(result) }
    }

    private func endHandshake() {
        pending = nil
        if let handshakeTimer { loop.cancel(handshakeTimer) }
        handshakeTimer = nil
    }

    /// Why a stream ended with its connection.
    func lost(_ connection: HTTP2Connection?) -> RPCError {
        if isClosed { return RPCError(.cancelled, "the client was closed") }
        return unavailable(connection?.closeReason?.description ?? "the connection was closed")
    }

    /// A call has been opened on `connection`.
    func streamOpened(_ connection: HTTP2Connection) { keepers[connection.number]?.wake() }

    // MARK: End

    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let reconnectTimer { loop.cancel(reconnectTimer) }
        connector?.cancel()
        release(.failure(RPCError(.unavailable, "the client is closed")))
        current = nil
        for connection in connections.values { connection.close(nil) }
        pool.drain()
    }
}

extension ClientChannel: ConnectionEvents {
    func connectionReady(_ connection: HTTP2Connection) {}

    func connectionSettled(_ connection: HTTP2Connection) {
        guard connection === pending else { return }
        endHandshake()
        connector?.cancel()
        connector = nil
        backoff.succeeded()
        lastFailure = ""
        if let keepaliveTime {
            let rules = Keepalive.Rules(
                time: keepaliveTime, timeout: configuration.keepaliveTimeout,
                withoutCalls: configuration.keepaliveWithoutCalls)
            keepers[connection.number] = ConnectionKeeper(connection, rules)
        }
        current = connection
        release(.success(connection))
    }

    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {}

    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) {
        if current === connection { current = nil }
        // The server finds the PINGs too many (gRFC A8). It may say so without end.
        if code == 11, text == "too_many_pings", let time = keepaliveTime {
            keepaliveTime = max(time, min(time * 2, .seconds(86_400)))
        }
    }

    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {
        connections.removeValue(forKey: connection.number)
        keepers.removeValue(forKey: connection.number)?.stop()
        if current === connection { current = nil }
        guard pending === connection else { return }
        endHandshake()
        if !isClosed { failAddress(reason?.description ?? "the connection was closed") }
    }
}
