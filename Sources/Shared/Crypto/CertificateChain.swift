import COpenSSL
public import Platform

extension Certificates {
    /// Checks that `leafPEM` was issued by `authorityPEM`, is valid at `now` and may be used as `usage`.
    ///
    /// - Throws: `library` with OpenSSL's reason if not.
    public static func verify(
        leafPEM: [UInt8], authorityPEM: [UInt8], usage: LeafRequest.Usage, now: WallTime
    ) throws(CryptoError) {
        let leaf = try X509Certificate(pem: leafPEM)
        let authority = try X509Certificate(pem: authorityPEM)
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new() else { throw .last("verify") }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
        }
        guard X509_STORE_add_cert(store, authority.handle) == 1,
            X509_STORE_CTX_init(context, store, leaf.handle, nil) == 1
        else { throw .last("verify") }
        let purpose = usage == .serverAuth ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT
        X509_STORE_CTX_set_purpose(context, purpose)
        X509_STORE_CTX_set_time(context, 0, time_t(now.unixSeconds))
        guard X509_verify_cert(context) == 1 else {
            let code = X509_STORE_CTX_get_error(context)
            ERR_clear_error()
            let reason = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "code \(code)"
            throw .library(operation: "verify", reason: reason)
        }
    }
}
