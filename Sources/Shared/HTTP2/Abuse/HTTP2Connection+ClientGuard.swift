import CNghttp2
import EventLoop

/// A client's guard in front of nghttp2: what a server may send beside the answers to calls. How long a server may take
/// is for the calls' deadlines and for keepalive to say.
extension HTTP2Connection {
    /// Looks at each frame header in `bytes`; gives them to nghttp2 unless one breaks a limit.
    func inspectServer(_ bytes: UnsafeRawBufferPointer) {
        guard !closesWhenFlushed else { return }
        var offset = 0
        // What comes before the first SETTINGS is nghttp2's to refuse: it is no HTTP/2.
        let isSettled = sawPeerSettings
        while let frame = watch.scanner.next(in: bytes, at: &offset) {
            if isSettled, let violation = judge(frame) { return end(violation) }
        }
        parse(bytes)
    }

    private func judge(_ frame: FrameScanner.Header) -> PeerConduct.Violation? {
        switch frame.type {
        case FrameType.data where frame.length > 0 && !isOpenStream(frame.stream):
            return watch.conduct.receivedIgnored(frame.length, at: loop.turnStart)
        // Each ends a call that this side has begun, so they are no more than those.
        case FrameType.reset where isOpenStream(frame.stream): return nil
        case FrameType.reset: return watch.conduct.receivedIgnored(0, at: loop.turnStart)
        default: return watch.conduct.received(frame, at: loop.turnStart)
        }
    }

    private func isOpenStream(_ stream: Int32) -> Bool {
        nghttp2_session_get_stream_user_data(session, stream) != nil
    }
}
