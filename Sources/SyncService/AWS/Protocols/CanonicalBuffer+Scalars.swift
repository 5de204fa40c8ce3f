extension CanonicalBuffer {
    enum Written { case yes, absent, invalid }

    /// Writes a scalar by its shape, from its text on the wire. What AWS sends nearly always is written as it stands;
    /// the rest is ``ScalarText``'s.
    mutating func scalar(
        _ text: UnsafeBufferPointer<UInt8>, _ kind: Shape.Kind, _ format: TimestampFormat
    ) -> Written {
        switch kind {
        case .string:
            string(text)
            return .yes
        case .boolean where PlainText.isTrue(text):
            raw("true")
            return .yes
        case .boolean where PlainText.isFalse(text):
            raw("false")
            return .yes
        case .integer where PlainText.isInteger(text), .long where PlainText.isInteger(text):
            raw(text)
            return .yes
        case .timestamp where PlainText.isTime(text):
            raw("\"")
            raw(UnsafeBufferPointer(rebasing: text[..<19]))
            raw("Z\"")
            return .yes
        default: return converted(String(decoding: text, as: UTF8.self), kind, format)
        }
    }

    mutating func converted(_ text: String, _ kind: Shape.Kind, _ format: TimestampFormat) -> Written {
        switch ScalarText.convert(text, kind, format) {
        case .json(let json): raw(json)
        case .text: string(text)
        case .absent: return .absent
        case .invalid: return .invalid
        }
        return .yes
    }
}

/// Tells texts that are canonical as they stand; false says nothing.
enum PlainText {
    static func isTrue(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == 4 && text[0] == UInt8(ascii: "t") && text[1] == UInt8(ascii: "r") && text[2] == UInt8(ascii: "u")
            && text[3] == UInt8(ascii: "e")
    }

    static func isFalse(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == 5 && text[0] == UInt8(ascii: "f") && text[1] == UInt8(ascii: "a") && text[2] == UInt8(ascii: "l")
            && text[3] == UInt8(ascii: "s") && text[4] == UInt8(ascii: "e")
    }

    /// Digits that fit 64 bits whatever they are, without a zero in front.
    static func isInteger(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = text.first == UInt8(ascii: "-") ? 1 : 0
        let digits = text.count - start
        guard digits > 0, digits <= 18 else { return false }
        if text[start] == UInt8(ascii: "0") { return text.count == 1 }
        var index = start
        while index < text.count {
            guard isDigit(text[index]) else { return false }
            index += 1
        }
        return true
    }

    /// `2026-11-24T22:00:00Z`, also with `.000`, of a day that every month has.
    static func isTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 20 || text.count == 24, text[text.count - 1] == UInt8(ascii: "Z") else { return false }
        if text.count == 24 {
            for index in 20...22 where text[index] != UInt8(ascii: "0") { return false }
            guard text[19] == UInt8(ascii: ".") else { return false }
        }
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
        else { return false }
        return (19...99).contains(pair(text, 0)) && pair(text, 2) >= 0 && (1...12).contains(pair(text, 5))
            && (1...28).contains(pair(text, 8)) && (0...23).contains(pair(text, 11))
            && (0...59).contains(pair(text, 14)) && (0...59).contains(pair(text, 17))
    }

    /// Two digits' value; -1 where they are none.
    private static func pair(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        guard isDigit(text[index]), isDigit(text[index + 1]) else { return -1 }
        return Int(text[index] - UInt8(ascii: "0")) * 10 + Int(text[index + 1] - UInt8(ascii: "0"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
