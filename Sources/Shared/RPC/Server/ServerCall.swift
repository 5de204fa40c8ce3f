import EventLoop
import HTTP2
import Wire

/// One call on a server, from its header list to its status.
///
/// `@unchecked Sendable`: confined to its loop's thread, which debug builds check; what may be called from elsewhere
/// says so. Pooled with its stream: it is used again once the stream is closed *and* the handler has ended. Handlers
/// hold it by its generation, so that what outlives a call does not reach the next one.
final class ServerCall: @unchecked Sendable {
    let stream: HTTP2Stream
    let core: ServerCore
    private(set) var generation: UInt64 = 0

    private var entry: Router.Entry?
    private var timeout: Duration?
    private var metadata = Metadata()
    /// Of the requests, and whether the client takes gzip.
    private var encoding = Compression.identity
    private var acceptsGzip = false
    /// Whether the response announced gzip.
    private var announcedGzip = false
    private var refusal: RequestHead.Refusal?
    private var context: CallContext?
    private var task: Task<Void, Never>?
    private var timer: TimerID?
    private var began: ContinuousClock.Instant = .now

    private var sawHeaders = false
    private var isQueued = false
    private var isRunning = false
    private var isAnswered = false
    private var isClosed = false
    /// Handlers that wait for room, for the next request, or both.
    private var writers: [CheckedContinuation<Void, Never>] = []
    private var reader: CheckedContinuation<Void, Never>?

    init(_ stream: HTTP2Stream, _ core: ServerCore) {
        self.stream = stream
        self.core = core
    }

    var loop: EventLoop { core.loop }
    private var limits: ServerConfiguration { core.configuration }

    private func queue() {
        guard !isQueued else { return }
        isQueued = true
        loop.markReady(self)
    }

    // MARK: Start

    private func start() {
        guard !isRunning, !isAnswered, !isClosed else { return }
        if let refusal { return refuse(refusal) }
        guard let entry else { return }
        began = loop.turnStart
        var deadline: ContinuousClock.Instant?
        if let timeout {
            guard timeout > .zero else { return expire() }
            let instant = ContinuousClock.now + timeout
            deadline = instant
            timer = loop.schedule(at: instant) { [generation] in self.expire(generation) }
        }
        let context = CallContext(
            service: entry.service, method: entry.method, metadata: metadata, peer: core.peer(of: stream),
            deadline: deadline)
        if limits.compression == .gzip { context.compressesResponses = true }
        self.context = context
        isRunning = true
        core.callStarted()
        let task = Task.immediate(executorPreference: loop) { await self.run(entry, context) }
        if isRunning { self.task = task }
    }

    private func run(_ entry: Router.Entry, _ context: CallContext) async {
        do throws(RPCError) {
            let authorized = try await AuthorizedCall.authorize(self, context, by: core.authorizer)
            try await entry.handler(authorized)
            loop.assertCurrent()
            finish(nil)
        } catch {
            loop.assertCurrent()
            finish(error)
        }
        isRunning = false
        task = nil
        core.callEnded()
        recycleIfDone()
    }

    // MARK: End

    private func refuse(_ refusal: RequestHead.Refusal) {
        isAnswered = true
        switch refusal {
        case .http(let status): stream.respondAndFinish(StatusHeaders.http(status))
        case .status(let error):
            stream.respondAndFinish(StatusHeaders.trailersOnly(error, Metadata()))
            report(error.code)
        case .encoding(let error):
            stream.respondAndFinish(StatusHeaders.trailersOnly(error, Metadata(), encodings: true))
            report(error.code)
        }
    }

    /// Sends the status unless one was sent, and forgets the deadline.
    private func finish(_ error: RPCError?) {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard !isAnswered else { return }
        isAnswered = true
        let trailers = context?.responseTrailers ?? Metadata()
        if stream.headersSent {
            stream.finish(trailers: StatusHeaders.trailers(error, trailers))
        } else if error == nil {
            beginResponse()
            stream.finish(trailers: StatusHeaders.trailers(nil, trailers))
        } else {
            stream.respondAndFinish(StatusHeaders.trailersOnly(error, trailers))
        }
        report(error?.code ?? .ok)
    }

    private func expire(_ generation: UInt64) {
        guard generation == self.generation else { return }
        timer = nil
        expire()
    }

