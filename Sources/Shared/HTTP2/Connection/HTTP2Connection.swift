import CNghttp2
public import EventLoop
import Glibc

/// A socket, its TLS session if it has one, and the nghttp2 session on top. Confined to its loop's thread.
///
/// Reads at most 64 KiB a turn and gives them to nghttp2; what nghttp2 and the streams have to say goes out in one
/// write when the turn ends. The loop's descriptor table keeps it alive until it is closed.
public final class HTTP2Connection {
    public enum Role: Sendable { case server, client }

    /// The code of `streamClosed` when the connection was lost under the stream; no code of HTTP/2.
    public static let connectionLost = UInt32.max

    enum Phase { case handshaking, open, closed }

    public let role: Role
    /// For its owner's table. A number, since a weak reference would slow down every retain of the connection.
    public let number: UInt64
    public let loop: EventLoop
    public let limits: ConnectionLimits
    public internal(set) var peer: PeerIdentity
    /// Why the connection was closed.
    public internal(set) var closeReason: TransportError?
    /// What nghttp2 has found wrong with a server's frames, for the case that it ends the connection.
    var complaint: String?
    /// Whether either side of a client's connection has said GOAWAY.
    var expectsEnd = false
    /// When the last stream ended, or the connection began.
    public internal(set) var idleSince: ContinuousClock.Instant
    /// When the peer last sent anything.
    public private(set) var lastReceived: ContinuousClock.Instant
    public internal(set) var openStreams = 0
    /// Bytes that all streams have queued for sending.
    public internal(set) var queuedBytes = 0
    /// Bytes that all streams have received and that nobody took.
    public internal(set) var heldBytes = 0

    let session: OpaquePointer
    let pool: StreamPool
    /// Kept until the connection is closed.
    var events: (any ConnectionEvents)?
    var firstStream: Unmanaged<HTTP2Stream>?
    /// The stream whose header list is being received.
    var headersOf: Unmanaged<HTTP2Stream>?
    var drain = ConnectionDrain()
    /// Bytes received and not yet granted back to the connection's flow-control window.
    var unconsumed = 0
    var watch: PeerWatch

    var phase = Phase.handshaking
    private let descriptor: Int32
    private let tls: TLSSession?
    private var output = ByteQueue()
    private var isDirty = false
    /// When the turn began in which the connection was last flushed.
    private(set) var flushedAt: ContinuousClock.Instant
    private var watchesWritable = false
    /// Since when the socket has taken too little of what waits for it; nil when nothing waits.
    public var stalledSince: ContinuousClock.Instant? { progress?.since }
    private var progress: Progress?
    /// Close when the output is written.
    var closesWhenFlushed = false
    private var insideNghttp2 = false
    private var closePending = false

    /// Takes over a connected, non-blocking `descriptor`.
    public init(
        role: Role, number: UInt64, descriptor: Int32, tls: TLSSession?, peer: PeerIdentity, limits: ConnectionLimits,
        pool: StreamPool, loop: EventLoop, events: any ConnectionEvents
    ) throws(TransportError) {
        guard let session = SessionFactory.make(role, limits, pool.memory) else {
            Glibc.close(descriptor)
            throw TransportError("nghttp2: no session")
        }
        self.session = session
        self.role = role
        self.number = number
        self.descriptor = descriptor
        self.tls = tls
        self.peer = peer
        self.limits = limits
        self.pool = pool
        self.loop = loop
        self.events = events
        watch = PeerWatch(limits, isServer: role == .server)
        idleSince = loop.turnStart
        lastReceived = loop.turnStart
        flushedAt = loop.turnStart
    }

    deinit {
        while let link = firstStream {
            firstStream = link._withUnsafeGuaranteedRef { $0.next }
            link._withUnsafeGuaranteedRef { $0.orphan() }
            link.release()
        }
        nghttp2_session_del(session)
        if phase != .closed { Glibc.close(descriptor) }
    }

    /// Begins: the loop watches the socket, the handshake starts.
    public func start() {
        loop.assertCurrent()
        nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        SessionFactory.submitSettings(session, limits, role)
        do {
            try loop.watch(descriptor, .readable) { self.handle($0) }
        } catch {
            return close(TransportError("\(error)"))
        }
        if tls == nil { becomeOpen() } else { advanceHandshake() }
        markDirty()
    }

