import JSON

/// JSON documents that stand as text inside a string.
enum EmbeddedJSON {
    /// The object or array that a text holds, plain, percent-encoded, or as a form's value with `+` for blanks.
    static func document(_ text: [UInt8]) -> JSONValue? {
        guard let first = text.first(where: { $0 > 0x20 }), "{[%+".utf8.contains(first) else { return nil }
        if let value = parsed(text) { return value }
        guard text.contains(UInt8(ascii: "%")) else { return nil }
        let decoded = PercentText.decoded(text)
        return parsed(decoded) ?? parsed(PercentText.decoded(text.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }))
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        switch value {
        case .object, .array: return value
        default: return nil
        }
    }
}
