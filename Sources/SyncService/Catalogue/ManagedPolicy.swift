import JSON

/// An AWS managed policy as a list of the actions that it allows, from `managed-policies/NAME.json`.
struct ManagedPolicy: Sendable {
    var name: String
    /// AWS's version of it, `v94`.
    var version: String
    /// `service:Action`, with `*` and `?`.
    var patterns: [String]

    func arn(partition: String) -> String { "arn:\(partition):iam::aws:policy/\(name)" }

    /// Whether it allows an action; IAM compares without case.
    func allows(_ action: String) -> Bool { patterns.contains { Self.matches(action, pattern: $0) } }

    static func load(share directory: String, name: String = "SecurityAudit") throws(CatalogueError) -> ManagedPolicy {
        let file = "managed-policies/\(name).json"
        let value = try ShareFile.json("\(directory)/\(file)", name: file)
        let actions = (value["actions"]?.array ?? []).compactMap(\.string)
        guard let version = value["version"]?.string, !actions.isEmpty else {
            throw CatalogueError(file: file, field: "", rule: "version and actions are required")
        }
        return ManagedPolicy(name: name, version: version, patterns: actions)
    }

    /// `*` stands for any text, `?` for one character.
    static func matches(_ action: String, pattern: String) -> Bool {
        let text = Array(action.lowercased().utf8)
        let wild = Array(pattern.lowercased().utf8)
        var (at, from) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if from < wild.count, wild[from] == UInt8(ascii: "*") {
                star = (from, at)
                from += 1
            } else if from < wild.count, wild[from] == text[at] || wild[from] == UInt8(ascii: "?") {
                at += 1
                from += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (at, from) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return wild[from...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
