import COpenSSL

/// Owns a private key of an elliptic curve (or any kind that OpenSSL reads).
struct PrivateKey: ~Copyable {
    let handle: OpaquePointer

    /// A new key on P-256.
    static func generate() throws(CryptoError) -> PrivateKey {
        guard let handle = copenssl_generate_p256() else { throw .last("generate a key") }
        return PrivateKey(taking: handle)
    }

    private init(taking handle: OpaquePointer) {
        self.handle = handle
    }

    init(pem: [UInt8]) throws(CryptoError) {
        let input = try MemoryFile(pem)
        // An encrypted key would prompt on the terminal: an empty passphrase is given instead.
        guard let handle = PEM_read_bio_PrivateKey(input.handle, nil, { _, _, _, _ in 0 }, nil) else {
            ERR_clear_error()
            throw .malformed("no PEM of an unencrypted private key")
        }
        self.handle = handle
    }

    deinit { EVP_PKEY_free(handle) }

    borrowing func pem() throws(CryptoError) -> [UInt8] {
        let output = try MemoryFile()
        guard PEM_write_bio_PKCS8PrivateKey(output.handle, handle, nil, nil, 0, nil, nil) == 1 else {
            throw .last("write a key")
        }
        return output.bytes()
    }
}

/// Owns a BIO that reads from or writes to memory.
struct MemoryFile: ~Copyable {
    let handle: OpaquePointer

    init() throws(CryptoError) {
        guard let handle = BIO_new(BIO_s_mem()) else { throw .last("memory") }
        self.handle = handle
    }

    init(_ bytes: [UInt8]) throws(CryptoError) {
        guard let length = Int32(exactly: bytes.count), let handle = BIO_new(BIO_s_mem()) else { throw .last("memory") }
        BIO_write(handle, bytes, length)
        self.handle = handle
    }

    deinit { BIO_free(handle) }

    borrowing func bytes() -> [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = copenssl_memory(handle, &start)
        return [UInt8](UnsafeRawBufferPointer(start: start, count: max(0, count)))
    }
}
