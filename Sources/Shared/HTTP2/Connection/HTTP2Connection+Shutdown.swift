import CNghttp2
import EventLoop

extension HTTP2Connection {
    /// A server's orderly end: GOAWAY, wait for the streams, close.
    public func beginShutdown() {
        loop.assertCurrent()
        guard phase == .open else { return close(nil) }
        perform(drain.beginShutdown())
    }

    func perform(_ action: ConnectionDrain.Action) {
        switch action {
        case .none: return
        case .sendNotice: nghttp2_submit_shutdown_notice(session)
        case .sendFinal: submitFinalGoAway()
        case .sendFinalAndClose:
            submitFinalGoAway()
            closesWhenFlushed = true
        case .close: closesWhenFlushed = true
        }
        markDirty()
    }

    /// Asks whether the client has seen the notice. Not submitted with it, since nghttp2 sends PINGs before all else.
    func noticeSent() {
        if drain.state == .noticed { nghttp2_submit_ping(session, 0, nil) }
    }

    /// Asks the peer for a sign of life; whatever it sends then is one (``lastReceived``).
    public func sendPing() {
        loop.assertCurrent()
        guard phase == .open else { return }
        // Other bytes than those of the shutdown's PING, whose answer means something else.
        var data: [UInt8] = Array("liveness".utf8)
        nghttp2_submit_ping(session, 0, &data)
        markDirty()
    }

    /// The peer's answer to a PING with `data`: to that of the shutdown, if it is all zeros.
    func pingAnswered(_ data: some Collection<UInt8>) {
        if data.allSatisfy({ $0 == 0 }) { perform(drain.noticeAnswered()) }
    }

    private func submitFinalGoAway() {
        let last = nghttp2_session_get_last_proc_stream_id(session)
        nghttp2_submit_goaway(session, 0, last, NGHTTP2_NO_ERROR.rawValue, nil, 0)
    }
}
