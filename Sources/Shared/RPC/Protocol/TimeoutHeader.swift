/// `grpc-timeout`: one to eight digits and a unit (PROTOCOL-HTTP2, Requests: Timeout).
enum TimeoutHeader {
    /// Nil for anything that PROTOCOL-HTTP2 does not allow.
    static func parse(_ text: some Collection<UInt8>) -> Duration? {
        var value: Int64 = 0
        var digits = 0
        var rest = text.makeIterator()
        var next = rest.next()
        while let character = next, character >= UInt8(ascii: "0"), character <= UInt8(ascii: "9") {
            value = value * 10 + Int64(character - UInt8(ascii: "0"))
            digits += 1
            guard digits <= 8 else { return nil }
            next = rest.next()
        }
        guard digits > 0, let unit = next, rest.next() == nil else { return nil }
        switch unit {
        case UInt8(ascii: "H"): return .seconds(value * 3600)
        case UInt8(ascii: "M"): return .seconds(value * 60)
        case UInt8(ascii: "S"): return .seconds(value)
        case UInt8(ascii: "m"): return .milliseconds(value)
        case UInt8(ascii: "u"): return .microseconds(value)
        case UInt8(ascii: "n"): return .nanoseconds(value)
        default: return nil
        }
    }

    /// The finest unit in which `timeout` fits, rounded up; nothing negative, at most 99999999 hours.
    static func format(_ timeout: Duration) -> String {
        guard timeout > .zero else { return "0n" }
        let (seconds, attoseconds) = timeout.components
        let nanoseconds = (attoseconds + 999_999_999) / 1_000_000_000
        for (unit, perSecond) in [("n", 1_000_000_000), ("u", 1_000_000), ("m", 1000)] as [(String, Int64)] {
            guard seconds < 100_000_000 / perSecond + 1 else { continue }
            let step = 1_000_000_000 / perSecond
            let value = seconds * perSecond + (nanoseconds + step - 1) / step
            if value < 100_000_000 { return "\(value)\(unit)" }
        }
        let whole = nanoseconds > 0 ? seconds.addingReportingOverflow(1).partialValue : seconds
        if whole < 100_000_000 { return "\(whole)S" }
        if whole / 60 < 99_999_999 { return "\(whole / 60 + (whole % 60 > 0 ? 1 : 0))M" }
        return "\(min(whole / 3600 + (whole % 3600 > 0 ? 1 : 0), 99_999_999))H"
    }
}