    private func expire() {
        guard !isAnswered else { return }
        if stream.queuedBytes > 0 {
            // The client does not read, so it would not read the status either.
            isAnswered = true
            report(.deadlineExceeded)
            stream.reset(8)
        } else {
            finish(RPCError(.deadlineExceeded, "the deadline passed"))
        }
        abandon()
    }

    /// Tells the handler that nobody waits any more.
    private func abandon() {
        context?.cancel()
        wakeWriters()
        wakeReader()
        task?.cancel()
    }

    private func report(_ code: StatusCode) {
        guard let observe = limits.observer else { return }
        let path = entry.map { ($0.service, $0.method) } ?? ("", "")
        observe(.callEnded(service: path.0, method: path.1, code: code, duration: began.duration(to: .now)))
    }

    private func recycleIfDone() {
        guard isClosed, !isRunning, !isQueued else { return }
        generation += 1
        entry = nil
        timeout = nil
        metadata = Metadata()
        encoding = .identity
        acceptsGzip = false
        announcedGzip = false
        refusal = nil
        context = nil
        sawHeaders = false
        isAnswered = false
        isClosed = false
        core.pool.recycle(stream)
    }

    // MARK: Requests

    private func nextFrame() -> MessageFraming.Next {
        MessageFraming.next(
            in: stream.input, limitBytes: limits.receiveLimitBytes, what: "request", encoding: encoding)
    }

    /// The one request of a unary or server-streaming call.
    func takeRequest<Request: Message>() throws(RPCError) -> Request {
        switch nextFrame() {
        case .incomplete: throw Self.notOneRequest
        case .refused(let error): throw error
        case .message(let range):
            guard stream.input.count == range.upperBound else { throw Self.notOneRequest }
            return try take(range)
        }
    }

    /// The next request of a streaming call; nil when the client has ended its side.
    func nextRequest<Request: Message>(_ generation: UInt64) async throws(RPCError) -> Request? {
        loop.assertCurrent()
        while true {
            guard generation == self.generation, !isClosed, context?.isCancelled == false else { throw Self.cancelled }
            switch nextFrame() {
            case .refused(let error): throw error
            case .message(let range): return try take(range)
            case .incomplete:
                guard !stream.inputEnded else {
                    if stream.input.isEmpty { return nil }
                    throw RPCError(.internalError, "the last request is not complete")
                }
            }
            guard reader == nil else { throw RPCError(.internalError, "two readers of one request stream") }
            await withCheckedContinuation { reader = $0 }
        }
    }

