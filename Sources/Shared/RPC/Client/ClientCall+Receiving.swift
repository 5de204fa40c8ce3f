import HTTP2

extension ClientCall {
    /// A response message, and whether it came compressed.
    struct Incoming: Sendable {
        var bytes: [UInt8]
        var wasCompressed: Bool
    }

    /// What a reader gets at once.
    struct Batch: Sendable {
        struct End: Sendable {
            /// Nil for OK.
            var error: RPCError?
            var headers = Metadata()
            var trailers = Metadata()
        }

        var messages: [Incoming]
        /// Set behind the last message.
        var end: End?
    }

    /// What is known of the response.
    struct ResponseState: ~Copyable {
        /// Received and not taken when the stream was closed.
        var rest = ByteQueue()
        var headers: Metadata?
        /// What the server has announced.
        var encoding = Compression.identity
        var trailers = Metadata()
        /// Final header lists of this attempt, and those before them with status 1xx.
        var headerLists = 0
        var informationalLists = 0

        mutating func beginAttempt() {
            headerLists = 0
            informationalLists = 0
        }
    }

    /// A reader takes at most about this much at once, or one message.
    private static let batchBytes = 64 << 10
    /// More lists of status 1xx than any honest server sends.
    private static let informationalLimit = 32

    private var limit: Int { channel.configuration.receiveLimitBytes }

    private func nextFrame() -> MessageFraming.Next {
        if let stream { return nextFrame(in: stream.input) }
        return nextFrame(in: response.rest)
    }

    private func nextFrame(in queue: borrowing ByteQueue) -> MessageFraming.Next {
        MessageFraming.next(in: queue, limitBytes: limit, what: "response", encoding: response.encoding)
    }

    func takeBatch() -> Batch {
        var batch = Batch(messages: [])
        var taken = 0
        do throws(RPCError) {
            while taken < Self.batchBytes, case .message(let range) = nextFrame() {
                let message = try take(range)
                batch.messages.append(message)
                taken += MessageFraming.headerCount + message.bytes.count
            }
        } catch {
            replaceOutcome(error)
        }
        // A message larger than the window would never arrive if its first part were not granted back.
        if case .incomplete = nextFrame() {
            stream?.consumeAll()
            batch.end = ending()
        }
        return batch
    }

    private func take(_ range: Range<Int>) throws(RPCError) -> Incoming {
        guard let stream else {
            defer { response.rest.removeFirst(range.upperBound) }
            return try message(response.rest, range)
        }
        defer {
            stream.takeInput(range.upperBound)
            stream.consume(range.upperBound)
        }
        return try message(stream.input, range)
    }

    private func message(_ queue: borrowing ByteQueue, _ range: Range<Int>) throws(RPCError) -> Incoming {
        guard MessageFraming.isCompressed(queue) else {
            return Incoming(bytes: queue.bytes(range), wasCompressed: false)
        }
        let bytes = try queue.withSpan(range) { [limit, gzip = channel.gzip] span throws(RPCError) in
            try gzip.inflate(span, limitBytes: limit, what: "response")
        }
        return Incoming(bytes: bytes, wasCompressed: true)
    }

    /// The end, once no complete message is left.
    private func ending() -> Batch.End? {
        guard let outcome else { return nil }
        var error: RPCError?
        if case .failure(let failure) = outcome { error = failure }
        if error == nil, !(stream?.input.isEmpty ?? response.rest.isEmpty) {
            error = RPCError(.internalError, "the last response is not complete")
        }
        return Batch.End(error: error, headers: response.headers ?? Metadata(), trailers: response.trailers)
    }
}

// MARK: What comes from the connection

