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
    var budget: RetryBudget

    /// The connection that new calls go to: the server's SETTINGS have been seen.
    private var current: HTTP2Connection?
    /// The connection whose handshake is under way.
    private var pending: HTTP2Connection?
    private var connections: [UInt64: HTTP2Connection] = [:]
    private var lastNumber: UInt64 = 0
    private var connector: Connector?
    private var handshakeTimer: TimerID?
    private var attemptEnd = ContinuousClock.now
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
        budget = configuration.retryBudget
        backoff = ConnectionBackoff(configuration.backoff)
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
        if let current, current.acceptsStreams {
            waiter(.success(current))
            return nil
        }
        if connector == nil, pending == nil {
            guard backoff.allows(ContinuousClock.now) || waitForReady else {
                waiter(.failure(unavailable("\(lastFailure) (waiting before the next attempt)")))
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

    /// Connects for whoever waits, when the backoff allows it.
    private func connectIfNeeded() {
        guard !isClosed, !waiters.isEmpty, connector == nil, pending == nil, reconnectTimer == nil else { return }
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
        attemptEnd = backoff.begin(at: .now, random: Double.random(in: 0..<1))
        if configuration.tls == nil, !configuration.allowPlaintext {
            return fail("no TLS is configured, and plain text was not asked for")
        }
        let connector = Connector(loop: loop)
        self.connector = connector
        connector.connect(
            configuration.host, port: configuration.port, loopbackOnly: configuration.tls == nil,
            timeout: ContinuousClock.now.duration(to: attemptEnd)
        ) { result in
            self.connector = nil
            switch result {
            case .failure(let error): self.fail(error.description)
            case .success(let (descriptor, address)): self.connected(descriptor, address)
            }
        }
    }

    private func connected(_ descriptor: Int32, _ address: SocketAddress) {
        guard !isClosed else { return SocketAddress.close(descriptor) }
        let session: TLSSession?
        do throws(TransportError) {
            session = try makeTLS()
        } catch {
            SocketAddress.close(descriptor)
            return fail(error.description)
        }
        do throws(TransportError) {
            let connection = try HTTP2Connection(
                role: .client, number: lastNumber + 1, descriptor: descriptor, tls: session,
                peer: PeerIdentity(address: address.description),
                limits: limits, pool: pool, loop: loop, events: self)
            lastNumber += 1
            connections[connection.number] = connection
            pending = connection
            handshakeTimer = loop.schedule(at: attemptEnd) {
                self.pending?.close(TransportError("no HTTP/2 within the connect time"))
            }
            connection.start()
        } catch {
            fail(error.description)
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
        let name = tls.expectedServerURI.map { TLSSession.ServerName.uri($0) } ?? .host(configuration.host)
        return try TLSSession(context, serverName: name, host: configuration.host)
    }

    private var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.headerListBytes = configuration.headerListLimitBytes
        limits.streamWindowBytes = configuration.streamWindowBytes
        limits.connectionWindowBytes = 16 << 20
        limits.lowWaterBytes = configuration.sendHighWaterBytes / 2
        return limits
    }

    private func unavailable(_ reason: String) -> RPCError { RPCError(.unavailable, "\(target): \(reason)") }

    /// An attempt to connect has failed.
    private func fail(_ reason: String) {
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

    // MARK: Streams

    func streamOpened() {}

    /// Closes what takes no more calls and has none left.
    func streamClosed() {}

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
        backoff.succeeded()
        current = connection
        release(.success(connection))
    }

    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {}

    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) {
        if current === connection { current = nil }
    }

    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {
        connections.removeValue(forKey: connection.number)
        if current === connection { current = nil }
        guard pending === connection else { return }
        endHandshake()
        if !isClosed { fail(reason?.description ?? "the connection was closed") }
    }
}