    private func take<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        let isCompressed = MessageFraming.isCompressed(stream.input)
        context?.requestWasCompressed = isCompressed
        let request: Request = isCompressed ? try inflate(range) : try decode(range)
        stream.takeInput(range.upperBound)
        return request
    }

    private func inflate<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        let limit = limits.receiveLimitBytes
        let bytes = try stream.input.withSpan(range) { [gzip = core.gzip] span throws(RPCError) in
            try gzip.inflate(span, limitBytes: limit, what: "request")
        }
        do { return try Request(decoding: bytes) } catch { throw Self.malformed(Request.protoName, error) }
    }

    private func decode<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        do {
            return try stream.input.withSpan(range) { bytes throws(WireError) in try Request(decoding: bytes) }
        } catch {
            throw Self.malformed(Request.protoName, error)
        }
    }

    private static func malformed(_ name: String, _ error: WireError) -> RPCError {
        RPCError(.internalError, "the request is no \(name): \(error)")
    }

    private static let notOneRequest = RPCError(.unimplemented, "the method takes one request, and whole")

    // MARK: Responses

    private func beginResponse(compressed: Bool = false) {
        guard !stream.headersSent else { return }
        announcedGzip = compressed && acceptsGzip
        stream.respond(StatusHeaders.start(context?.responseHeaders ?? Metadata(), gzip: announcedGzip))
    }

    func reply(_ response: some Message) throws(RPCError) {
        loop.assertCurrent()
        guard !isAnswered, !isClosed else { return }
        try append(response, nil)
    }

    private func append(_ response: some Message, _ compressed: Bool?) throws(RPCError) {
        let limit = limits.sendLimitBytes
        let compress = compressed ?? (context?.compressesResponses == true)
        beginResponse(compressed: compress)
        let codec = compress && announcedGzip ? core.gzip : nil
        let refused = stream.write { output in
            let start = output.count
            let refused = MessageFraming.append(to: &output, limitBytes: limit, what: "response") {
                response.encode(into: &$0)
            }
            if refused == nil, let codec { MessageFraming.compress(&output, from: start, by: codec) }
            return refused
        }
        if let refused { throw refused }
    }

    /// Queues a response; suspends over the high-water mark. Callable from any thread: off the loop it hops.
    func send(_ response: some Message, _ generation: UInt64, _ compressed: Bool?) async throws(RPCError) {
        guard loop.isCurrent else { return try await sendFromElsewhere(response, generation, compressed) }
        try checkOpen(generation)
        try append(response, compressed)
        guard stream.queuedBytes > limits.streamHighWaterBytes else { return }
        await withCheckedContinuation { wait($0) }
        try checkOpen(generation)
    }

    private func sendFromElsewhere(
        _ response: some Message, _ generation: UInt64, _ compressed: Bool?
    ) async throws(RPCError) {
        let result: Result<Void, RPCError> = await withCheckedContinuation { done in
            loop.execute {
                do throws(RPCError) {
                    try self.checkOpen(generation)
                    try self.append(response, compressed)
                    done.resume(returning: .success(()))
                } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
        await withCheckedContinuation { room in
            loop.execute {
                let full = self.generation == generation && self.stream.queuedBytes > self.limits.streamHighWaterBytes
                if full { self.wait(room) } else { room.resume() }
            }
        }
    }

    private func wait(_ writer: CheckedContinuation<Void, Never>) {
        guard !isClosed, !isAnswered else { return writer.resume() }
        writers.append(writer)
        stream.notifyAtLowWater()
    }

    private func checkOpen(_ generation: UInt64) throws(RPCError) {
        guard generation == self.generation, !isClosed else { throw Self.cancelled }
        guard !isAnswered else { throw RPCError(.deadlineExceeded, "the deadline passed") }
    }

    private static let cancelled = RPCError(.cancelled, "the client has given up the call")

    private func wakeWriters() {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers = []
        for writer in waiting { writer.resume() }
    }

    private func wakeReader() {
        let waiting = reader
        reader = nil
        waiting?.resume()
    }
}

// MARK: What comes from the connection

extension ServerCall: StreamEvents {
    func streamHeaders(_ stream: HTTP2Stream) {
        // A second list is a client's trailers, which mean nothing.
        guard !sawHeaders else { return }
        sawHeaders = true
        let head = RequestHead(stream.headers)
        timeout = head.timeout
        metadata = head.metadata
        encoding = head.encoding
        acceptsGzip = head.acceptsGzip
        entry = core.methods.find(head.path)
        refusal = head.refusal ?? core.refusal(of: stream)
        if refusal == nil, entry == nil { refusal = .status(core.methods.unknown(head.path)) }
        if refusal != nil || entry?.requests == .many { queue() }
    }

    func streamData(_ stream: HTTP2Stream) {
        if refusal != nil || isAnswered { return stream.takeInput(stream.input.count) }
        if let overload = core.overload(of: stream) { return refuseLater(overload) }
        guard entry?.requests == .one else { return wakeReader() }
        switch nextFrame() {
        case .refused(let error): refuseLater(error)
        // More than the one message: known before the rest of it is here.
        case .message(let range) where stream.input.count > range.upperBound: refuseLater(Self.notOneRequest)
        case .message, .incomplete: break
        }
    }

    private func refuseLater(_ error: RPCError) {
        if isRunning {
            finish(error)
            return abandon()
        }
        refusal = .status(error)
        queue()
    }

    func streamEnded(_ stream: HTTP2Stream) {
        if entry?.requests == .many { wakeReader() } else { queue() }
    }

    func streamWritable(_ stream: HTTP2Stream) { wakeWriters() }

    func streamClosed(_ stream: HTTP2Stream, code: UInt32) {
        isClosed = true
        guard isRunning else { return recycleIfDone() }
        context?.cancel()
        if !isAnswered {
            isAnswered = true
            report(.cancelled)
        }
        // Cancelling runs other people's code, which may not run within nghttp2.
        queue()
    }
}

extension ServerCall: TurnParticipant {
    func startInTurn() {
        isQueued = false
        if isClosed {
            if let timer { loop.cancel(timer) }
            timer = nil
            abandon()
            recycleIfDone()
        } else {
            start()
        }
    }

    func flushInTurn() {}
}
