import CNghttp2
import EventLoop

/// What happens to a stream. Called on the loop's thread, mostly from within nghttp2: an implementation moves bytes,
/// notes facts and may call `markReady`; it starts no handler.
///
/// A class, since nghttp2's callbacks can reach one without counting references. So while one of these methods runs, but
/// for ``streamClosed(_:code:)``, the stream's `events` must not be changed.
open class StreamEvents {
    public init() {}

    /// A header list is complete, in `stream.headers`; a client's second one is the trailers. A server is not told of
    /// trailers.
    open func streamHeaders(_ stream: HTTP2Stream) {}
    /// More bytes are in `stream.input`.
    open func streamData(_ stream: HTTP2Stream) {}
    /// The peer will send nothing more.
    open func streamEnded(_ stream: HTTP2Stream) {}
    /// The queued output fell to the low-water mark.
    open func streamWritable(_ stream: HTTP2Stream) {}
    /// Nothing more will come or go. Called once, last.
    ///
    /// - Parameter code: An HTTP/2 error code; 0 for an orderly end.
    open func streamClosed(_ stream: HTTP2Stream, code: UInt32) {}
}

/// One exchange on a connection: buffers for what came in and what is to go out.
///
/// Confined to its loop's thread. Pooled: its owner recycles it when it is closed *and* nobody uses it any more.
public final class HTTP2Stream {
    public internal(set) var id: Int32 = 0
    /// Nil once the stream is closed.
    public var connection: HTTP2Connection? { owner?.takeUnretainedValue() }
    /// Without counting references: the connection clears it when the stream ends, and outlives its streams.
    var owner: Unmanaged<HTTP2Connection>?
    /// Kept while the stream is in the pool, so that it is reused with it.
    public var events: StreamEvents? {
        didSet { eventsNow = events.map { Unmanaged.passUnretained($0) } }
    }
    /// ``events``, without counting references.
    private var eventsNow: Unmanaged<StreamEvents>?

    /// The last complete header list, or the one that is being received.
    public internal(set) var headers = HeaderBlock()
    /// Whether `headers` was over the limit and is cut.
    public internal(set) var headersCut = false
    public internal(set) var input = ByteQueue()
    /// The connection that the stream was on, once it is closed; kept until the stream is recycled.
    public internal(set) var lastConnection: HTTP2Connection?
    /// Whether the stream ended before its request was given to the connection's output.
    public internal(set) var neverSent = false
    /// Whether it was the peer that reset the stream.
    public internal(set) var wasResetByPeer = false
    /// Whether the peer has ended its side.
    public internal(set) var inputEnded = false
    /// Received and not yet granted back to the peer's flow-control window.
    var unconsumed = 0
    /// Of the header list that is being received, the size of what is not kept.
    var cutOctets = 0
    /// Whether what is being received is a client's trailers, which mean nothing and are not kept.
    var ignoresHeaders = false

    private(set) var output = ByteQueue()
    /// Of the peer with the output, while there is any.
    private var progress = Progress(at: .now)
    private var outputEnded = false
    private var trailers: OutgoingHeaders?
    private var deferred = false
    private var waitsForLowWater = false
    public private(set) var headersSent = false
    public internal(set) var isClosed = true

    // The connection's list of its open streams, each of which the list holds.
    var next: Unmanaged<HTTP2Stream>?
    var previous: Unmanaged<HTTP2Stream>?

    init() {}

    /// Bytes that wait to be sent.
    public var queuedBytes: Int { output.count }

    /// Bytes that all streams of the connection have queued, and that they hold received; 0 once the stream is closed.
    public var connectionQueuedBytes: Int { owner?._withUnsafeGuaranteedRef { $0.queuedBytes } ?? 0 }
    public var connectionHeldBytes: Int { owner?._withUnsafeGuaranteedRef { $0.heldBytes } ?? 0 }

