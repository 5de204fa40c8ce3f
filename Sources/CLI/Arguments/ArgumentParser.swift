/// Tells the words of a command line apart. Performs no I/O.
struct ArgumentParser {
    let commands: [Command]
    /// Other words for a command's.
    private static let synonyms = [["asset", "history"]: ["asset", "versions"]]

    /// What a command line asks for.
    enum Request {
        case run(Command, positionals: [String: String], values: [String: String], switches: Set<String>)
        case help(Command)
        /// Help on a group (`parapet account`), or on everything for an empty prefix.
        case overview(prefix: [String])
    }

    /// - Parameter words: The command line without the program's name.
    func parse(_ words: [String]) throws(CLIError) -> Request {
        let words = (Self.synonyms[Array(words.prefix(2))] ?? Array(words.prefix(2))) + words.dropFirst(2)
        let leading = Array(words.prefix { !$0.hasPrefix("-") })
        guard let command = longestMatch(leading) else {
            return try overview(leading, asked: words)
        }
        var reader = WordReader(command: command, words: Array(words.dropFirst(command.path.count)))
        try reader.readAll()
        if reader.switches.contains("--help") { return .help(command) }
        try reader.checkComplete()
        return .run(command, positionals: reader.positionals, values: reader.values, switches: reader.switches)
    }

    private func longestMatch(_ words: [String]) -> Command? {
        commands.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
    }

    private func overview(_ leading: [String], asked words: [String]) throws(CLIError) -> Request {
        let prefix = leading.first == "help" ? Array(leading.dropFirst()) : leading
        if let command = longestMatch(prefix), command.path == prefix { return .help(command) }
        let known = prefix.isEmpty || commands.contains { $0.path.starts(with: prefix) }
        guard known else {
            throw .usage("unknown command `\(prefix.joined(separator: " "))`\(suggestion(for: prefix))")
        }
        let other = words.first { $0.hasPrefix("-") && $0 != "--help" && $0 != "-h" }
        if let other { throw .usage("unknown option `\(other)`") }
        return .overview(prefix: prefix)
    }

    private func suggestion(for words: [String]) -> String {
        let text = words.joined(separator: " ")
        let best = commands.map { (name: $0.name, distance: editDistance($0.name, text)) }.min {
            $0.distance < $1.distance
        }
        guard let best, best.distance <= 3 else { return "" }
        return "; did you mean `\(best.name)`?"
    }
}

/// Reads the words after a command's path.
private struct WordReader {
    let command: Command
    let words: [String]
    var positionals: [String: String] = [:]
    var values: [String: String] = [:]
    var switches: Set<String> = []
    private var position = 0

    init(command: Command, words: [String]) {
        self.command = command
        self.words = words
    }

    mutating func readAll() throws(CLIError) {
        var onlyPositionals = false
        while position < words.count {
            let word = words[position]
            position += 1
            if word == "--", !onlyPositionals {
                onlyPositionals = true
            } else if word.hasPrefix("-"), word != "-", !onlyPositionals {
                try readOption(word)
            } else {
                try readPositional(word)
            }
        }
    }

    func checkComplete() throws(CLIError) {
        for positional in command.positionals where positional.required && positionals[positional.name] == nil {
            throw .usage("\(positional.name) is missing: \(positional.help)", command: command)
        }
        for option in command.options where option.required && values[option.name] == nil {
            throw .usage("\(option.name) is missing: \(option.help)", command: command)
        }
    }

    private mutating func readPositional(_ word: String) throws(CLIError) {
        guard let next = command.positionals.first(where: { positionals[$0.name] == nil }) else {
            throw .usage("unexpected `\(word)`", command: command)
        }
        positionals[next.name] = word
    }

    private mutating func readOption(_ word: String) throws(CLIError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = ["-o": "--output", "-h": "--help"][parts[0]] ?? parts[0]
        guard let option = (command.options + GlobalOptions.all).first(where: { $0.name == name }) else {
            throw .usage("unknown option `\(parts[0])`", command: command)
        }
        guard option.value != nil else {
            guard parts.count == 1 else { throw .usage("\(name) takes no value", command: command) }
            switches.insert(name)
            return
        }
        let value = try parts.count == 2 ? parts[1] : nextWord(for: name)
        guard option.choices.isEmpty || option.choices.contains(value) else {
            throw .usage("\(name): one of \(option.choices.joined(separator: ", ")); got `\(value)`", command: command)
        }
        guard values.updateValue(value, forKey: name) == nil else {
            throw .usage("\(name) is given twice", command: command)
        }
    }

    private mutating func nextWord(for name: String) throws(CLIError) -> String {
        guard position < words.count else { throw .usage("\(name) needs a value", command: command) }
        defer { position += 1 }
        return words[position]
    }
}

/// The number of letters to insert, delete or replace between two short words.
private func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8), b = Array(b.utf8)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
