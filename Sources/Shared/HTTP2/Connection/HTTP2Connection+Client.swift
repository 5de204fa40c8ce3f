import CNghttp2
import EventLoop

extension HTTP2Connection {
    /// Opens a stream; its body follows by `write` and `finish`. Nil when the connection takes no more streams.
    ///
    /// Over the peer's limit of concurrent streams, nghttp2 holds the request until another stream has ended.
    public func openStream(_ headers: HeaderBlock, events: StreamEvents) -> HTTP2Stream? {
        loop.assertCurrent()
        guard phase == .open, role == .client else { return nil }
        let stream = pool.take()
        stream.events = events
        var provider = stream.dataProvider()
        let pointer = Unmanaged.passUnretained(stream).toOpaque()
        let id = headers.withFields { nghttp2_submit_request(session, nil, $0, $1, &provider, pointer) }
        guard id > 0 else { return nil }
        stream.open(id, on: self)
        stream.markHeadersSent()
        link(stream)
        markDirty()
        return stream
    }

    /// Whether new streams may be opened: the peer has sent no GOAWAY and numbers are left.
    public var acceptsStreams: Bool {
        phase == .open && !closesWhenFlushed && nghttp2_session_check_request_allowed(session) != 0
    }

    /// Opens no more streams; closes when the last one has ended.
    public func leave() {
        loop.assertCurrent()
        expectsEnd = true
        nghttp2_submit_goaway(session, 0, 0, NGHTTP2_NO_ERROR.rawValue, nil, 0)
        markDirty()
    }
}