    /// Calls `body` with the connection, unless the stream is closed, without counting references: a dozen times a call,
    /// and each count is an atomic operation.
    @inline(__always)
    private func withConnection(_ body: (HTTP2Connection) -> Void) {
        guard let owner, !isClosed else { return }
        owner._withUnsafeGuaranteedRef { connection in
            connection.loop.assertCurrent()
            body(connection)
        }
    }

    // MARK: Sending

    /// Queues the response's header list; the body follows by ``write(_:)`` and ends by ``finish(trailers:)``.
    public func respond(_ headers: OutgoingHeaders) {
        guard !headersSent else { return }
        withConnection { connection in
            headersSent = true
            var provider = dataProvider()
            // Here and below, a closure holds numbers alone: references in it would be counted.
            let (session, id) = (connection.session, id)
            headers.withFields { _ = nghttp2_submit_response(session, id, $0, $1, &provider) }
            connection.markDirty()
        }
    }

    /// Queues a response that is one header list and nothing else.
    public func respondAndFinish(_ headers: OutgoingHeaders) {
        guard !headersSent else { return }
        withConnection { connection in
            headersSent = true
            outputEnded = true
            let (session, id) = (connection.session, id)
            headers.withFields { _ = nghttp2_submit_response(session, id, $0, $1, nil) }
            connection.markDirty()
        }
    }

    /// Queues bytes of the body.
    public func write(_ bytes: some Collection<UInt8>) {
        write { $0.append(bytes) }
    }

    /// Queues what `body` appends, up to `count` bytes. Not for a stream that is closed or finished.
    public func write(upTo count: Int, _ body: (inout OutputRawSpan) -> Void) {
        write { $0.append(upTo: count, body) }
    }

    @inline(__always)
    private func write(_ append: (inout ByteQueue) -> Void) {
        guard !isClosed else { return }
        let before = output.count
        append(&output)
        withConnection { connection in
            if before == 0 { progress = Progress(at: connection.loop.turnStart) }
            connection.queuedBytes += output.count - before
        }
        outputChanged()
    }

    /// Queues the end of the body; without trailers its last frame ends the stream.
    public func finish(trailers: OutgoingHeaders? = nil) {
        guard !isClosed, !outputEnded else { return }
        self.trailers = trailers
        outputEnded = true
        outputChanged()
    }

    /// Forgets what is queued and ends the stream at once.
    public func reset(_ code: UInt32) {
        withConnection { connection in
            connection.queuedBytes -= output.count
            output.removeAll()
            if connection.role == .client {
                connection.watch.conduct.clientGaveUp(windowBytes: connection.limits.streamWindowBytes)
            }
            nghttp2_submit_rst_stream(connection.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code)
            connection.markDirty()
        }
    }

    /// As ``reset(_:)``, unless this side has said all or will have when its queue is empty.
    public func resetIfUnfinished(_ code: UInt32) {
        if !outputEnded { reset(code) }
    }

    /// Asks for `streamWritable` when the queue has fallen to the low-water mark.
    public func notifyAtLowWater() { waitsForLowWater = true }

    private func outputChanged() {
        withConnection { connection in
            if deferred {
                deferred = false
                nghttp2_session_resume_data(connection.session, id)
            }
            connection.markDirty()
        }
    }

    func dataProvider() -> nghttp2_data_provider {
        var provider = nghttp2_data_provider()
        provider.source.ptr = Unmanaged.passUnretained(self).toOpaque()
        provider.read_callback = readStreamOutput
        return provider
    }

