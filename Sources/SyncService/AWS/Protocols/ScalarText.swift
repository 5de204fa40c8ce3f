import JSON
import Platform

/// Turns a scalar's text into canonical JSON, by its shape.
enum ScalarText {
    enum Result: Equatable {
        case json(String)
        /// A string, to be quoted as it is.
        case text
        /// Nothing where a number, boolean or time belongs: AWS left it out.
        case absent
        case invalid
    }

    static func convert(_ text: String, _ kind: Shape.Kind, _ format: TimestampFormat) -> Result {
        switch kind {
        case .string: return .text
        case .blob: return text.utf8.contains { $0 <= 0x20 } ? .json(quoted(text.filter { $0 > " " })) : .text
        default: break
        }
        let trimmed = trim(text)
        if trimmed.isEmpty { return .absent }
        switch kind {
        case .integer, .long:
            guard let number = Int64(trimmed) ?? Double(trimmed).flatMap(Int64.init(exactly:)) else { return .invalid }
            return .json(String(number))
        case .float, .double:
            if ["NaN", "Infinity", "-Infinity"].contains(trimmed) { return .json(quoted(trimmed)) }
            guard let number = Double(trimmed).flatMap(JSONNumber.init(_:)) else { return .invalid }
            return .json(number.canonicalText)
        case .boolean:
            switch trimmed {
            case "true", "True", "TRUE", "1": return .json("true")
            case "false", "False", "FALSE", "0": return .json("false")
            default: return .invalid
            }
        case .timestamp:
            guard let time = time(trimmed, format) else { return .invalid }
            return .json("\"\(plain(trimmed) ?? time.rfc3339())\"")
        default: return .invalid
        }
    }

    /// An instant in any of the three forms: services do not all keep to the one that their model names.
    static func time(_ text: String, _ format: TimestampFormat) -> WallTime? {
        if text.utf8.count >= 20, let time = WallTime(rfc3339: text) { return time }
        if let seconds = Double(text) { return time(seconds: seconds) }
        // ISO 8601 without an offset means UTC here.
        if let time = WallTime(rfc3339: text + "Z") { return time }
        return httpDate(text)
    }

    /// Of a time that was found valid: its own text, where that is canonical but for a fraction of zeros. Saves writing it.
    private static func plain(_ text: String) -> String? {
        guard text.utf8.count == 20 || text.utf8.count == 24 && text.hasSuffix(".000Z"), text.hasSuffix("Z") else {
            return nil
        }
        let start = text.prefix(19)
        // A leap second is written as the second before, and the date's other separators as these.
        return start.hasSuffix("60") || !start.contains("T") ? nil : start + "Z"
    }

    /// Seconds since 1970, kept to the millisecond: AWS's fractions have no more.
    static func time(seconds: Double) -> WallTime? {
        let milliseconds = (seconds * 1000).rounded()
        guard milliseconds.isFinite, abs(milliseconds) < 9e15 else { return nil }
        return WallTime(unixMilliseconds: Int64(milliseconds))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Tue, 24 Nov 2026 22:00:00 GMT`.
    static func httpDate(_ text: String) -> WallTime? {
        let words = text.split { $0 == " " || $0 == "," }
        guard words.count >= 5, let day = Int64(words[1]), let year = Int64(words[3]),
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3,
            let date = CivilDate(
                year: year, month: Int64(month) + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])
        else { return nil }
        return WallTime(date)
    }

    static func quoted(_ text: String) -> String { JSONValue.string(text).text() }

    static func trim(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
