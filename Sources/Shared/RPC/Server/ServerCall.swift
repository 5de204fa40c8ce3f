import EventLoop
import HTTP2
import Wire

/// One call on a server, from its header list to its status.
///
/// `@unchecked Sendable`: confined to its loop's thread, which debug builds check; what may be called from elsewhere
/// says so. Pooled with its stream: it is used again once the stream is closed *and* the handler has ended. Handlers
/// hold it by its generation, so that what outlives a call does not reach the next one.
final class ServerCall: StreamEvents, @unchecked Sendable {
    let stream: HTTP2Stream
    let core: ServerCore
    private(set) var generation: UInt64 = 0
    /// What the call came on; kept after the stream is closed, until the handler has ended.
    var connection: ServerConnection?

    // What the request's header list said.
    var entry: Router.Entry?
    var deadline: ContinuousClock.Instant?
    /// What compressed requests are compressed with.
    var encoding = Compression.identity
    var acceptsGzip = false

    /// Why the call ends before, or instead of, its handler.
    var refusal: RequestHead.Refusal?
    private(set) var context: CallContext?
    private var task: Task<Void, Never>?
    private var timer: TimerID?
    /// When the header list came.
    var began: ContinuousClock.Instant = .now

    private var isQueued = false
    private(set) var isRunning = false
    private(set) var isAnswered = false
    private(set) var isClosed = false
    /// Whether the response announced gzip.
    var announcedGzip = false
    /// Handlers that wait for room, for the next request, or both.
    var writers: [CheckedContinuation<Void, Never>] = []
    var reader: CheckedContinuation<Void, Never>?

    init(_ stream: HTTP2Stream, _ core: ServerCore) {
        self.stream = stream
        self.core = core
        super.init()
    }

    override func streamHeaders(_ stream: HTTP2Stream) { noteHeaders() }
    override func streamData(_ stream: HTTP2Stream) { noteData() }
    override func streamEnded(_ stream: HTTP2Stream) { noteEnd() }
    override func streamWritable(_ stream: HTTP2Stream) { wakeWriters() }
    override func streamClosed(_ stream: HTTP2Stream, code: UInt32) { noteClosed() }

    var loop: EventLoop { core.loop }
    var limits: ServerConfiguration { core.configuration }

    /// Has ``startInTurn()`` called, outside of nghttp2.
    func queue() {
        guard !isQueued else { return }
        isQueued = true
        core.markReady(self)
    }

    // MARK: Start

    /// Ends the call at `instant`, whether its request is complete by then or not.
    func endAt(_ instant: ContinuousClock.Instant) {
        deadline = instant
        timer = loop.schedule(at: instant) { [generation] in
            guard generation == self.generation else { return }
            self.timer = nil
            self.expire()
        }
    }

    private func start() {
        guard !isRunning, !isAnswered else { return }
        if case .http = refusal, waitsForBody() { return }
        if let refusal = refusal ?? core.refusal(of: connection) { return refuse(refusal) }
        guard let entry else { return }
        let context = CallContext(
            entry.name, headers: stream.headers, peer: connection?.peer ?? .unknown, deadline: deadline)
        if core.configuration.compression == .gzip { context.compressesResponses = true }
        self.context = context
        do throws(RPCError) {
            let authorized = try AuthorizedCall.authorizeNow(self, by: core.authorizer)
            // Bound here, where nothing is asynchronous: a binding within the task costs it four changes of executor.
            CallContext.$task.withValue(context) { run(entry, authorized) }
        } catch {
            finish(error)
        }
    }

    /// Begins the method.
    ///
    /// - Parameter authorized: Nil when the authorizer has to wait.
    @inline(__always)
    private func run(_ entry: Router.Entry, _ authorized: AuthorizedCall?) {
        if let authorized, let begin = entry.begin { begin(authorized) } else { runByTask(entry, authorized) }
    }

    private func runByTask(_ entry: Router.Entry, _ authorized: AuthorizedCall?) {
        launch {
            do throws(RPCError) {
                if let authorized {
                    try await entry.handler(authorized)
                } else {
                    try await entry.handler(try await AuthorizedCall.authorize(self, by: self.core.authorizer))
                }
                self.finish(nil)
            } catch {
                self.finish(error)
            }
            self.handlerEnded()
        }
    }

