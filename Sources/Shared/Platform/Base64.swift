/// RFC 4648's base64, in the three dialects that are needed.
public enum Base64 {
    /// Where the text stands decides about alphabet and padding.
    public enum Dialect: Sendable {
        /// Written with `+`, `/` and padding; either alphabet is read, padded or not, as protobuf's JSON mapping asks.
        case json
        /// Written with `+`, `/` and no padding, read with or without (PROTOCOL-HTTP2, Requests: Binary-Header).
        case metadata
        /// For tokens and cursors: `-`, `_` and no padding; nothing is read that would not have been written.
        case url
    }

    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forURLs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public static func encode(_ bytes: Span<UInt8>, _ dialect: Dialect) -> [UInt8] {
        let letters = dialect == .url ? forURLs : standard
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var held = 0
        for index in bytes.indices {
            bits = bits << 8 | UInt32(bytes[index])
            held += 8
            while held >= 6 {
                held -= 6
                output.append(letters[Int(bits >> UInt32(held) & 63)])
            }
        }
        if held > 0 { output.append(letters[Int(bits << UInt32(6 - held) & 63)]) }
        if dialect == .json { while output.count % 4 != 0 { output.append(UInt8(ascii: "=")) } }
        return output
    }

    /// Nil for a character that the dialect does not have, for wrong padding, and for a length that no encoder produces.
    public static func decode(_ text: Span<UInt8>, _ dialect: Dialect) -> [UInt8]? {
        var count = text.count
        while count > 0, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        let padding = text.count - count
        guard count % 4 != 1, padding == 0 || (padding < 3 && text.count % 4 == 0 && dialect != .url) else {
            return nil
        }
        var output: [UInt8] = []
        output.reserveCapacity(count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for index in 0..<count {
            guard let sextet = sextet(text[index], dialect) else { return nil }
            bits = bits << 6 | UInt32(sextet)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            output.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
        // Bits behind the last byte are zero unless somebody made a second text of the same bytes.
        if dialect == .url, bits & (1 << UInt32(held) - 1) != 0 { return nil }
        return output
    }

    @inline(__always)
    private static func sextet(_ character: UInt8, _ dialect: Dialect) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+") where dialect != .url: 62
        case UInt8(ascii: "/") where dialect != .url: 63
        case UInt8(ascii: "-") where dialect != .metadata: 62
        case UInt8(ascii: "_") where dialect != .metadata: 63
        default: nil
        }
    }
}

extension Base64 {
    /// ``encode(_:_:)`` as a string.
    public static func text(_ bytes: [UInt8], _ dialect: Dialect) -> String {
        String(decoding: encode(bytes.span, dialect), as: UTF8.self)
    }

    /// ``decode(_:_:)`` of a string.
    public static func bytes(_ text: String, _ dialect: Dialect) -> [UInt8]? { decode(text.utf8.span, dialect) }
}
