import EventLoop
import HTTP2

/// One call of a client, from its request to its status.
///
/// `@unchecked Sendable`: confined to its channel's loop; the `async` methods hop there.
final class ClientCall: @unchecked Sendable {
    /// A reader takes at most this much at once, or one message.
    private static let batchBytes = 64 << 10

    typealias Batch = Result<[[UInt8]], RPCError>

    private let channel: ClientChannel
    private let path: String
    private let request: [UInt8]
    private let timeout: Duration?
    private let metadata: Metadata

    private var stream: HTTP2Stream?
    /// What the stream had received when it was closed, and nobody had taken.
    private var rest = ByteQueue()
    private var outcome: Result<Void, RPCError>?
    private var reader: CheckedContinuation<Batch, Never>?
    private var timer: TimerID?
    private var deadline: ContinuousClock.Instant?
    private var headerLists = 0
    private var attempts = 0
    private var hasStarted = false
    private let isUnary: Bool

    /// - Parameter request: The requests, framed.
    init(
        _ channel: ClientChannel, path: String, request: [UInt8], timeout: Duration?, metadata: Metadata, isUnary: Bool
    ) {
        self.channel = channel
        self.path = path
        self.request = request
        self.timeout = timeout
        self.metadata = metadata
        self.isUnary = isUnary
    }

    // MARK: From anywhere

    /// The messages that are there, or the next one when there is none; empty at the end of the call, when its status
    /// was OK. The first use starts the call. For a unary call, everything at once, when the call has ended.
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

    func cancel() {
        channel.perform { self.end(RPCError(.cancelled, "the call was cancelled")) }
    }

    // MARK: Request

    private func startOnce() {
        guard !hasStarted, outcome == nil else { return }
        hasStarted = true
        if let timeout {
            let instant = ContinuousClock.now + timeout
            deadline = instant
            timer = channel.loop.schedule(at: instant) {
                self.end(RPCError(.deadlineExceeded, "no answer within \(timeout)"))
            }
        }
        attempt()
    }

    private func attempt() {
        attempts += 1
        channel.withConnection { result in
            guard self.outcome == nil else { return }
            switch result {
            case .failure(let error): self.end(error)
            case .success(let connection): self.open(connection)
            }
        }
    }

    private func open(_ connection: HTTP2Connection) {
        let remaining = deadline.map { ContinuousClock.now.duration(to: $0) }
        let headers = RequestHeaders.make(channel.configuration, path: path, timeout: remaining, metadata)
        guard let stream = connection.openStream(headers, events: self) else {
            return end(RPCError(.unavailable, "the connection takes no more calls"))
        }
        self.stream = stream
        stream.write(request)
        stream.finish()
    }

    // MARK: Response

    private func read(_ next: CheckedContinuation<Batch, Never>) {
        guard reader == nil else {
            return next.resume(returning: .failure(RPCError(.internalError, "two readers of one response stream")))
        }
        reader = next
        serveReader()
    }

    /// Gives the reader what there is, if there is anything to give.
    private func serveReader() {
        guard let waiting = reader, outcome != nil || !isUnary else { return }
        if case .failure(let error) = outcome, isUnary || !hasMessage { return answer(waiting, .failure(error)) }
        let batch = takeBatch()
        guard !batch.isEmpty || outcome != nil else { return }
        if batch.isEmpty, stream == nil, !rest.isEmpty {
            return answer(waiting, .failure(RPCError(.internalError, "the last response is not complete")))
        }
        answer(waiting, .success(batch))
    }

    private func answer(_ waiting: CheckedContinuation<Batch, Never>, _ batch: Batch) {
        reader = nil
        waiting.resume(returning: batch)
    }

    private var limit: Int { channel.configuration.receiveLimitBytes }

    private func nextFrame() -> MessageFraming.Next {
        if let stream { return MessageFraming.next(in: stream.input, limitBytes: limit, what: "response") }
        return MessageFraming.next(in: rest, limitBytes: limit, what: "response")
    }

    private var hasMessage: Bool {
        if case .message = nextFrame() { true } else { false }
    }

    private func takeBatch() -> [[UInt8]] {
        var batch: [[UInt8]] = []
        var taken = 0
        while taken < Self.batchBytes, case .message(let range) = nextFrame() {
            if let stream {
                batch.append(stream.input.bytes(range))
                stream.takeInput(range.upperBound)
                stream.consume(range.upperBound)
            } else {
                batch.append(rest.bytes(range))
                rest.removeFirst(range.upperBound)
            }
            taken += range.upperBound
        }
        grantPartial()
        return batch
    }

    /// A message larger than the window would never arrive if its first part were not granted back.
    private func grantPartial() {
        if let stream, case .incomplete = nextFrame() { stream.consumeAll() }
    }

    /// Ends the call by this side.
    private func end(_ error: RPCError) {
        guard outcome == nil else { return }
        settle(.failure(error))
        // What was received is of no use to anyone.
        rest.removeAll()
        if let stream {
            stream.takeInput(stream.input.count)
            stream.reset(8)
        }
        serveReader()
    }

    private func settle(_ result: Result<Void, RPCError>) {
        outcome = result
        if let timer { channel.loop.cancel(timer) }
        timer = nil
    }
}

// MARK: What comes from the connection

extension ClientCall: StreamEvents {
    func streamHeaders(_ stream: HTTP2Stream) {
        guard outcome == nil else { return }
        if stream.headersCut {
            let limit = channel.configuration.headerListLimitBytes
            return end(RPCError(.resourceExhausted, "the response's header list is over the limit of \(limit) bytes"))
        }
        // Informational lists come before the response's own.
        if headerLists == 0, let status = stream.headers[":status"], status.count == 3, status.first == "1" { return }
        headerLists += 1
        if headerLists == 1, let error = StatusHeaders.refusedStart(stream.headers) { end(error) }
    }

    func streamData(_ stream: HTTP2Stream) {
        guard outcome == nil else {
            stream.takeInput(stream.input.count)
            return stream.consumeAll()
        }
        switch nextFrame() {
        case .incomplete: stream.consumeAll()
        case .refused(let error): end(error)
        case .message: if isUnary { stream.consumeAll() } else { serveReader() }
        }
    }

    func streamEnded(_ stream: HTTP2Stream) {
        guard outcome == nil else { return }
        settle(StatusHeaders.result(stream.headers, isOnly: headerLists == 1))
    }

    func streamWritable(_ stream: HTTP2Stream) {}

    func streamClosed(_ stream: HTTP2Stream, code: UInt32) {
        rest = stream.moveInput()
        self.stream = nil
        let lost = stream.lastConnection
        stream.events = nil
        channel.pool.recycle(stream)
        if outcome == nil {
            // The server has done nothing with a refused stream, so the call may be made again.
            if code == 7, headerLists == 0, attempts < 3 { return retryLater() }
            settle(.failure(error(code, lost)))
        }
        serveReader()
    }

    private func retryLater() {
        channel.loop.schedule(after: .zero) { if self.outcome == nil { self.attempt() } }
    }

    private func error(_ code: UInt32, _ connection: HTTP2Connection?) -> RPCError {
        switch code {
        case HTTP2Connection.connectionLost: channel.lost(connection)
        case 7: RPCError(.unavailable, "the server refused the stream")
        case 8: RPCError(.cancelled, "the server cancelled the call")
        case 11: RPCError(.resourceExhausted, "the server asks for fewer calls (ENHANCE_YOUR_CALM)")
        case 12: RPCError(.permissionDenied, "the server asks for better transport security")
        default: RPCError(.internalError, "the server reset the stream with HTTP/2 error \(code)")
        }
    }
}
