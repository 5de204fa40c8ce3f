import COpenSSL

/// What a TLS endpoint is and trusts; made from files once, shared by its connections.
///
/// `@unchecked Sendable`: `SSL_CTX` counts its references atomically and is not changed after `init`.
public final class TLSContext: @unchecked Sendable {
    /// PEM files.
    public struct Identity: Sendable, Equatable {
        public var certFile: String
        public var keyFile: String

        public init(certFile: String, keyFile: String) {
            self.certFile = certFile
            self.keyFile = keyFile
        }
    }

    let handle: OpaquePointer
    let isServer: Bool

    private init(_ handle: OpaquePointer, isServer: Bool) {
        self.handle = handle
        self.isServer = isServer
    }

    deinit { SSL_CTX_free(handle) }

    /// - Parameters:
    ///   - clientCAFile: When set, clients are asked for a certificate; one that is given must verify.
    ///   - requiresClientCertificate: With `clientCAFile`: the handshake fails for a client that gives none.
    public static func server(
        _ identity: Identity, clientCAFile: String?, requiresClientCertificate: Bool = false
    ) throws(TransportError) -> TLSContext {
        let context = try make(TLS_server_method(), isServer: true)
        try context.use(identity)
        if let clientCAFile {
            try context.trust(clientCAFile)
            if let names = SSL_load_client_CA_file(clientCAFile) {
                SSL_CTX_set_client_CA_list(context.handle, names)
            }
            let strictness = requiresClientCertificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
            SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER | strictness, nil)
        }
        SSL_CTX_set_alpn_select_cb(context.handle, selectHTTP2, nil)
        return context
    }

    /// - Parameter caFile: Empty for the system's own authorities.
    public static func client(_ identity: Identity?, caFile: String) throws(TransportError) -> TLSContext {
        let context = try make(TLS_client_method(), isServer: false)
        if let identity { try context.use(identity) }
        if caFile.isEmpty {
            SSL_CTX_set_default_verify_paths(context.handle)
        } else {
            try context.trust(caFile)
        }
        SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_alpn_protos(context.handle, http2Protocol, UInt32(http2Protocol.count))
        return context
    }

    private static func make(_ method: OpaquePointer?, isServer: Bool) throws(TransportError) -> TLSContext {
        ERR_clear_error()
        guard let handle = SSL_CTX_new(method) else { throw TLSErrors.take("TLS") }
        let context = TLSContext(handle, isServer: isServer)
        guard copenssl_ctx_set_min_proto(handle, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
        else { throw TLSErrors.take("TLS") }
        // No resumption: a reloaded authority applies to every new connection.
        copenssl_ctx_harden(handle)
        SSL_CTX_set_num_tickets(handle, 0)
        // An encrypted file would prompt on the terminal: an empty passphrase is given instead.
        SSL_CTX_set_default_passwd_cb(handle) { _, _, _, _ in 0 }
        copenssl_ctx_session_cache_off(handle)
        copenssl_ctx_release_buffers(handle)
        return context
    }

    private func use(_ identity: Identity) throws(TransportError) {
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(handle, identity.certFile) == 1 else {
            throw TLSErrors.take("certificate \(identity.certFile)")
        }
        guard SSL_CTX_use_PrivateKey_file(handle, identity.keyFile, SSL_FILETYPE_PEM) == 1 else {
            throw TLSErrors.take("private key \(identity.keyFile)")
        }
        guard SSL_CTX_check_private_key(handle) == 1 else {
            throw TLSErrors.take("\(identity.keyFile) is not the key of \(identity.certFile)")
        }
    }

    private func trust(_ file: String) throws(TransportError) {
        ERR_clear_error()
        guard SSL_CTX_load_verify_locations(handle, file, nil) == 1 else {
            throw TLSErrors.take("certificate authorities \(file)")
        }
    }
}

/// `h2` as ALPN lists it.
private let http2Protocol: [UInt8] = [2, 0x68, 0x32]

/// Takes `h2` if the client offers it; otherwise the handshake fails with the alert that ALPN has for it.
private func selectHTTP2(
    _ ssl: OpaquePointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenCount: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ count: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let offered, let chosen, let chosenCount else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let list = UnsafeBufferPointer(start: offered, count: Int(count))
    var index = 0
    while index < list.count {
        let length = Int(list[index])
        guard index + 1 + length <= list.count else { break }
        if length == 2, list[index + 1] == 0x68, list[index + 2] == 0x32 {
            chosen.pointee = offered + index + 1
            chosenCount.pointee = 2
            return SSL_TLSEXT_ERR_OK
        }
        index += 1 + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

enum TLSErrors {
    /// Takes OpenSSL's queue of this thread; the first reason is the cause, those after it are consequences.
    static func take(_ what: String) -> TransportError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return TransportError("\(what): failed") }
        return TransportError("\(what): \(String(cString: reason))")
    }
}
