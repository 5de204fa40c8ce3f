import COpenSSL

/// SHA-256 in one piece. For data that arrives in parts there is ``SHA256Hasher``.
public enum SHA256 {
    /// The length of a digest in bytes.
    public static let digestLength = 32

    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { digest($0) }
    }

    public static func digest(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
    }

    public static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: digestLength) { output, count in
            // OpenSSL's header lets a null pointer stand for no bytes.
            _ = COpenSSL.SHA256(bytes.baseAddress, bytes.count, output.baseAddress)
            count = digestLength
        }
    }
}

/// SHA-256 of data that arrives in parts; usable again after each digest without an allocation.
///
/// `@unchecked Sendable`: it alone owns the context, and only mutating methods touch it.
public struct SHA256Hasher: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("OpenSSL offers no SHA-256, or memory is exhausted")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes since the last one; the next update begins anew.
    public mutating func finish() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: SHA256.digestLength) { output, count in
            EVP_DigestFinal_ex(context, output.baseAddress, nil)
            count = SHA256.digestLength
        }
        // A null type means: the same digest again.
        EVP_DigestInit_ex(context, nil, nil)
        return digest
    }
}
