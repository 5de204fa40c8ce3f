import CNghttp2
import EventLoop

/// A server's guard in front of nghttp2, and behind it.
extension HTTP2Connection {
    /// Looks at each frame header in `bytes`, and gives nghttp2 what comes before one that breaks a limit.
    func inspect(_ bytes: UnsafeRawBufferPointer) {
        guard !closesWhenFlushed else { return }
        var offset = 0
        var given = 0
        // The client's latest stream, when nghttp2 has not been given its HEADERS yet, and the client goes on.
        var newest: Int32 = 0
        var lastType: UInt8?
        while let frame = watch.scanner.next(in: bytes, at: &offset) {
            let start = max(given, offset - FrameScanner.headerCount)
            lastType = frame.type
            var violation = watch.conduct.received(frame, at: loop.turnStart)
            if violation == nil, frame.type <= FrameType.headers, frame.stream > 0 {
                if frame.stream > watch.numbers.last {
                    if frame.type == FrameType.headers { watch.numbers.opened(frame.stream) }
                    newest = frame.has(FrameType.endStream) ? 0 : frame.stream
                } else if frame.stream == newest {
                    if frame.has(FrameType.endStream) { newest = 0 }
                } else if !isKnown(frame.stream) {
                    parse(UnsafeRawBufferPointer(rebasing: bytes[given..<start]))
                    given = start
                    newest = 0
                    violation = late(frame)
                }
            }
            if frame.type == FrameType.reset, frame.stream == newest { newest = 0 }
            guard let violation else { continue }
            parse(UnsafeRawBufferPointer(rebasing: bytes[given..<start]))
            return end(violation)
        }
        parse(UnsafeRawBufferPointer(rebasing: bytes[given...]))
        watch.note(lastType, at: loop.turnStart)
        if watch.frameSince != nil || watch.blockSince != nil { watchLater() }
        checkQueue()
    }

    private func isKnown(_ stream: Int32) -> Bool { nghttp2_session_get_stream_user_data(session, stream) != nil }

    /// Judges HEADERS or DATA on a stream that is not open. nghttp2 would ignore them.
    private func late(_ frame: FrameScanner.Header) -> PeerConduct.Violation? {
        // After a GOAWAY, streams that the client opened meanwhile are ignored on purpose.
        guard isOpen, !closesWhenFlushed, !isShuttingDown, !isKnown(frame.stream) else { return nil }
        switch watch.numbers.lateness(frame.stream) {
        case .crossedReset:
            guard frame.type == FrameType.data else { return nil }
            return watch.conduct.receivedIgnored(frame.length, at: loop.turnStart)
        case .skipped: return .protocolError("stream \(frame.stream) is opened after a later one")
        case .afterEnd: return .streamClosed("stream \(frame.stream) has ended")
        }
    }

    /// nghttp2 holds what the client makes it answer and does not read; there is no honest reason for so much.
    private func checkQueue() {
        guard isOpen, !closesWhenFlushed else { return }
        guard nghttp2_session_get_outbound_queue_size(session) > 1000 + 4 * limits.maxConcurrentStreams else { return }
        end(.calm("the peer does not read what it is answered"))
    }

    /// nghttp2 gave up on what it was given.
    func parsingFailed(_ code: Int32) {
        let text = String(cString: nghttp2_strerror(code))
        switch code {
        case NGHTTP2_ERR_CALLBACK_FAILURE.rawValue where closesWhenFlushed: return
        case NGHTTP2_ERR_FLOODED.rawValue, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue:
            end(.calm("HTTP/2 protocol: \(text)"))
        default: end(.protocolError("HTTP/2 protocol: \(text)"))
        }
    }

    /// Tells the peer why by GOAWAY, and closes when that is written, or a second later if it cannot be.
    func end(_ violation: PeerConduct.Violation) {
        guard isOpen, !closesWhenFlushed else { return }
        closesWhenFlushed = true
        if closeReason == nil { closeReason = TransportError(violation.reason) }
        var text = violation.reason
        text.withUTF8 {
            let last = nghttp2_session_get_last_proc_stream_id(session)
            _ = nghttp2_submit_goaway(session, 0, last, violation.code, $0.baseAddress, $0.count)
        }
        markDirty()
        loop.schedule(after: .seconds(1)) { [weak self] in self?.close(nil) }
    }

    // MARK: Times

    /// One timer a connection, and set anew only when it has run: a busy connection sets it once in ten seconds.
    private func watchLater() {
        guard isOpen, let deadline = watch.deadline(limits.conduct) else { return }
        if let set = watch.timerAt, set <= deadline { return }
        stopWatching()
        watch.timerAt = deadline
        watch.timer = loop.schedule(at: deadline) { self.checkTimes() }
    }

    private func checkTimes() {
        watch.timer = nil
        watch.timerAt = nil
        guard let deadline = watch.deadline(limits.conduct) else { return }
        if deadline <= .now { return end(.calm("a frame or a header block is not ended")) }
        watchLater()
    }

    func stopWatching() {
        if let timer = watch.timer { loop.cancel(timer) }
        watch.timer = nil
        watch.timerAt = nil
    }

    /// Resets the streams whose peer has taken too little of what waits for it since `instant`; returns how many.
    @discardableResult
    public func resetStalledStreams(since instant: ContinuousClock.Instant) -> Int {
        guard queuedBytes > 0 else { return 0 }
        var stalled: [HTTP2Stream] = []
        forEachStream { if $0.isStalled(since: instant) { stalled.append($0) } }
        for stream in stalled { stream.reset(NGHTTP2_CANCEL.rawValue) }
        return stalled.count
    }

    // MARK: Flow control

    /// The streams' own windows hold a peer back; the connection's never does, so that no stream waits for another.
    func grant(_ count: Int) {
        unconsumed += count
        guard unconsumed >= limits.connectionWindowBytes / 16 else { return }
        nghttp2_session_consume_connection(session, unconsumed)
        unconsumed = 0
    }

    // MARK: What is sent

    /// Notes a frame that a server has sent.
    func noteSent(_ header: nghttp2_frame_hd, code: UInt32) {
        switch header.type {
        case FrameType.data: watch.conduct.sentData()
        case FrameType.headers: watch.conduct.sentHeaders()
        case FrameType.reset:
            watch.numbers.wasReset(header.stream_id)
            if let violation = watch.conduct.sentReset(code, at: loop.turnStart) { end(violation) }
        case FrameType.goAway: noticeSent()
        default: break
        }
    }
}
