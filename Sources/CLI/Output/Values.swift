import API
import JSON
import Platform
import Wire

/// An enum's case as a word for people and programs: `regionDisabled` → `region_disabled`, unspecified → empty.
func word(_ value: some RawRepresentable<Int32>) -> String {
    guard value.rawValue != 0 else { return "" }
    var text = ""
    for character in "\(value)" {
        if character.isUppercase { text += "_" + character.lowercased() } else { text.append(character) }
    }
    return text
}

/// A word as a cell: absent where it is empty.
func cell(_ value: some RawRepresentable<Int32>) -> JSONValue {
    let text = word(value)
    return text.isEmpty ? .null : .string(text)
}

/// A text as a cell.
func cell(_ text: String) -> JSONValue { .string(text) }

/// A number as a cell.
func cell(_ number: some BinaryInteger) -> JSONValue { .number(JSONNumber(number)) }

/// A time as RFC 3339 text, or null.
func cell(_ time: Timestamp?) -> JSONValue {
    guard let time else { return .null }
    return .string(WallTime(seconds: time.seconds, nanoseconds: Int64(time.nanos)).rfc3339())
}

/// `1 asset`, `2 assets`.
func counted(_ number: some BinaryInteger, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

extension RegionSelection {
    /// The selection as it is typed: `all`, or names with commas.
    var text: String { all ? "all" : names.joined(separator: ",") }

    /// The selection that a person typed.
    init(text: String) {
        self.init()
        all = text == "all"
        names = all ? [] : text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
    }
}

extension SyncSchedule {
    /// The schedule as it is typed: `off`, or hours such as `24h`.
    var text: String { off ? "off" : "\(everyHours == 0 ? 24 : everyHours)h" }

    /// The schedule that a person typed.
    init(text: String) throws(CLIError) {
        self.init()
        if text == "off" {
            off = true
        } else if text.hasSuffix("h"), let hours = Int32(text.dropLast()), (1...168).contains(hours) {
            everyHours = hours
        } else {
            throw .usage("--schedule: `off`, or hours from 1h to 168h; got `\(text)`")
        }
    }
}
