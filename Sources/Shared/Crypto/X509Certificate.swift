import COpenSSL

/// Owns one X.509 certificate.
struct X509Certificate: ~Copyable {
    let handle: OpaquePointer

    /// An empty certificate of version 3.
    init() throws(CryptoError) {
        guard let handle = X509_new(), X509_set_version(handle, 2) == 1 else { throw .last("make a certificate") }
        self.handle = handle
    }

    init(pem: [UInt8]) throws(CryptoError) {
        let input = try MemoryFile(pem)
        // An encrypted one would prompt on the terminal: an empty passphrase is given instead.
        guard let handle = PEM_read_bio_X509(input.handle, nil, { _, _, _, _ in 0 }, nil) else {
            ERR_clear_error()
            throw .malformed("no PEM of a certificate")
        }
        self.handle = handle
    }

    deinit { X509_free(handle) }

    borrowing func pem() throws(CryptoError) -> [UInt8] {
        let output = try MemoryFile()
        guard PEM_write_bio_X509(output.handle, handle) == 1 else { throw .last("write a certificate") }
        return output.bytes()
    }

    /// Adds an extension in the words of OpenSSL's configuration files.
    borrowing func add(_ kind: Int32, _ value: String, issuer: borrowing X509Certificate) throws(CryptoError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.handle, handle, nil, nil, 0)
        guard let addition = X509V3_EXT_conf_nid(nil, &context, kind, value) else { throw .last("extension \(value)") }
        defer { X509_EXTENSION_free(addition) }
        guard X509_add_ext(handle, addition, -1) == 1 else { throw .last("extension \(value)") }
    }

    borrowing func setRandomSerial() throws(CryptoError) {
        var bytes = RandomBytes.generate(16)
        // Positive, and of the full length.
        bytes[0] = bytes[0] & 0x7f | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .last("serial number") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(handle)) != nil else { throw .last("serial number") }
    }

    borrowing func setName(_ commonName: String, ofSubject: Bool) throws(CryptoError) {
        guard let name = X509_NAME_new() else { throw .last("name") }
        defer { X509_NAME_free(name) }
        let text = Array(commonName.utf8)
        let code = X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, Int32(clamping: text.count), -1, 0)
        guard code == 1, (ofSubject ? X509_set_subject_name : X509_set_issuer_name)(handle, name) == 1 else {
            throw .last("name \(commonName)")
        }
    }
}
