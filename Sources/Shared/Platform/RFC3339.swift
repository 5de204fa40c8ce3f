extension WallTime {
    /// The instant in UTC: `2026-11-24T22:00:00Z`, or with a fraction of three, six or nine digits if there is one.
    public func rfc3339() -> String {
        let date = civil
        var text = pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2)
        text += "T" + pad(date.hour, 2) + ":" + pad(date.minute, 2) + ":" + pad(date.second, 2)
        let fraction = nanosecondOfSecond
        if fraction != 0 {
            let digits = fraction % 1_000_000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9
            text += "." + pad(fraction, 9).prefix(digits)
        }
        return text + "Z"
    }

    /// Reads RFC 3339: any offset, any number of fraction digits (those after the ninth are dropped), second 60 as 59.
    /// Nil for anything else, and for instants that nanoseconds cannot hold.
    public init?(rfc3339 text: String) {
        var digits = Digits(Array(text.utf8))
        guard let year = digits.number(4), digits.take("-"), let month = digits.number(2), digits.take("-"),
            let day = digits.number(2), digits.take("Tt "), let hour = digits.number(2), digits.take(":"),
            let minute = digits.number(2), digits.take(":"), let second = digits.number(2), second <= 60,
            let date = CivilDate(
                year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59)),
            let fraction = digits.fraction(), let offset = digits.offsetSeconds(), digits.isAtEnd
        else { return nil }
        let seconds = date.unixSeconds - offset
        guard seconds > Int64.min / 1_000_000_000, seconds < Int64.max / 1_000_000_000 else { return nil }
        self.init(seconds: seconds, nanoseconds: fraction)
    }
}

private func pad(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}

/// Walks over the bytes of a date.
private struct Digits {
    let bytes: [UInt8]
    var offset = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    var isAtEnd: Bool { offset == bytes.count }

    mutating func number(_ width: Int) -> Int64? {
        guard offset + width <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[offset..<offset + width] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        offset += width
        return value
    }

    /// Whether the next byte is one of `choices`; it is consumed then.
    mutating func take(_ choices: String) -> Bool {
        guard offset < bytes.count, choices.utf8.contains(bytes[offset]) else { return false }
        offset += 1
        return true
    }

    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (value, count): (Int64, Int) = (0, 0)
        while let digit = number(1) {
            if count < 9 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    mutating func offsetSeconds() -> Int64? {
        if take("Zz") { return 0 }
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
