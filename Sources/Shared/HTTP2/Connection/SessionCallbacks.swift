import CNghttp2
import EventLoop

// What nghttp2 calls while it reads or writes. Each moves bytes and notes facts, nothing more.

typealias Frame = UnsafePointer<nghttp2_frame>

private func connection(_ user: UnsafeMutableRawPointer?) -> HTTP2Connection? {
    user.map { Unmanaged<HTTP2Connection>.fromOpaque($0).takeUnretainedValue() }
}

/// Without counting references: whoever called nghttp2 holds the connection.
@inline(__always)
private func withConnection(_ user: UnsafeMutableRawPointer?, _ body: (HTTP2Connection) -> Void) {
    guard let user else { return }
    Unmanaged<HTTP2Connection>.fromOpaque(user)._withUnsafeGuaranteedRef(body)
}

/// Without counting references: the connection's list holds a stream until nghttp2 closes it, in a callback of its own.
@inline(__always)
private func withStream(_ session: OpaquePointer?, _ id: Int32, _ body: (HTTP2Stream) -> Void) {
    guard let pointer = nghttp2_session_get_stream_user_data(session, id) else { return }
    Unmanaged<HTTP2Stream>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
}

private func stream(_ session: OpaquePointer?, _ id: Int32) -> HTTP2Stream? {
    guard let pointer = nghttp2_session_get_stream_user_data(session, id) else { return nil }
    return Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
}

/// A frame that nghttp2 refuses: what still comes for its stream was sent before the client could know.
func onInvalidFrame(_ session: OpaquePointer?, _ frame: Frame?, _ code: Int32, _ user: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let id = frame?.pointee.hd.stream_id, id > 0, let connection = connection(user) else { return 0 }
    connection.watch.numbers.wasReset(id)
    return 0
}

func onBeginHeaders(_ session: OpaquePointer?, _ frame: Frame?, _ user: UnsafeMutableRawPointer?) -> Int32 {
    guard let frame else { return 0 }
    let id = frame.pointee.hd.stream_id
    withConnection(user) { connection in
        if connection.role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
            let stream = connection.pool.take()
            stream.open(id, on: connection)
            nghttp2_session_set_stream_user_data(session, id, Unmanaged.passUnretained(stream).toOpaque())
            connection.link(stream)
            connection.headersOf = Unmanaged.passUnretained(stream)
            connection.events?.connectionOpened(connection, stream)
            if id >= StreamNumbers.firstOfLast { connection.beginShutdown() }
        } else {
            connection.headersOf = nil
            withStream(session, id) { stream in
                stream.ignoresHeaders = connection.role == .server
                if !stream.ignoresHeaders { stream.headers.removeAll() }
                stream.cutOctets = 0
                connection.headersOf = Unmanaged.passUnretained(stream)
            }
        }
    }
    return 0
}

