/// A time of the Gregorian calendar in UTC, to the second.
struct CivilTime {
    var year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64

    /// The method is Howard Hinnant's: years that begin in March, in eras of 400.
    init(unixSeconds: Int64) {
        let days = unixSeconds >= 0 ? unixSeconds / 86400 : (unixSeconds - 86399) / 86400
        let rest = unixSeconds - days * 86400
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private init(_ fields: [Int64]) {
        (year, month, day, hour, minute, second) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
    }

    var unixSeconds: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86400 + hour * 3600 + minute * 60 + second
    }

    /// `2026-11-24T22:00:00`.
    var text: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Seconds since 1970 and nanoseconds of RFC 3339 text. Capital `T` and `Z` only, as protobuf's mapping has it.
    static func parse(_ text: String) -> (seconds: Int64, nanos: Int32)? {
        var rest = Array(text.utf8)[...]
        var fields: [Int64] = []
        for (index, width) in [4, 2, 2, 2, 2, 2].enumerated() {
            if index > 0 { guard rest.popFirst() == "--T::".utf8.dropFirst(index - 1).first else { return nil } }
            guard let value = digits(&rest, width) else { return nil }
            fields.append(value)
        }
        let civil = CivilTime(fields)
        // A date that does not exist comes back as another one.
        guard civil.hour < 24, civil.minute < 60, civil.second < 60, civil.month >= 1, civil.month <= 12,
            CivilTime(unixSeconds: civil.unixSeconds).text == civil.text,
            let nanos = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        return (civil.unixSeconds - offset, nanos)
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>, _ width: Int) -> Int64? {
        let part = rest.prefix(width)
        guard part.count == width, part.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        rest = rest.dropFirst(width)
        return part.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int32? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        rest = rest.dropFirst()
        let part = rest.prefix { 0x30...0x39 ~= $0 }
        guard 1...9 ~= part.count else { return nil }
        rest = rest.dropFirst(part.count)
        let zeros = repeatElement(UInt8(0x30), count: 9 - part.count)
        return (part + zeros).reduce(0) { $0 * 10 + Int32($1 - 0x30) }
    }

    /// Seconds east of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        switch rest.popFirst() {
        case UInt8(ascii: "Z"): return 0
        case let sign? where sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"):
            guard let hours = digits(&rest, 2), rest.popFirst() == UInt8(ascii: ":"),
                let minutes = digits(&rest, 2), hours < 24, minutes < 60
            else { return nil }
            return (hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 60 : -60)
        default: return nil
        }
    }
}
