import COpenSSL

/// AES-256-GCM. A sealed message is nonce (12 bytes), ciphertext and tag (16 bytes), one after another.
///
/// The nonce is random: one key is good for 2³² messages, far more than a vault ever seals.
public enum AESGCM {
    public static let keyLength = 32
    static let nonceLength = 12
    static let tagLength = 16

    /// Encrypts and authenticates `plaintext`.
    ///
    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - aad: What the message is bound to, not part of it: the same has to be given to `open`.
    public static func seal(_ plaintext: [UInt8], key: [UInt8], aad: [UInt8] = []) throws(CryptoError) -> [UInt8] {
        let nonce = RandomBytes.generate(nonceLength)
        let cipher = try Cipher(key: key, nonce: nonce, encrypts: true)
        try cipher.authenticate(aad)
        let ciphertext = try cipher.process(plaintext)
        guard cipher.finish() else { throw .last("seal") }
        return nonce + ciphertext + (try cipher.tag())
    }

    /// The plaintext of a sealed message.
    ///
    /// - Throws: `authenticationFailed` if key, `aad` or any bit of the message differs.
    public static func open(_ sealed: [UInt8], key: [UInt8], aad: [UInt8] = []) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= nonceLength + tagLength else { throw .authenticationFailed }
        let cipher = try Cipher(key: key, nonce: Array(sealed[..<nonceLength]), encrypts: false)
        try cipher.authenticate(aad)
        let plaintext = try cipher.process(Array(sealed[nonceLength..<sealed.count - tagLength]))
        try cipher.expect(tag: Array(sealed[(sealed.count - tagLength)...]))
        guard cipher.finish() else {
            ERR_clear_error()
            throw .authenticationFailed
        }
        return plaintext
    }
}

/// Owns one cipher context for one message.
private struct Cipher: ~Copyable {
    let context: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], encrypts: Bool) throws(CryptoError) {
        guard key.count == AESGCM.keyLength else {
            throw .invalidKeyLength(expected: AESGCM.keyLength, got: key.count)
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw .last("AES-GCM") }
        guard EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypts ? 1 : 0) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .last("AES-GCM")
        }
        self.context = context
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    borrowing func authenticate(_ aad: [UInt8]) throws(CryptoError) {
        var count: Int32 = 0
        if aad.isEmpty { return }
        guard EVP_CipherUpdate(context, nil, &count, aad, try length(aad)) == 1 else { throw .last("AES-GCM") }
    }

    borrowing func process(_ input: [UInt8]) throws(CryptoError) -> [UInt8] {
        if input.isEmpty { return [] }
        let length = try length(input)
        var output = [UInt8](repeating: 0, count: input.count)
        var count: Int32 = 0
        guard EVP_CipherUpdate(context, &output, &count, input, length) == 1 else { throw .last("AES-GCM") }
        return output
    }

    borrowing func finish() -> Bool {
        var rest = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        return EVP_CipherFinal_ex(context, &rest, &count) == 1
    }

    borrowing func tag() throws(CryptoError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AESGCM.tagLength)
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .last("AES-GCM")
        }
        return tag
    }

    borrowing func expect(tag: [UInt8]) throws(CryptoError) {
        var tag = tag
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .last("AES-GCM")
        }
    }

    private borrowing func length(_ bytes: [UInt8]) throws(CryptoError) -> Int32 {
        guard let length = Int32(exactly: bytes.count) else { throw .malformed("a message of more than 2 GiB") }
        return length
    }
}