func onHeader(
    _ session: OpaquePointer?, _ frame: Frame?, _ name: UnsafePointer<UInt8>?, _ nameCount: Int,
    _ value: UnsafePointer<UInt8>?, _ valueCount: Int, _ flags: UInt8, _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let user else { return 0 }
    return Unmanaged<HTTP2Connection>.fromOpaque(user)._withUnsafeGuaranteedRef { connection in
        guard let stream = connection.headersOf else { return 0 }
        let limit = connection.limits.headerListBytes
        let octets = stream._withUnsafeGuaranteedRef {
            $0.receiveHeader(
                UnsafeRawBufferPointer(start: name, count: nameCount),
                UnsafeRawBufferPointer(start: value, count: valueCount), limit)
        }
        guard connection.role == .server, octets > limit * max(1, connection.limits.conduct.headerListFactor) else {
            return 0
        }
        connection.end(.calm("a header list over \(octets - 1) octets"))
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
}

func onData(
    _ session: OpaquePointer?, _ flags: UInt8, _ id: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let user else { return 0 }
    let pointer = nghttp2_session_get_stream_user_data(session, id)
    Unmanaged<HTTP2Connection>.fromOpaque(user)._withUnsafeGuaranteedRef { connection in
        connection.grant(count)
        if pointer != nil { connection.heldBytes += count }
    }
    guard let pointer else { return 0 }
    Unmanaged<HTTP2Stream>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
        $0.receiveData(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    return 0
}

func onFrame(_ session: OpaquePointer?, _ frame: Frame?, _ user: UnsafeMutableRawPointer?) -> Int32 {
    guard let frame else { return 0 }
    let header = frame.pointee.hd
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue:
        withStream(session, header.stream_id) { stream in
            // Set before, so that a list can be told from one that is all of a response.
            if header.flags & FrameType.endStream != 0 { stream.inputEnded = true }
            if !stream.ignoresHeaders { stream.tell { $0.streamHeaders(stream) } }
            end(stream, header)
        }
    case NGHTTP2_DATA.rawValue: withStream(session, header.stream_id) { end($0, header) }
    case NGHTTP2_RST_STREAM.rawValue: withStream(session, header.stream_id) { $0.wasResetByPeer = true }
    default: withConnection(user) { onControlFrame($0, frame, header) }
    }
    return 0
}

private func onControlFrame(_ connection: HTTP2Connection, _ frame: Frame, _ header: nghttp2_frame_hd) {
    switch UInt32(header.type) {
    case NGHTTP2_SETTINGS.rawValue:
        guard header.flags & 1 == 0, !connection.sawPeerSettings else { return }
        connection.sawPeerSettings = true
        connection.events?.connectionSettled(connection)
    case NGHTTP2_PING.rawValue where header.flags & 1 != 0:
        let data = frame.pointee.ping.opaque_data
        connection.pingAnswered([data.0, data.1, data.2, data.3, data.4, data.5, data.6, data.7])
    case NGHTTP2_GOAWAY.rawValue:
        let goAway = frame.pointee.goaway
        connection.expectsEnd = true
        let text = UnsafeBufferPointer(start: goAway.opaque_data, count: min(goAway.opaque_data_len, 256))
        connection.events?.connectionGoAway(
            connection, code: goAway.error_code, text: String(decoding: text, as: UTF8.self))
    default: break
    }
}

private func end(_ stream: HTTP2Stream, _ header: nghttp2_frame_hd) {
    guard header.flags & FrameType.endStream != 0, !stream.isClosed else { return }
    stream.inputEnded = true
    stream.tell { $0.streamEnded(stream) }
}

func onFrameSent(_ session: OpaquePointer?, _ frame: Frame?, _ user: UnsafeMutableRawPointer?) -> Int32 {
    guard let frame else { return 0 }
    let header = frame.pointee.hd
    withConnection(user) {
        $0.noteSent(header, code: header.type == FrameType.reset ? frame.pointee.rst_stream.error_code : 0)
    }
    // A response that ended before the request did: the client is told to stop (RFC 9113, 8.1).
    guard header.type <= FrameType.headers, header.flags & FrameType.endStream != 0 else { return 0 }
    withStream(session, header.stream_id) { stream in
        if !stream.inputEnded {
            nghttp2_submit_rst_stream(session, 0, header.stream_id, NGHTTP2_NO_ERROR.rawValue)
        }
    }
    return 0
}

func onComplaint(
    _ session: OpaquePointer?, _ code: Int32, _ text: UnsafePointer<CChar>?, _ count: Int,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let text, let connection = connection(user) else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: text, count: min(count, 200))
    connection.complaint = String(decoding: bytes, as: UTF8.self)
    return 0
}

/// A request that nghttp2 held back until the server took no more.
func onFrameNotSent(_ session: OpaquePointer?, _ frame: Frame?, _ code: Int32, _ user: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let header = frame?.pointee.hd, UInt32(header.type) == NGHTTP2_HEADERS.rawValue else { return 0 }
    stream(session, header.stream_id)?.neverSent = true
    return 0
}

func onStreamClose(_ session: OpaquePointer?, _ id: Int32, _ code: UInt32, _ user: UnsafeMutableRawPointer?) -> Int32 {
    withConnection(user) { connection in
        withStream(session, id) { stream in
            nghttp2_session_set_stream_user_data(session, id, nil)
            connection.streamEnded(stream, code)
        }
    }
    return 0
}
