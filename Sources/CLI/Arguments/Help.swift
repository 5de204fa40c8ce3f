/// The text of `--help`, made of the commands themselves.
enum Help {
    /// Help on one command.
    static func text(for command: Command) -> String {
        var lines = ["\(command.summary)", "", "usage: parapet \(usage(command))"]
        if !command.details.isEmpty { lines += ["", command.details] }
        let words = command.positionals.map { ($0.required ? $0.name : "[\($0.name)]", $0.help) }
        let options = (command.options + GlobalOptions.all).map { option in
            let choices =
                option.choices.isEmpty || option.name == "--output"
                ? "" : " (\(option.choices.joined(separator: ", ")))"
            return (option.value.map { "\(option.name) \($0)" } ?? option.name, option.help + choices)
        }
        if !words.isEmpty { lines += ["", "arguments:"] + aligned(words) }
        lines += ["", "options:"] + aligned(options)
        lines += ["", "examples:"] + command.examples.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The commands that begin with a prefix, a line each.
    static func overview(_ commands: [Command], prefix: [String]) -> String {
        let chosen = commands.filter { $0.path.starts(with: prefix) }
        var lines: [String] = []
        if prefix.isEmpty {
            lines += [
                "Parapet connects AWS accounts through a read-only role, reads their configuration,",
                "evaluates security controls and raises alerts.", "",
                "usage: parapet COMMAND [ARGUMENTS] [OPTIONS]", "",
            ]
        }
        lines.append("commands:")
        lines += aligned(
            chosen.map {
                (
                    ([$0.name] + $0.positionals.map { $0.required ? $0.name : "[\($0.name)]" }).joined(separator: " "),
                    $0.summary
                )
            })
        lines += [
            "", "`parapet COMMAND --help` explains one, with examples.",
            "exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused by state, 5 unauthenticated or forbidden, 6 unavailable",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func usage(_ command: Command) -> String {
        let words = command.positionals.map { $0.required ? $0.name : "[\($0.name)]" }
        let options = command.options.map { option in
            let text = option.value.map { "\(option.name) \($0)" } ?? option.name
            return option.required ? text : "[\(text)]"
        }
        return (command.path + words + options).joined(separator: " ")
    }

    private static func aligned(_ rows: [(String, String)]) -> [String] {
        let width = min(rows.map { $0.0.count }.max() ?? 0, 34)
        return rows.map { row in
            guard row.0.count <= width else { return "  \(row.0)\n  \(String(repeating: " ", count: width))  \(row.1)" }
            return "  \(row.0)\(String(repeating: " ", count: width - row.0.count))  \(row.1)"
        }
    }
}
