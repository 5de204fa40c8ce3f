import COpenSSL

/// HMAC with SHA-256 under one key, which is expanded once: each further code costs no set-up and no allocation but
/// its result.
///
/// `@unchecked Sendable`: it alone owns the context, and only mutating methods touch it.
public struct HMACSHA256: ~Copyable, @unchecked Sendable {
    /// The length of a code in bytes.
    public static let codeLength = 32

    private let context: OpaquePointer

    /// - Parameter key: Of any length, empty too.
    public init(key: [UInt8]) {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil), let context = EVP_MAC_CTX_new(algorithm) else {
            fatalError("OpenSSL offers no HMAC, or memory is exhausted")
        }
        EVP_MAC_free(algorithm)
        guard copenssl_init_hmac_sha256(context, key, key.count) == 1 else {
            fatalError("OpenSSL offers no HMAC with SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MAC_CTX_free(context) }

    /// The code of `bytes` alone. Nothing may be pending from `update`.
    public mutating func authenticate(_ bytes: [UInt8]) -> [UInt8] {
        update(bytes)
        return finish()
    }

    /// The code of `text` in UTF-8.
    public mutating func authenticate(_ text: String) -> [UInt8] {
        update(text)
        return finish()
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_MAC_update(context, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }

    /// The code of everything since the last one, under the same key.
    public mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.codeLength) { output, count in
            finish(into: output)
            count = Self.codeLength
        }
    }

    /// As `finish()`, into memory of the caller: at least ``codeLength`` bytes.
    public mutating func finish(into output: UnsafeMutableBufferPointer<UInt8>) {
        var count = 0
        EVP_MAC_final(context, output.baseAddress, &count, output.count)
        // A null key means: the same again, without expanding it anew.
        EVP_MAC_init(context, nil, 0, nil)
    }

    /// One code under a key that is used once.
    public static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = HMACSHA256(key: key)
        return code.authenticate(bytes)
    }
}
