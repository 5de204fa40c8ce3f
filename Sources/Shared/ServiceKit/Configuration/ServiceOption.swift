/// One setting of a program: the flag `--name`, and the variable `PARAPET_NAME`.
///
/// A secret is never the value of an option: a file that holds it is.
public struct ServiceOption: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `placeholder` stands for the value in the help, as `HOST:PORT`.
        case value(placeholder: String)
        /// Given or not; as a variable `1` or `true`.
        case toggle
    }

    /// As in the flag, without dashes in front: lower case, words joined by `-`.
    public var name: String
    public var kind: Kind
    /// One sentence, shown by `--help`.
    public var help: String
    public var defaultValue: String?
    public var rule: ValueRule

    public init(
        _ name: String, _ kind: Kind, _ help: String, default defaultValue: String? = nil, rule: ValueRule = .any
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.defaultValue = defaultValue
        self.rule = rule
    }

    /// `PARAPET_` and the name in capitals, words joined by `_`.
    public var variable: String {
        "PARAPET_" + name.uppercased().map { $0 == "-" ? "_" : "\($0)" }.joined()
    }
}