extension ClientCall {
    func noteHeaders(_ stream: HTTP2Stream) {
        guard stream === self.stream, outcome == nil else { return }
        if stream.headersCut {
            let limit = channel.configuration.headerListLimitBytes
            return end(RPCError(.resourceExhausted, "the response's header list is over the limit of \(limit) bytes"))
        }
        // Informational lists come before the response's own (RFC 9113, 8.1).
        if response.headerLists == 0, StatusHeaders.isInformational(stream.headers) {
            response.informationalLists += 1
            if response.informationalLists > Self.informationalLimit {
                end(RPCError(.internalError, "more than \(Self.informationalLimit) informational header lists"))
            }
            return
        }
        response.headerLists += 1
        // A list that is all of the response is judged when it ends.
        guard response.headerLists == 1, !stream.inputEnded else { return }
        if let error = StatusHeaders.refusedStart(stream.headers) { return attemptFailed(.status(.none), error) }
        commit()
        let encoding = stream.headers.first("grpc-encoding").flatMap { Compression(stream.headers.value($0)) }
        response.encoding = encoding ?? .identity
        response.headers = keepsMetadata ? Metadata(response: stream.headers) : Metadata()
        serveAll()
    }

    func noteData(_ stream: HTTP2Stream) {
        guard stream === self.stream, outcome == nil else {
            stream.takeInput(stream.input.count)
            return stream.consumeAll()
        }
        switch nextFrame(in: stream.input) {
        case .incomplete: stream.consumeAll()
        case .refused(let error): end(error)
        case .message(let range):
            guard isUnary else { return serveReader() }
            if stream.input.count > range.upperBound { end(Self.tooMany) }
        }
    }

    /// A method with one response has none or several (gRPC's status codes document: UNIMPLEMENTED).
    static let tooMany = RPCError(.unimplemented, "the server sent more than one response, the method gives one")
    static let none = RPCError(.unimplemented, "the server sent no response, the method gives one")

    func noteEnd(_ stream: HTTP2Stream) {
        guard stream === self.stream, outcome == nil else { return }
        let isOnly = response.headers == nil
        let result: Result<Void, RPCError>
        if response.headerLists > 1 || isOnly {
            result = StatusHeaders.result(stream.headers, isOnly: isOnly)
        } else {
            result = .failure(RPCError(.unknown, "the server ended the call without a status"))
        }
        response.trailers = keepsMetadata ? Metadata(response: stream.headers) : Metadata()
        if isOnly, case .failure(let error) = result {
            return attemptFailed(.status(RetryState.Pushback(stream.headers["grpc-retry-pushback-ms"])), error)
        }
        settle(result)
        serveAll()
        // The server wants no more requests; without this the stream would stay half open.
        stream.resetIfUnfinished(0)
    }

    func noteClosed(_ stream: HTTP2Stream, code: UInt32) {
        let isCurrent = stream === self.stream
        if isCurrent {
            response.rest = stream.moveInput()
            self.stream = nil
        }
        let error = error(code, stream)
        let neverSent = stream.neverSent
        stream.events = nil
        channel.pool.recycle(stream)
        guard isCurrent, outcome == nil else { return }
        if neverSent { return attemptFailed(.unsent, error) }
        guard response.headers == nil else {
            settle(.failure(error))
            return serveAll()
        }
        attemptFailed(code == 7 ? .refused : .status(.none), error)
    }

    /// PROTOCOL-HTTP2, the table of error codes.
    private func error(_ code: UInt32, _ stream: HTTP2Stream) -> RPCError {
        if code == HTTP2Connection.connectionLost { return channel.lost(stream.lastConnection) }
        guard stream.wasResetByPeer || code == 7 else {
            return RPCError(.internalError, "the response does not keep to HTTP/2 (error \(code))")
        }
        return switch code {
        case 7: RPCError(.unavailable, "the server refused the stream")
        case 8: RPCError(.cancelled, "the server cancelled the call")
        case 11: RPCError(.resourceExhausted, "the server asks for fewer calls (ENHANCE_YOUR_CALM)")
        case 12: RPCError(.permissionDenied, "the server asks for better transport security")
        default: RPCError(.internalError, "the server reset the stream with HTTP/2 error \(code)")
        }
    }
}
