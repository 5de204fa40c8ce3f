public import JSON

/// `google.protobuf.Timestamp`: an instant, independent of time zones. In JSON, RFC 3339 text in UTC.
public struct Timestamp: Message {
    public static let protoName = "google.protobuf.Timestamp"
    /// Seconds since 1970-01-01T00:00:00Z; from -62,135,596,800 (year 1) to 253,402,300,799 (year 9999).
    public var seconds: Int64 = 0
    /// Nanoseconds after it, 0 to 999,999,999, also before 1970.
    public var nanos: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int64(1, "seconds", &seconds)
        try visitor.int32(2, "nanos", &nanos)
    }
}

extension Timestamp {
    public init(seconds: Int64, nanos: Int32 = 0) {
        self.seconds = seconds
        self.nanos = nanos
    }

    /// Of nanoseconds since 1970.
    public init(unixNanoseconds: Int64) {
        let (quotient, remainder) = unixNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        seconds = remainder < 0 ? quotient - 1 : quotient
        nanos = Int32(truncatingIfNeeded: remainder < 0 ? remainder + 1_000_000_000 : remainder)
    }

    /// Nanoseconds since 1970; where they do not fit, the nearest that does.
    public var unixNanoseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows) = product.addingReportingOverflow(Int64(nanos))
        return overflow || overflows ? (seconds < 0 ? .min : .max) : sum
    }

    static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Whether RFC 3339 can tell this instant.
    var isValid: Bool { Self.secondsRange.contains(seconds) && 0..<1_000_000_000 ~= nanos }

    /// Such as `2026-11-24T22:00:00.250Z`: 0, 3, 6 or 9 digits after the second, whichever loses nothing.
    /// An instant outside years 1 to 9999 is written as the nearest inside.
    public var rfc3339: String {
        let seconds = min(max(seconds, Self.secondsRange.lowerBound), Self.secondsRange.upperBound)
        return CivilTime(unixSeconds: seconds).text + fractionText(min(max(nanos, 0), 999_999_999)) + "Z"
    }

    /// Of RFC 3339 text, with any offset from UTC; nil for anything else.
    public init?(rfc3339 text: String) {
        guard let (seconds, nanos) = CivilTime.parse(text), Self.secondsRange.contains(seconds) else { return nil }
        self.init(seconds: seconds, nanos: nanos)
    }

    public func jsonValue() -> JSONValue { .string(rfc3339) }

    public mutating func decode(json: JSONValue, from reader: inout JSONFieldReader) throws(WireError) {
        guard let time = json.string.flatMap(Timestamp.init(rfc3339:)) else {
            throw reader.failure("expected a time such as 2026-11-24T22:00:00Z")
        }
        (seconds, nanos) = (time.seconds, time.nanos)
    }
}

/// A point and 3, 6 or 9 digits, or nothing.
func fractionText(_ nanos: Int32) -> String {
    if nanos == 0 { return "" }
    let digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9
    let text = String(nanos)
    return "." + String((String(repeating: "0", count: 9 - text.count) + text).prefix(digits))
}
