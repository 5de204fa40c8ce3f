import COpenSSL

/// Reads who a verified peer is.
enum PeerCertificate {
    static func identity(_ ssl: OpaquePointer) -> PeerIdentity {
        var identity = PeerIdentity(address: "")
        identity.isTLS = true
        guard SSL_get_verify_result(ssl) == Int(X509_V_OK), let certificate = SSL_get1_peer_certificate(ssl) else {
            return identity
        }
        defer { X509_free(certificate) }
        identity.uriNames = uriNames(certificate)
        identity.commonName = commonName(certificate)
        return identity
    }

    static func uriNames(_ certificate: OpaquePointer) -> [String] {
        guard let raw = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(raw)
        defer { copenssl_tls_names_free(names) }
        var found: [String] = []
        for index in 0..<copenssl_tls_name_count(names) {
            var count: Int32 = 0
            guard let bytes = copenssl_uri_name(names, index, &count), count > 0 else { continue }
            if let text = text(bytes, count) { found.append(text) }
        }
        return found
    }

    static func commonName(_ certificate: OpaquePointer) -> String? {
        guard let subject = X509_get_subject_name(certificate) else { return nil }
        let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let entry = X509_NAME_get_entry(subject, index), let data = X509_NAME_ENTRY_get_data(entry)
        else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, data)
        guard count >= 0, let bytes else { return nil }
        defer { copenssl_tls_free(bytes) }
        return text(bytes, count)
    }

    /// Nil for bytes that are no UTF-8 or hold a NUL: such a name reads differently to different programs.
    private static func text(_ bytes: UnsafePointer<UInt8>, _ count: Int32) -> String? {
        let buffer = UnsafeBufferPointer(start: bytes, count: Int(count))
        return buffer.contains(0) ? nil : String(validating: buffer, as: UTF8.self)
    }
}
