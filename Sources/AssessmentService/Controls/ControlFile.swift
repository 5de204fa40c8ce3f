/// Reads a control's file: a header of comment lines `-- field: value`, then one SELECT.
///
/// A value goes on in lines that begin with `--` and three spaces or more. Fields: `id`, `title`, `severity`,
/// `resource_type`, `frameworks` (framework:requirement, separated by commas), `rationale`, `remediation`; all but
/// `frameworks` must be there. The id is the file's name without `.sql`.
struct ControlFile {
    private struct Field {
        var line: Int
        var value: String
    }

    private let name: String
    private var fields: [String: Field] = [:]
    private var sql = ""
    private var sqlLine = 1

    /// - Parameter name: The file's name, such as `s3_bucket_requires_tls.sql`.
    static func definition(name: String, text: String) throws(ControlFileError) -> ControlDefinition {
        var file = ControlFile(name: name)
        try file.read(text)
        return try file.checked()
    }

    private init(name: String) { self.name = name }

    private mutating func read(_ text: String) throws(ControlFileError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var current: String?
        for (index, rawLine) in lines.enumerated() {
            let line = rawLine.hasSuffix("\r") ? rawLine.dropLast() : rawLine
            guard line.hasPrefix("--") else {
                if Self.trimmed(line).isEmpty {
                    current = nil
                    continue
                }
                sqlLine = index + 1
                sql = Self.trimmed(Substring(lines[index...].joined(separator: "\n")))
                return
            }
            let content = line.dropFirst(2)
            if let field = current, content.hasPrefix("   ") {
                fields[field]?.value += " " + Self.trimmed(content)
            } else if !Self.trimmed(content).isEmpty {
                current = try begin(Self.trimmed(content), index + 1)
            }
        }
    }

    private mutating func begin(_ content: String, _ line: Int) throws(ControlFileError) -> String {
        guard let colon = content.firstIndex(of: ":") else {
            throw fault(line, "header", "a line must be `-- field: value`, or go on with three spaces after the dashes")
        }
        let field = Self.trimmed(content[..<colon])
        guard Self.known.contains(field) else {
            throw fault(
                line, String(field.prefix(40)), "no such field; there are \(Self.known.joined(separator: ", "))")
        }
        guard fields[field] == nil else { throw fault(line, field, "given twice") }
        fields[field] = Field(line: line, value: Self.trimmed(content[content.index(after: colon)...]))
        return field
    }

    private func checked() throws(ControlFileError) -> ControlDefinition {
        let id = try text("id", limit: 120)
        guard Self.isWord(id) else { throw fault("id", "lower-case letters, digits and _, beginning with a letter") }
        guard name == id + ".sql" else { throw fault("id", "must be the file's name without .sql") }
        var control = ControlDefinition(id: id)
        control.title = try text("title", limit: 200)
        guard let severity = ControlSeverity(name: try text("severity", limit: 20)) else {
            throw fault("severity", "low, medium, high or critical")
        }
        control.severity = severity
        control.resourceType = try text("resource_type", limit: 120)
        guard Self.isWord(control.resourceType) else { throw fault("resource_type", "a resource type's name") }
        control.frameworks = try frameworks()
        control.rationale = try text("rationale", limit: 4_000)
        control.remediation = try text("remediation", limit: 4_000)
        guard !sql.isEmpty else { throw fault(sqlLine, "sql", "missing after the header") }
        control.sql = sql
        return control
    }

    private func text(_ field: String, limit: Int) throws(ControlFileError) -> String {
        guard let found = fields[field], !found.value.isEmpty else { throw fault(1, field, "missing") }
        guard found.value.utf8.count <= limit else { throw fault(field, "longer than \(limit) bytes") }
        return found.value
    }

    private func frameworks() throws(ControlFileError) -> [String] {
        guard let found = fields["frameworks"] else { return [] }
        let entries = found.value.split(separator: ",").map { Self.trimmed($0) }.filter { !$0.isEmpty }
        for entry in entries {
            let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !entry.contains(" ") else {
                throw fault("frameworks", "framework:requirement, separated by commas; not \(entry.prefix(60))")
            }
        }
        return entries
    }

    private func fault(_ field: String, _ rule: String) -> ControlFileError {
        fault(fields[field]?.line ?? 1, field, rule)
    }

    private func fault(_ line: Int, _ field: String, _ rule: String) -> ControlFileError {
        ControlFileError(file: name, line: line, field: field, rule: rule)
    }

    private static let known = [
        "id", "title", "severity", "resource_type", "frameworks", "rationale", "remediation",
    ]

    private static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first else { return false }
        return text.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "_")
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var view = Substring(text)
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
