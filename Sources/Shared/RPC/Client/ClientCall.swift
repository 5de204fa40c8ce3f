import EventLoop
import HTTP2

/// One call of a client, from its first request to its status, over one attempt or more.
///
/// `@unchecked Sendable`: confined to its channel's loop; what may be called from elsewhere says so.
final class ClientCall: StreamEvents, @unchecked Sendable {
    let channel: ClientChannel
    private let path: String
    private let options: CallOptions
    let isUnary: Bool
    /// Whether anyone may ask for the headers and trailers; a plain unary call does not pay for them.
    let keepsMetadata: Bool
    private let deadline: ContinuousClock.Instant?
    /// The call whose handler makes this one: its deadline and its cancellation are this one's, too.
    private let parent: CallContext?
    private var parentAction: CancelAction?

    // The request side.
    private var requests: RequestBuffer
    private var writers: [CheckedContinuation<RPCError?, Never>] = []
    private var hasStarted = false

    // The attempt.
    var stream: HTTP2Stream?
    private var retry: RetryState
    private var waiting: UInt64?
    private var timer: TimerID?
    private var retryTimer: TimerID?

    // The response side.
    var response = ResponseState()
    private(set) var outcome: Result<Void, RPCError>?
    private var reader: CheckedContinuation<Batch, Never>?
    private var headReaders: [CheckedContinuation<Result<Metadata, RPCError>, Never>] = []

    /// - Parameter requests: The requests known so far, framed; for a unary call, the one.
    init(
        _ channel: ClientChannel, path: String, requests: [UInt8], isFinished: Bool, isUnary: Bool,
        keepsMetadata: Bool = true, options: CallOptions
    ) {
        self.channel = channel
        self.path = path
        self.options = options
        self.isUnary = isUnary
        self.keepsMetadata = keepsMetadata
        self.requests = RequestBuffer(
            requests, isFinished: isFinished, limitBytes: channel.configuration.retryBufferLimitBytes)
        retry = RetryState(options.retries ?? channel.configuration.retryPolicy)
        parent = CallContext.current
        let own = options.timeout.map { ContinuousClock.now + $0 }
        deadline = if let own, let outer = parent?.deadline { min(own, outer) } else { own ?? parent?.deadline }
        super.init()
    }

    override func streamHeaders(_ stream: HTTP2Stream) { noteHeaders(stream) }
    override func streamData(_ stream: HTTP2Stream) { noteData(stream) }
    override func streamEnded(_ stream: HTTP2Stream) { noteEnd(stream) }
    override func streamWritable(_ stream: HTTP2Stream) { if stream === self.stream { wakeWriters(nil) } }
    override func streamClosed(_ stream: HTTP2Stream, code: UInt32) { noteClosed(stream, code: code) }

    // MARK: From anywhere

    /// Begins the call; the first use of anything else does, too.
    func start() {
        channel.perform { self.startOnce() }
    }

