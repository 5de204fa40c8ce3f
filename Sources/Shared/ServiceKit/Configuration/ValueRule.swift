import Platform

/// What the value of an option has to be.
public enum ValueRule: Sendable, Equatable {
    case any
    /// `HOST:PORT`.
    case address
    /// A whole number; `unit` follows the range in the message, as `seconds`.
    case integer(ClosedRange<Int64>, unit: String = "")
    /// One of these words.
    case choice([String])
    /// A directory that exists.
    case directory

    /// What is wrong with a value; nil when nothing is.
    func problem(of value: String) -> String? {
        switch self {
        case .any: nil
        case .address: HostPort(value) == nil ? "HOST:PORT; got '\(value)'" : nil
        case .integer(let range, let unit):
            Int64(value).map(range.contains) == true
                ? nil
                : "\(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " " + unit); got '\(value)'"
        case .choice(let words):
            words.contains(value)
                ? nil : "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? ""); got '\(value)'"
        case .directory: Files.isDirectory(value) ? nil : "\(value) is no directory"
        }
    }
}
