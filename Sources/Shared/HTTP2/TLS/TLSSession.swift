import COpenSSL

/// The TLS side of one connection, between two memory buffers: whoever owns the socket feeds what it read and sends
/// what is pending. Performs no I/O. Confined to its connection.
public final class TLSSession {
    enum Handshake {
        case wait
        case done(PeerIdentity)
        case failed(TransportError)
    }

    enum Read {
        case bytes(Int)
        case wait
        case ended
        case failed(TransportError)
    }

    /// Whom a client wants to talk to.
    public enum ServerName: Sendable, Equatable {
        /// A DNS name or a numeric address that the certificate must have.
        case host(String)
        /// A URI name that the certificate must have; host names are not looked at.
        case uri(String)
    }

    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private let context: TLSContext
    private let expected: ServerName?
    /// Records without data of the application that came since the handshake and were not taken.
    private var idleRecords = 0

    /// - Parameters:
    ///   - serverName: For a client, nil for a server.
    ///   - host: Sent as SNI when it is a name.
    public init(_ context: TLSContext, serverName: ServerName? = nil, host: String? = nil) throws(TransportError) {
        ERR_clear_error()
        guard let ssl = SSL_new(context.handle) else { throw TLSErrors.take("TLS") }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw TLSErrors.take("TLS")
        }
        copenssl_bio_eof_is_retry(incoming)
        copenssl_bio_eof_is_retry(outgoing)
        SSL_set_bio(ssl, incoming, outgoing)
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
        self.context = context
        expected = serverName
        if context.isServer { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
        if case .host(let name) = serverName { expectHost(name) }
        if let host, !SocketAddress.isNumeric(host) { _ = copenssl_set_server_name(ssl, host) }
    }

    deinit { SSL_free(ssl) }

    private func expectHost(_ name: String) {
        guard let parameters = SSL_get0_param(ssl) else { return }
        if SocketAddress.isNumeric(name) {
            X509_VERIFY_PARAM_set1_ip_asc(parameters, name)
        } else {
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count)
        }
    }

    // MARK: Handshake

    func advanceHandshake() -> Handshake {
        ERR_clear_error()
        let code = SSL_do_handshake(ssl)
        if code == 1 { return checkPeer() }
        switch SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wait
        default: return .failed(handshakeError())
        }
    }

    private func handshakeError() -> TransportError {
        let result = SSL_get_verify_result(ssl)
        if result != Int(X509_V_OK), let text = X509_verify_cert_error_string(result) {
            ERR_clear_error()
            let whose = context.isServer ? "the client's" : "the server's"
            return TransportError("TLS: \(whose) certificate is refused: \(String(cString: text))")
        }
        return TLSErrors.take("TLS handshake")
    }

    private func checkPeer() -> Handshake {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard count == 2, let name, name[0] == 0x68, name[1] == 0x32 else {
            return .failed(TransportError("TLS: the peer does not offer HTTP/2 (ALPN h2)"))
        }
        let identity = PeerCertificate.identity(ssl)
        if case .uri(let uri) = expected, !identity.uriNames.contains(uri) {
            let found = identity.uriNames.isEmpty ? "no URI name" : identity.uriNames.joined(separator: ", ")
            return .failed(TransportError("TLS: the server is not \(uri): its certificate has \(found)"))
        }
        countRecords()
        return .done(identity)
    }

    // MARK: Bytes

    /// OpenSSL answers KeyUpdate and the like by itself, without limit, and says nothing of it but here.
    private func countRecords() {
        copenssl_set_message_callback(ssl, onRecord, Unmanaged.passUnretained(self).toOpaque())
    }

    /// - Parameters:
    ///   - kind: `SSL3_RT_HEADER` for a record's header, `SSL3_RT_INNER_CONTENT_TYPE` for what is in one of TLS 1.3,
    ///     whose header always says that it is data.
    ///   - type: The first byte of either.
    fileprivate func received(_ kind: Int32, _ type: UInt8) {
        guard kind == SSL3_RT_HEADER || kind == SSL3_RT_INNER_CONTENT_TYPE else { return }
        if Int32(type) != SSL3_RT_APPLICATION_DATA { idleRecords += 1 }
    }

    /// How many records without data of the application have come since the last time.
    func takeIdleRecords() -> Int {
        defer { idleRecords = 0 }
        return idleRecords
    }

    /// Takes bytes that came from the socket.
    func feed(_ bytes: UnsafeRawBufferPointer) {
        BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Read {
        ERR_clear_error()
        let count = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if count > 0 { return .bytes(Int(count)) }
        switch SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wait
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed(TLSErrors.take("TLS"))
        }
    }

    /// Encrypts all of `bytes`.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        ERR_clear_error()
        return SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count)) == Int32(clamping: bytes.count)
    }

    /// Whether encrypted bytes wait for the socket.
    var hasOutput: Bool { BIO_ctrl_pending(outgoing) > 0 }

    /// Hands the pending bytes to `send`, which says how many it took; nil is passed on.
    func withOutput(_ send: (UnsafeRawBufferPointer) -> Int?) -> Int? {
        var bytes: UnsafeMutablePointer<CChar>?
        let count = copenssl_bio_memory(outgoing, &bytes)
        guard count > 0, let bytes else { return 0 }
        guard let sent = send(UnsafeRawBufferPointer(start: bytes, count: count)), sent >= 0 else { return nil }
        if sent == count {
            copenssl_bio_reset(outgoing)
        } else if sent > 0 {
            withUnsafeTemporaryAllocation(byteCount: sent, alignment: 1) {
                _ = BIO_read(outgoing, $0.baseAddress, Int32(clamping: sent))
            }
        }
        return sent
    }

    /// Queues the closing alert.
    func beginClose() {
        ERR_clear_error()
        SSL_shutdown(ssl)
    }
}

/// Called for each record and message in both directions. The session owns the `SSL` that calls.
private func onRecord(
    _ isSent: Int32, _ version: Int32, _ kind: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ ssl: OpaquePointer?,
    _ session: UnsafeMutableRawPointer?
) {
    guard isSent == 0, count > 0, let bytes, let session else { return }
    let type = bytes.loadUnaligned(as: UInt8.self)
    Unmanaged<TLSSession>.fromOpaque(session)._withUnsafeGuaranteedRef { $0.received(kind, type) }
}