    /// Queues a framed request; suspends over the high-water mark. Returns why it cannot be sent.
    ///
    /// - Parameter compressed: Has no effect when the call announced no compression.
    func send(_ frame: [UInt8], compressed: Bool) async -> RPCError? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in channel.perform { self.write(frame, compressed, writer) } }
        } onCancel: {
            cancel()
        }
    }

    /// No more requests.
    func finish() {
        channel.perform {
            self.startOnce()
            guard !self.requests.isFinished else { return }
            self.requests.finish()
            self.stream?.finish()
        }
    }

    /// The messages that are there, or the next one when there is none, or the end. The first use starts the call. For
    /// a unary call, everything at once, when the call has ended.
    func next() async -> Batch {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                channel.perform {
                    self.startOnce()
                    self.read(reader)
                }
            }
        } onCancel: {
            cancel()
        }
    }

    /// The response's headers, as soon as they come. Fails when the call fails before.
    func headers() async -> Result<Metadata, RPCError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                channel.perform {
                    self.startOnce()
                    self.headReaders.append(reader)
                    self.serveHeadReaders()
                }
            }
        } onCancel: {
            cancel()
        }
    }

    func cancel() {
        channel.perform { self.end(RPCError(.cancelled, "the call was cancelled")) }
    }

    // MARK: Attempts

    private func startOnce() {
        guard !hasStarted, outcome == nil else { return }
        hasStarted = true
        parentAction = parent?.onCancel { self.cancel() }
        guard outcome == nil else { return }
        if options.compression == .gzip, requests.isFinished { requests.compress(by: channel.gzip) }
        if let deadline {
            timer = channel.loop.schedule(at: deadline) { self.expire() }
        }
        attempt()
    }

    private func expire() {
        let limit = options.timeout.map { "\($0)" } ?? "the deadline"
        let cause = stream == nil && channel.lastFailure != "" ? " (\(channel.lastFailure))" : ""
        end(RPCError(.deadlineExceeded, "no answer within \(limit)\(cause)"))
    }

    private func attempt() {
        retryTimer = nil
        waiting = channel.withConnection(waitForReady: options.waitForReady) { result in
            self.waiting = nil
            guard self.outcome == nil else { return }
            switch result {
            case .failure(let error): self.attemptFailed(.status(.none), error)
            case .success(let connection): self.open(connection)
            }
        }
    }

    private func open(_ connection: HTTP2Connection) {
        let headers = channel.requestHeaders.make(
            path: path, timeout: deadline.map { ContinuousClock.now.duration(to: $0) },
            previousAttempts: retry.previousAttempts, options)
        guard let stream = connection.openStream(headers, events: self) else {
            return attemptFailed(.unsent, RPCError(.unavailable, "the connection takes no more calls"))
        }
        self.stream = stream
        response.beginAttempt()
        if !requests.bytes.isEmpty { stream.write(requests.bytes) }
        if requests.isFinished { stream.finish() }
        requests.sent()
        if !writers.isEmpty { waitForRoom() }
        channel.streamOpened(connection)
    }

    /// An attempt came to nothing before response headers were there.
    func attemptFailed(_ failure: RetryState.Failure, _ error: RPCError) {
        leaveStream()
        let decision = retry.afterFailure(
            failure, error.code, canReplay: requests.canReplay, budget: &channel.budget,
            random: Double.random(in: 0..<1))
        guard case .again(let delay) = decision, canWait(delay) else {
            settle(.failure(error))
            return serveAll()
        }
        retryTimer = channel.loop.schedule(after: delay) { self.attempt() }
    }

    /// A wait past the deadline would only hide the error.
    private func canWait(_ delay: Duration) -> Bool {
        guard let deadline else { return true }
        return ContinuousClock.now + delay < deadline
    }

    /// The call will not be made again, its response has begun: the requests need not be kept.
    func commit() { requests.commit() }

    /// Gives up the attempt's stream; its last events find nobody.
    private func leaveStream() {
        guard let stream else { return }
        self.stream = nil
        stream.takeInput(stream.input.count)
        stream.reset(8)
    }

    // MARK: Sending

    private func write(_ message: [UInt8], _ compressed: Bool, _ writer: CheckedContinuation<RPCError?, Never>) {
        startOnce()
        switch outcome {
        case .failure(let error): return writer.resume(returning: error)
        case .success: return writer.resume(returning: Self.endedByServer)
        case nil: break
        }
        guard !requests.isFinished else {
            return writer.resume(returning: RPCError(.failedPrecondition, "a request after the last one"))
        }
        var frame = message
        if compressed, options.compression == .gzip { MessageFraming.compress(&frame, from: 0, by: channel.gzip) }
        requests.append(frame)
        if let stream {
            stream.write(frame)
            requests.sent()
        }
        guard isFull else { return writer.resume(returning: nil) }
        writers.append(writer)
        waitForRoom()
    }

    /// What a sender is told when the server has ended the call with OK and wants no more requests.
    static let endedByServer = RPCError(.cancelled, "the server has ended the call")

    private var isFull: Bool {
        (stream?.queuedBytes ?? requests.bytes.count) > channel.configuration.sendHighWaterBytes
    }

    private func waitForRoom() {
        if isFull { stream?.notifyAtLowWater() } else { wakeWriters(nil) }
    }

    func wakeWriters(_ error: RPCError?) {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers = []
        for writer in waiting { writer.resume(returning: error) }
    }

    // MARK: Reading

    private func read(_ next: CheckedContinuation<Batch, Never>) {
        guard reader == nil else {
            let error = RPCError(.internalError, "two readers of one response stream")
            return next.resume(returning: Batch(messages: [], end: Batch.End(error: error)))
        }
        reader = next
        serveReader()
    }

    /// Gives the reader what there is, if there is anything to give.
    func serveReader() {
        guard let waiting = reader, outcome != nil || !isUnary else { return }
        let batch = takeBatch()
        guard !batch.messages.isEmpty || batch.end != nil else { return }
        reader = nil
        waiting.resume(returning: batch)
    }

    private func serveHeadReaders() {
        guard !headReaders.isEmpty else { return }
        let result: Result<Metadata, RPCError>
        if let headers = response.headers {
            result = .success(headers)
        } else if let outcome {
            result = outcome.map { Metadata() }
        } else {
            return
        }
        let waiting = headReaders
        headReaders = []
        for reader in waiting { reader.resume(returning: result) }
    }

    /// Wakes all who wait for what has come to be known.
    func serveAll() {
        serveHeadReaders()
        serveReader()
        switch outcome {
        case .failure(let error): wakeWriters(error)
        case .success: wakeWriters(Self.endedByServer)
        case nil: break
        }
    }

    // MARK: End

    /// Ends the call by this side, whatever the server has said.
    func end(_ error: RPCError) {
        guard outcome == nil else { return }
        replaceOutcome(error)
        serveAll()
    }

    /// As ``end(_:)``, for a response that turns out to be wrong after its status was read. Wakes nobody.
    func replaceOutcome(_ error: RPCError) {
        settle(.failure(error))
        // What was received is of no use to anyone.
        response.rest.removeAll()
        leaveStream()
    }

    func settle(_ result: Result<Void, RPCError>) {
        outcome = result
        if case .success = result { channel.budget.noteSuccess() }
        if let timer { channel.loop.cancel(timer) }
        if let retryTimer { channel.loop.cancel(retryTimer) }
        if let waiting { channel.forgetWaiter(waiting) }
        if let parentAction { parent?.forget(parentAction) }
        timer = nil
        retryTimer = nil
        waiting = nil
        parentAction = nil
        requests.commit()
    }
}