    /// Runs `body`, which ends with ``handlerEnded()``, on the loop: at once up to where it first waits.
    func launch(_ body: sending @escaping @isolated(any) () async -> Void) {
        isRunning = true
        core.callStarted(connection)
        let task = Task.immediate(executorPreference: loop, operation: body)
        if isRunning { self.task = task }
    }

    /// The handler's task has done what it had to.
    func handlerEnded() {
        loop.assertCurrent()
        isRunning = false
        task = nil
        context = nil
        core.callEnded(connection)
        recycleIfDone()
    }

    /// Ends a call of one response, and its task.
    func complete(with response: some Message) {
        do throws(RPCError) {
            try reply(response)
            finish(nil)
        } catch {
            finish(error)
        }
        handlerEnded()
    }

    func complete(failing error: RPCError) {
        finish(error)
        handlerEnded()
    }

    // MARK: End

    private func refuse(_ refusal: RequestHead.Refusal) {
        forgetDeadline()
        isAnswered = true
        switch refusal {
        case .http(let status): answerHTTP(status)
        case .status(let error):
            stream.respondAndFinish(StatusHeaders.trailersOnly(error, Metadata()))
            report(error.code)
        }
        dropInput()
    }

    /// Whether a request that is no call is still to be answered: its body is waited for a second, since a client that
    /// speaks HTTP alone looks for an answer behind it.
    private func waitsForBody() -> Bool {
        guard !stream.inputEnded else { return false }
        guard deadline == nil else { return loop.turnStart < deadline ?? .now }
        endAt(loop.turnStart + .seconds(1))
        return true
    }

    private func answerHTTP(_ status: Int) {
        let headers = StatusHeaders.http(status)
        guard stream.headers[":method"] != "HEAD" else { return stream.respondAndFinish(headers) }
        stream.respond(headers)
        stream.write(StatusHeaders.httpBody.utf8)
        stream.finish()
    }

    /// Sends the status unless one was sent, and forgets the deadline.
    func finish(_ error: RPCError?) {
        loop.assertCurrent()
        forgetDeadline()
        guard !isAnswered else { return }
        isAnswered = true
        let trailers = hasResponseMetadata ? context?.responseTrailers : nil
        if let error {
            if stream.headersSent {
                stream.finish(trailers: StatusHeaders.trailers(error, trailers ?? Metadata()))
            } else {
                stream.respondAndFinish(StatusHeaders.trailersOnly(error, trailers ?? Metadata()))
            }
        } else {
            beginResponse()
            stream.finish(trailers: trailers.map { StatusHeaders.trailers(nil, $0) } ?? .constant(StatusHeaders.ok))
        }
        report(error?.code ?? .ok)
        if let error, let context { core.authorizer.callFailed(context, error) }
        dropInput()
    }

    /// Whether the handler has set any; most set none.
    var hasResponseMetadata: Bool { context?.hasResponseMetadata ?? false }

    private func expire() {
        guard !isAnswered, !isClosed else { return }
        if case .http = refusal { return start() }
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

    private func forgetDeadline() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    /// Tells the handler that nobody waits any more. Runs other people's code, so never within nghttp2.
    private func abandon() {
        context?.cancel()
        wakeWriters()
        wakeReader()
        task?.cancel()
    }

    private func report(_ code: StatusCode) {
        guard let observe = limits.observer else { return }
        let path = entry.map { ($0.name.service, $0.name.method) } ?? ("", "")
        observe(.callEnded(service: path.0, method: path.1, code: code, duration: began.duration(to: .now)))
    }

    /// The stream was closed; what that means for the handler follows outside of nghttp2.
    func noteClosed() {
        isClosed = true
        forgetDeadline()
        guard isRunning else { return recycleIfDone() }
        if !isAnswered {
            isAnswered = true
            report(.cancelled)
        }
        queue()
    }

    private func recycleIfDone() {
        guard isClosed, !isRunning, !isQueued else { return }
        generation += 1
        connection = nil
        entry = nil
        deadline = nil
        encoding = .identity
        acceptsGzip = false
        announcedGzip = false
        refusal = nil
        context = nil
        isAnswered = false
        isClosed = false
        core.pool.recycle(stream)
    }

    // MARK: Turn

    func startInTurn() {
        isQueued = false
        if isClosed {
            abandon()
            recycleIfDone()
        } else if isRunning {
            // What came after the handler had begun may be what it has to be ended for.
            guard case .status(let error) = refusal else { return }
            finish(error)
            abandon()
        } else {
            start()
        }
    }
}
