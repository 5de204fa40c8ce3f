/// A secret under the vault's key: of no use without it.
struct SealedSecret: Equatable, Sendable {
    /// Names the key, so that keys can be changed one secret at a time.
    var keyID: String
    /// Nonce (12 bytes), ciphertext and tag (16 bytes) of AES-256-GCM.
    var bytes: [UInt8]
}