    /// nghttp2 asks for body bytes of one frame.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer, _ flags: UnsafeMutablePointer<UInt32>) -> Int {
        let moved = output.move(into: buffer)
        if moved > 0 {
            owner?._withUnsafeGuaranteedRef { connection in
                connection.queuedBytes -= moved
                progress.took(moved, at: connection.flushedAt)
                if connection.role == .client { connection.watch.conduct.clientSentData() }
            }
        }
        if waitsForLowWater { tellLowWater() }
        guard output.isEmpty else { return moved }
        if outputEnded {
            flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
            if let trailers = trailers.take() {
                withConnection { connection in
                    flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                    let (session, id) = (connection.session, id)
                    trailers.withFields { _ = nghttp2_submit_trailer(session, id, $0, $1) }
                }
            }
            return moved
        }
        if moved > 0 { return moved }
        deferred = true
        return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }

    private func tellLowWater() {
        guard let connection, output.count <= connection.limits.lowWaterBytes else { return }
        waitsForLowWater = false
        events?.streamWritable(self)
    }

    // MARK: Receiving

    /// Takes all of ``input`` away from a closed stream.
    public func moveInput() -> ByteQueue {
        var taken = ByteQueue()
        swap(&taken, &input)
        return taken
    }

    /// Returns the size of the list so far (RFC 9113, 6.5.2), with what was cut.
    func receiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ limit: Int) -> Int {
        if ignoresHeaders {
            cutOctets += name.count + value.count + 32
            return cutOctets
        }
        if headers.add(name, value, listLimit: limit) { return headers.listSize + cutOctets }
        headersCut = true
        cutOctets += name.count + value.count + 32
        return headers.listSize + cutOctets
    }

    func receiveData(_ bytes: UnsafeRawBufferPointer) {
        unconsumed += bytes.count
        input.append(bytes)
        tell { $0.streamData(self) }
    }

    /// Calls `body` with the events, if there are any.
    @inline(__always)
    func tell(_ body: (StreamEvents) -> Void) { eventsNow?._withUnsafeGuaranteedRef(body) }

    /// Drops `count` bytes from the front of ``input``.
    public func takeInput(_ count: Int) {
        guard !input.isEmpty else { return }
        let before = input.count
        input.removeFirst(count)
        owner?._withUnsafeGuaranteedRef { $0.heldBytes -= before - input.count }
    }

    /// Grants the peer `count` bytes of this stream's window again.
    public func consume(_ count: Int) {
        let granted = min(count, unconsumed)
        guard granted > 0 else { return }
        withConnection { connection in
            unconsumed -= granted
            nghttp2_session_consume_stream(connection.session, id, granted)
            connection.markDirty()
        }
    }

    /// Grants all that was received.
    public func consumeAll() { consume(unconsumed) }

    // MARK: Life

    func open(_ id: Int32, on connection: HTTP2Connection) {
        self.id = id
        owner = Unmanaged.passUnretained(connection)
        isClosed = false
    }

    /// Its connection is gone without having closed it.
    func orphan() {
        owner = nil
        isClosed = true
    }

    /// Whether bytes are queued of which too few were taken since `instant`.
    func isStalled(since instant: ContinuousClock.Instant) -> Bool { !output.isEmpty && progress.since < instant }

    func markHeadersSent() { headersSent = true }

    /// Storage that a stream in the pool keeps for each direction.
    private static let pooledBytes = 16 << 10

    /// Back to the state of a new one, `events` excepted.
    func wipe() {
        id = 0
        lastConnection = nil
        headers.removeAll()
        headersCut = false
        ignoresHeaders = false
        neverSent = false
        wasResetByPeer = false
        cutOctets = 0
        // A pool of streams that once held much would hold it for ever.
        input.removeAll(keeping: Self.pooledBytes)
        inputEnded = false
        unconsumed = 0
        output.removeAll(keeping: Self.pooledBytes)
        outputEnded = false
        trailers = nil
        deferred = false
        waitsForLowWater = false
        headersSent = false
    }
}

private func readStreamOutput(
    _ session: OpaquePointer?, _ id: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ length: Int,
    _ flags: UnsafeMutablePointer<UInt32>?, _ source: UnsafeMutablePointer<nghttp2_data_source>?,
    _ user: UnsafeMutableRawPointer?
) -> Int {
    guard let pointer = source?.pointee.ptr, let flags else {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
    return Unmanaged<HTTP2Stream>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
        $0.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: length), flags)
    }
}
