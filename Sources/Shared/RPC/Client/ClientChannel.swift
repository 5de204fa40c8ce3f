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

    private var current: HTTP2Connection?
    private var connections: [UInt64: HTTP2Connection] = [:]
    private var lastNumber: UInt64 = 0
    private var connector: Connector?
    private var waiters: [Waiter] = []
    private var backoff: Backoff
    private var lastFailure = ""
    private var isClosed = false

    init(_ configuration: ClientConfiguration, loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
        backoff = Backoff(initial: configuration.backoff.initial, cap: configuration.backoff.cap)
    }

    /// Runs `work` on the loop: at once when called there.
    func perform(_ work: @escaping @Sendable () -> Void) {
        if loop.isCurrent { work() } else { loop.execute(work) }
    }

    private var target: String { "\(configuration.host):\(configuration.port)" }

    // MARK: Connecting

    /// Hands the connection to `waiter`, at once or when there is one.
    func withConnection(_ waiter: @escaping Waiter) {
        loop.assertCurrent()
        guard !isClosed else { return waiter(.failure(RPCError(.unavailable, "the client is closed"))) }
        if let current, current.acceptsStreams { return waiter(.success(current)) }
        guard waiters.isEmpty else { return waiters.append(waiter) }
        guard backoff.allows(ContinuousClock.now) else {
            return waiter(.failure(unavailable("\(lastFailure) (waiting before the next attempt)")))
        }
        waiters.append(waiter)
        connect()
    }

    private func connect() {
        if configuration.tls == nil, !configuration.allowPlaintext {
            return fail("no TLS is configured, and plain text was not asked for")
        }
        let connector = Connector(loop: loop)
        self.connector = connector
        connector.connect(
            configuration.host, port: configuration.port, loopbackOnly: configuration.tls == nil,
            timeout: configuration.connectTimeout
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
            connection.start()
            endHandshakeLater(connection.number)
        } catch {
            fail(error.description)
        }
    }

    private func endHandshakeLater(_ number: UInt64) {
        loop.schedule(after: configuration.connectTimeout) {
            guard let connection = self.connections[number], !connection.sawPeerSettings else { return }
            connection.close(TransportError("no HTTP/2 within the connect time"))
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
        return limits
    }

    private func unavailable(_ reason: String) -> RPCError { RPCError(.unavailable, "\(target): \(reason)") }

    private func fail(_ reason: String) {
        lastFailure = reason
        backoff.failed(at: .now, random: Double.random(in: 0..<1))
        release(.failure(unavailable(reason)))
    }

    private func release(_ result: Result<HTTP2Connection, RPCError>) {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter(result) }
    }

    /// Why a stream ended with its connection.
    func lost(_ connection: HTTP2Connection?) -> RPCError {
        if isClosed { return RPCError(.cancelled, "the client was closed") }
        return unavailable(connection?.closeReason?.description ?? "the connection was closed")
    }

    // MARK: End

    func close() {
        guard !isClosed else { return }
        isClosed = true
        connector?.cancel()
        release(.failure(RPCError(.unavailable, "the client is closed")))
        current = nil
        for connection in connections.values { connection.close(nil) }
        pool.drain()
    }
}

extension ClientChannel: ConnectionEvents {
    func connectionReady(_ connection: HTTP2Connection) {
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
        if !connection.sawPeerSettings, !isClosed {
            fail(reason?.description ?? "the connection was closed")
        }
    }
}
