/// Base64 as `-bin` metadata has it: padding is left out when written, accepted when read (PROTOCOL-HTTP2, Requests:
/// Binary-Header).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var held = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                output.append(alphabet[Int(bits >> UInt32(held)) & 63])
            }
        }
        if held > 0 { output.append(alphabet[Int(bits << UInt32(6 - held)) & 63]) }
        return output
    }

    /// Nil for a character outside of the alphabet, for wrong padding, and for a length that no encoder produces.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var digits = 0
        var padding = 0
        var bits: UInt32 = 0
        var output: [UInt8] = []
        output.reserveCapacity(text.count * 3 / 4)
        for character in text {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let digit = value(character) else { return nil }
            bits = bits << 6 | UInt32(digit)
            digits += 1
            switch digits % 4 {
            case 1: break
            case 2: output.append(UInt8(truncatingIfNeeded: bits >> 4))
            case 3: output.append(UInt8(truncatingIfNeeded: bits >> 2))
            default: output.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        guard digits % 4 != 1, padding == 0 || (padding < 3 && (digits + padding) % 4 == 0) else { return nil }
        return output
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
