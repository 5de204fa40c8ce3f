import EventLoop
import HTTP2

// What comes from the connection, mostly within nghttp2: facts are noted, and the rest is left to the turn.

extension ServerCall {
    func noteHeaders() {
        began = loop.turnStart
        let headers = stream.headers
        let head = RequestHead(headers)
        encoding = head.encoding
        acceptsGzip = head.acceptsGzip
        entry = head.path.flatMap { core.methods.find(headers, $0) }
        refusal = head.refusal ?? core.refusal(of: stream)
        if refusal == nil, entry == nil {
            refusal = .status(core.methods.unknown(head.path.map { headers.value($0) } ?? []))
        }
        // A timeout of nothing is over when the turn's timers are looked at, before any handler begins.
        if refusal == nil, let timeout = head.timeout { endAt(loop.turnStart + timeout) }
        if refusal != nil || entry?.requests == .many { queue() }
    }

    func noteData() {
        if refusal != nil || isAnswered { return dropInput() }
        if let overload = core.overload(of: stream) { return refuse(overload) }
        guard entry?.requests == .one else {
            // A message that is longer than the window would never be complete; one that is complete stays until it is
            // taken, and holds the client back.
            if case .incomplete = nextFrame() { stream.consumeAll() }
            return wakeReader()
        }
        // Bounded by the limit of one message.
        stream.consumeAll()
        switch nextFrame() {
        case .refused(let error): refuse(error)
        // More than the one message: known before the rest of it is here.
        case .message(let range) where stream.input.count > range.upperBound: refuse(Self.notOneRequest)
        case .message, .incomplete: break
        }
    }

    /// Refuses a call that takes one request, if that has not all come though its headers came before `instant`.
    func endIfIncomplete(since instant: ContinuousClock.Instant) {
        guard entry?.requests == .one, refusal == nil, !isRunning, !isAnswered, !stream.inputEnded,
            began < instant
        else { return }
        refuse(RPCError(.deadlineExceeded, "the request has not come within \(limits.requestTimeout)"))
    }

    private func refuse(_ error: RPCError) {
        refusal = .status(error)
        dropInput()
        queue()
    }

    /// What nobody will read is not kept, and its part of the window given back.
    func dropInput() {
        guard !isClosed else { return }
        stream.takeInput(stream.input.count)
        stream.consumeAll()
    }

    func noteEnd() {
        if entry?.requests == .many, refusal == nil { wakeReader() } else { queue() }
    }
}