    public var isClosed: Bool { phase == .closed }
    public var isOpen: Bool { phase == .open }
    public var isShuttingDown: Bool { drain.state != .serving }
    /// Whether the peer's preface and settings were seen.
    public internal(set) var sawPeerSettings = false

    // MARK: Reading

    private func handle(_ happened: Events) {
        if happened.contains(.readable) || happened.contains(.hangup) { readOnce() }
        if happened.contains(.writable), phase != .closed { markDirty() }
    }

    private func readOnce() {
        let buffer = ReadBuffer.current
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            lastReceived = loop.turnStart
            receive(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        } else if count == 0 {
            close(phase == .handshaking ? TransportError("the peer closed the connection during the handshake") : nil)
        } else if errno != EAGAIN && errno != EINTR {
            close(.system("read"))
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        markDirty()
        guard let tls else { return deliver(bytes) }
        tls.feed(bytes)
        if phase == .handshaking { advanceHandshake() }
        guard phase == .open else { return }
        let plain = PlainBuffer.current
        while phase == .open {
            let read = tls.read(into: plain)
            let idle = tls.takeIdleRecords()
            if idle > 0, let violation = watch.conduct.receivedIdleRecords(idle, at: loop.turnStart) { end(violation) }
            switch read {
            case .bytes(let count): deliver(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(plain)[..<count]))
            case .wait: return
            case .ended: return close(nil)
            case .failed(let error): return close(error)
            }
        }
    }

    private func advanceHandshake() {
        guard let tls else { return }
        switch tls.advanceHandshake() {
        case .wait: break
        case .done(let identity):
            let address = peer.address
            peer = identity
            peer.address = address
            becomeOpen()
        case .failed(let error):
            flushInTurn()
            close(error)
        }
    }

    private func becomeOpen() {
        phase = .open
        events?.connectionReady(self)
    }

    private func deliver(_ bytes: UnsafeRawBufferPointer) {
        if role == .server { inspect(bytes) } else { inspectServer(bytes) }
    }

    /// Gives bytes to nghttp2.
    func parse(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, phase == .open, !closesWhenFlushed else { return }
        insideNghttp2 = true
        let taken = nghttp2_session_mem_recv(
            session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        insideNghttp2 = false
        if taken < 0 { parsingFailed(Int32(truncatingIfNeeded: taken)) }
        if closePending { finishClose() }
    }

    // MARK: Writing

    /// Has the connection flushed when the turn ends.
    public func markDirty() {
        guard !isDirty, phase != .closed else { return }
        isDirty = true
        loop.markDirty(self)
    }

    /// One round: collect frames, encrypt, write; again while the socket takes everything.
    private func flush() {
        while phase != .closed {
            if phase == .open { collectFrames() }
            guard phase != .closed else { return }
            if let tls {
                if phase == .open, !output.isEmpty {
                    let sent = output.withBytes { tls.write($0) }
                    output.removeAll()
                    guard sent else { return close(TransportError("TLS: write failed")) }
                }
                guard let written = tls.withOutput({ send($0) }) else { return }
                if !tls.hasOutput && written == 0 { break }
                if tls.hasOutput { return watchWritable(true) }
            } else {
                if output.isEmpty { break }
                guard let written = output.withBytes({ send($0) }) else { return }
                output.removeFirst(written)
                if !output.isEmpty { return watchWritable(true) }
            }
            if nghttp2_session_want_write(session) == 0 { break }
        }
        guard phase != .closed else { return }
        watchWritable(false)
        closeIfDone()
    }

    private func collectFrames() {
        insideNghttp2 = true
        while output.count < 128 << 10 {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &bytes)
            guard count > 0, let bytes else { break }
            output.append(UnsafeRawBufferPointer(start: bytes, count: count))
        }
        insideNghttp2 = false
        if closePending { finishClose() }
    }

