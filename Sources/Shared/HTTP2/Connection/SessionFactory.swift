import CNghttp2

/// Makes nghttp2 sessions that report to an ``HTTP2Connection``.
enum SessionFactory {
    /// Callbacks and options are copied into each session.
    static func make(
        _ role: HTTP2Connection.Role, _ limits: ConnectionLimits, _ memory: SessionMemory
    ) -> OpaquePointer? {
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0, let callbacks else { return nil }
        defer { nghttp2_session_callbacks_del(callbacks) }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData)
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame)
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
        if role == .server {
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, onInvalidFrame)
            nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onFrameSent)
        }
        if role == .client {
            nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, onFrameNotSent)
            nghttp2_session_callbacks_set_error_callback2(callbacks, onComplaint)
        }
        var option: OpaquePointer?
        guard nghttp2_option_new(&option) == 0, let option else { return nil }
        defer { nghttp2_option_del(option) }
        nghttp2_option_set_no_closed_streams(option, 1)
        nghttp2_option_set_no_auto_window_update(option, 1)
        // PeerConduct counts first; these are the wider net behind it.
        nghttp2_option_set_max_continuations(option, 2 * limits.conduct.continuations)
        nghttp2_option_set_stream_reset_rate_limit(
            option, 10 * UInt64(clamping: limits.conduct.resets.burst),
            10 * UInt64(clamping: limits.conduct.resets.perSecond))
        var session: OpaquePointer?
        var functions = memory.functions
        let code =
            role == .server
            ? nghttp2_session_server_new3(&session, callbacks, nil, option, &functions)
            : nghttp2_session_client_new3(&session, callbacks, nil, option, &functions)
        guard code == 0 else { return nil }
        if role == .client, limits.firstStream > 1 {
            nghttp2_session_set_next_stream_id(session, limits.firstStream)
        }
        return session
    }

    static func submitSettings(_ session: OpaquePointer, _ limits: ConnectionLimits, _ role: HTTP2Connection.Role) {
        var settings = [
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListBytes),
        ]
        switch role {
        case .server: settings.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams))
        case .client: settings.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        }
        nghttp2_submit_settings(session, 0, &settings, settings.count)
        nghttp2_session_set_local_window_size(
            session, 0, 0, Int32(clamping: min(limits.connectionWindowBytes, Int(Int32.max))))
    }

    private static func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: min(value, 0x7fff_ffff)))
    }
}
