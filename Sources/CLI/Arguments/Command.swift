import JSON

/// One word or group of words that `parapet` understands, with all that its help says.
///
/// Help, parsing and execution read the same value, so that nothing is printed in help that does not work.
struct Command: Sendable {
    /// The words that name it, such as `["account", "create"]`.
    let path: [String]
    /// What it does, in a line.
    let summary: String
    /// What a reader should know beyond the line; may be empty.
    var details = ""
    /// Words after the path, in order.
    var positionals: [Positional] = []
    /// Its own options, beside the global ones.
    var options: [Option] = []
    /// Complete command lines.
    let examples: [String]
    /// Does the work.
    let run: @Sendable (Invocation) async throws -> ExitCode

    var name: String { path.joined(separator: " ") }
}

/// A word that a command takes by its place.
struct Positional: Sendable {
    let name: String
    let help: String
    var required = true
}

/// A word that begins with two dashes.
struct Option: Sendable {
    /// With its dashes: `--role-arn`.
    let name: String
    /// What stands for its value in help; `nil` for a switch.
    var value: String?
    let help: String
    /// Whether the command cannot do without it.
    var required = false
    /// The only values that it takes; empty: any.
    var choices: [String] = []
}

/// What a person asked for: a command with its words told apart.
struct Invocation: Sendable {
    let command: Command
    let positionals: [String: String]
    let values: [String: String]
    let switches: Set<String>
    let context: Context

    /// The value of an option, if it was given.
    func value(_ name: String) -> String? { values[name] }

    /// Whether a switch was given.
    func has(_ name: String) -> Bool { switches.contains(name) }

    /// A positional that the command requires.
    func positional(_ name: String) throws(CLIError) -> String {
        guard let value = positionals[name] else { throw .usage("\(name) is missing", command: command) }
        return value
    }

    /// A positional that may be left out.
    func optional(_ name: String) -> String? { positionals[name] }

    /// An option whose value is a whole number in a range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CLIError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "\(name): a whole number from \(range.lowerBound) to \(range.upperBound); got `\(text)`",
                command: command)
        }
        return number
    }
}

/// The options that every command has.
enum GlobalOptions {
    static let all = [
        Option(
            name: "--output", value: "FORMAT", help: "table (default), json, jsonl or csv; also -o",
            choices: OutputFormat.allCases.map(\.rawValue)),
        Option(
            name: "--profile", value: "FILE",
            help: "addresses and credentials; default $PARAPET_PROFILE or the one that `parapet up` wrote"),
        Option(name: "--help", help: "what the command does; also -h"),
    ]
}
