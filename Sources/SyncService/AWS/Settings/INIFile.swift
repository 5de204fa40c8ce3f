/// The dialect of AWS's shared files, as botocore reads it: Python's `RawConfigParser`, with one level of nesting.
///
/// Sections and options keep their order. An option's name is in lower case. A line that is indented more than its
/// option continues the option's value; a value that begins on the line after its name is a nested table.
struct INIFile: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case text(String)
        case table([Option])
    }

    struct Option: Sendable, Equatable {
        var name: String
        var value: Value
    }

    struct Section: Sendable, Equatable {
        var name: String
        var options: [Option]

        func text(_ name: String) -> String? {
            guard case .text(let text)? = options.first(where: { $0.name == name })?.value else { return nil }
            return text
        }
    }

    /// Why a file cannot be read. Names a line, never its content, which may be a secret.
    struct Mistake: Error, Sendable, Equatable {
        /// One-based.
        var line: Int
        var rule: String
    }

    var sections: [Section]

    init(parsing text: String) throws(Mistake) {
        var parser = INIParser()
        var number = 0
        for line in INIText.lines(text) {
            number += 1
            try parser.read(line, number: number)
        }
        sections = try parser.finish()
    }

    func section(_ name: String) -> Section? { sections.first { $0.name == name } }
}

/// Takes a file line by line.
private struct INIParser {
    private struct Pending {
        var name: String
        /// The value's lines; empty ones count once another follows.
        var lines: [Substring.UnicodeScalarView]
        var line: Int
    }

    /// Options of it are every section's, unless it has its own.
    private static let defaults = "DEFAULT"

    private var sections: [(name: String, options: [Pending])] = []
    private var current: Int?
    private var isInOption = false
    private var indent = 0

    mutating func read(_ line: Substring.UnicodeScalarView, number: Int) throws(INIFile.Mistake) {
        let trimmed = INIText.trim(line)
        guard let first = trimmed.first, first != "#", first != ";" else {
            if trimmed.isEmpty, isInOption { extend(trimmed) }
            return
        }
        let own = line.prefix(while: INIText.isBlank).count
        if isInOption, own > indent { return extend(trimmed) }
        indent = own
        if let name = INIText.header(trimmed) { return try open(name, number) }
        guard current != nil else { throw INIFile.Mistake(line: number, rule: "a [section] comes first") }
        try option(trimmed, number)
    }

    private mutating func extend(_ line: Substring.UnicodeScalarView) {
        guard let current, let last = sections[current].options.indices.last else { return }
        sections[current].options[last].lines.append(line)
    }

    private mutating func open(_ name: String, _ number: Int) throws(INIFile.Mistake) {
        isInOption = false
        if let known = sections.firstIndex(where: { $0.name == name }) {
            guard name == Self.defaults else {
                throw INIFile.Mistake(line: number, rule: "a section comes a second time")
            }
            current = known
        } else {
            current = sections.count
            sections.append((name, []))
        }
    }

    private mutating func option(_ line: Substring.UnicodeScalarView, _ number: Int) throws(INIFile.Mistake) {
        guard let current, let delimiter = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            throw INIFile.Mistake(line: number, rule: "neither a [section] nor NAME = VALUE")
        }
        let name = String(INIText.trim(line[..<delimiter])).lowercased()
        guard !name.isEmpty else { throw INIFile.Mistake(line: number, rule: "a value without a name") }
        guard !sections[current].options.contains(where: { $0.name == name }) else {
            throw INIFile.Mistake(line: number, rule: "a name comes a second time in its section")
        }
        let value = INIText.trim(line[line.index(after: delimiter)...])
        sections[current].options.append(Pending(name: name, lines: [value], line: number))
        isInOption = true
    }

    func finish() throws(INIFile.Mistake) -> [INIFile.Section] {
        let shared = sections.first { $0.name == Self.defaults }?.options ?? []
        var found: [INIFile.Section] = []
        for section in sections where section.name != Self.defaults {
            let inherited = shared.filter { option in !section.options.contains { $0.name == option.name } }
            var options: [INIFile.Option] = []
            for option in section.options + inherited {
                options.append(INIFile.Option(name: option.name, value: try value(option)))
            }
            found.append(INIFile.Section(name: section.name, options: options))
        }
        return found
    }

    private func value(_ option: Pending) throws(INIFile.Mistake) -> INIFile.Value {
        var lines = option.lines
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        guard let first = lines.first else { return .text("") }
        guard first.isEmpty else { return .text(lines.map { String($0) }.joined(separator: "\n")) }
        var table: [INIFile.Option] = []
        for line in lines.flatMap({ INIText.nestedLines($0) }) {
            guard let equals = line.firstIndex(of: "=") else {
                throw INIFile.Mistake(line: option.line, rule: "an indented line below it is no NAME = VALUE")
            }
            let name = String(INIText.trim(line[..<equals]))
            table.removeAll { $0.name == name }
            table.append(
                INIFile.Option(name: name, value: .text(String(INIText.trim(line[line.index(after: equals)...])))))
        }
        return .table(table)
    }
}

/// Python's notions of lines and blanks.
private enum INIText {
    typealias Line = Substring.UnicodeScalarView

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    static func trim(_ line: Line) -> Line {
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    /// Ends at `\n`, `\r\n` and `\r`.
    static func lines(_ text: String) -> [Line] {
        split(text[...].unicodeScalars) { $0 == "\n" || $0 == "\r" }
    }

    /// A value's line may hold what Python's `splitlines` breaks at as well; without empty ones.
    static func nestedLines(_ line: Line) -> [Line] {
        split(line) {
            (0x0A...0x0D).contains($0.value) || (0x1C...0x1E).contains($0.value) || $0.value == 0x85
                || $0.value == 0x2028 || $0.value == 0x2029
        }.map { trim($0) }.filter { !$0.isEmpty }
    }

    private static func split(_ text: Line, _ isEnd: (Unicode.Scalar) -> Bool) -> [Line] {
        var lines: [Line] = []
        var rest = text
        while let end = rest.firstIndex(where: isEnd) {
            lines.append(rest[..<end])
            var next = rest.index(after: end)
            if rest[end] == "\r", next < rest.endIndex, rest[next] == "\n" { next = rest.index(after: next) }
            rest = rest[next...]
        }
        if !rest.isEmpty { lines.append(rest) }
        return lines
    }

    /// What stands between `[` and the last `]`.
    static func header(_ line: Line) -> String? {
        guard line.first == "[", let end = line.lastIndex(of: "]") else { return nil }
        let name = line[line.index(after: line.startIndex)..<end]
        return name.isEmpty ? nil : String(name)
    }
}
