import Crypto
import Platform

/// A key of the vault with the id by which secrets name it.
struct VaultKey: Sendable {
    /// 32 bytes.
    let bytes: [UInt8]
    /// 16 hexadecimal digits of the key's SHA-256: tells keys apart and gives none away.
    let id: String

    init?(bytes: [UInt8]) {
        guard bytes.count == AESGCM.keyLength else { return nil }
        self.bytes = bytes
        id = Hex.encode(Array(SHA256.digest(bytes).prefix(8)))
    }

    init?(hex: Substring) {
        guard let bytes = Hex.decode(String(hex)) else { return nil }
        self.init(bytes: bytes)
    }
}
