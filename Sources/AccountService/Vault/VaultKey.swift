import Crypto

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
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func decode(_ text: Substring) -> [UInt8]? {
        let values = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard values.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: values.count, by: 2) {
            guard let high = values[index], let low = values[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
