/// Why a program does not start with the settings that it was given.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Not an error: `--help` was asked for, this is the answer.
    case helpRequested(String)
    /// A wrong flag or value; the text names it and the rule.
    case usage(String)
    /// The settings are well-formed, but what they point at is not as it has to be.
    case unusable(String)

    public var description: String {
        switch self {
        case .helpRequested(let text), .usage(let text), .unusable(let text): text
        }
    }

    /// What the process exits with.
    public var exitCode: Int32 {
        switch self {
        case .helpRequested: 0
        case .usage: 2
        case .unusable: 1
        }
    }
}