    /// Bytes taken by the socket; nil when the connection broke, and is closed.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count > 0 else { return 0 }
        let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 {
            progress?.took(count, at: loop.turnStart)
            return count
        }
        if errno == EAGAIN || errno == EINTR { return 0 }
        close(.system("write"))
        return nil
    }

    private func watchWritable(_ wanted: Bool) {
        if !wanted { progress = nil } else if progress == nil { progress = Progress(at: loop.turnStart) }
        guard wanted != watchesWritable else { return }
        watchesWritable = wanted
        do {
            try loop.rewatch(descriptor, wanted ? [.readable, .writable] : .readable)
        } catch {
            close(TransportError("\(error)"))
        }
    }

    private func closeIfDone() {
        guard phase == .open else { return }
        let idle = nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
        if idle, closeReason == nil, role == .client, !expectsEnd {
            // nghttp2 ends a connection of its own accord for one reason only.
            closeReason = TransportError("HTTP/2 protocol: \(complaint ?? "a frame where it is not allowed")")
        }
        if closesWhenFlushed || idle { close(closeReason, lingers: role == .server) }
    }

    // MARK: Closing

    /// Closes the socket and ends all streams. Within nghttp2's callbacks it happens right after them.
    public func close(_ reason: TransportError?) { close(reason, lingers: false) }

    private func close(_ reason: TransportError?, lingers: Bool) {
        guard phase != .closed, !closePending else { return }
        if closeReason == nil { closeReason = reason }
        closePending = true
        if !insideNghttp2 { finishClose(lingers: lingers) }
    }

    private func finishClose(lingers: Bool = false) {
        guard phase != .closed else { return }
        closePending = false
        stopWatching()
        if let tls, phase == .open {
            tls.beginClose()
            _ = tls.withOutput { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        phase = .closed
        loop.unwatch(descriptor)
        if lingers { LingeringClose.begin(descriptor, loop) } else { Glibc.close(descriptor) }
        while let stream = firstStream?.takeUnretainedValue() {
            stream.neverSent = nghttp2_session_find_stream(session, stream.id) == nil
            streamEnded(stream, Self.connectionLost)
        }
        let events = events
        self.events = nil
        events?.connectionClosed(self, closeReason)
    }

    // MARK: Streams

    /// Adds a stream to the list of open ones.
    func link(_ stream: HTTP2Stream) {
        let link = Unmanaged.passRetained(stream)
        stream.next = firstStream
        stream.previous = nil
        firstStream?._withUnsafeGuaranteedRef { $0.previous = link }
        firstStream = link
        openStreams += 1
        drain.streamOpened()
    }

    /// Calls `body` with each open stream; it may note facts, and end no stream.
    public func forEachStream(_ body: (HTTP2Stream) -> Void) {
        var next = firstStream
        while let stream = next?.takeUnretainedValue() {
            body(stream)
            next = stream.next
        }
    }

    private func unlink(_ stream: HTTP2Stream) {
        let next = stream.next
        let previous = stream.previous
        if let previous {
            previous._withUnsafeGuaranteedRef { $0.next = next }
        } else {
            firstStream = next
        }
        next?._withUnsafeGuaranteedRef { $0.previous = previous }
        stream.next = nil
        stream.previous = nil
    }

    /// Takes the stream off the list, which held it.
    func streamEnded(_ stream: HTTP2Stream, _ code: UInt32) {
        guard !stream.isClosed else { return }
        let link = Unmanaged.passUnretained(stream)
        defer { link.release() }
        unlink(stream)
        if headersOf?.toOpaque() == link.toOpaque() { headersOf = nil }
        stream.isClosed = true
        stream.owner = nil
        if code == 0 { watch.conduct.streamEndedWell() }
        if code == Self.connectionLost { stream.lastConnection = self }
        queuedBytes -= stream.queuedBytes
        heldBytes -= stream.input.count
        openStreams -= 1
        if openStreams == 0 { idleSince = loop.turnStart }
        let action = drain.streamEnded()
        stream.events?.streamClosed(stream, code: code)
        if phase != .closed { perform(action) }
    }
}

extension HTTP2Connection: TurnParticipant {
    public func startInTurn() {}

    public func flushInTurn() {
        isDirty = false
        flushedAt = loop.turnStart
        flush()
    }
}
