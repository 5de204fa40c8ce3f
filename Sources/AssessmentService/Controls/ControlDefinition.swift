/// How bad a failure is; the raw value is the one on the wire and in the store.
enum ControlSeverity: Int, Sendable, CaseIterable {
    case low = 1
    case medium = 2
    case high = 3
    case critical = 4

    init?(name: String) {
        guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = found
    }
}

/// A control as its file states it.
struct ControlDefinition: Sendable, Equatable {
    var id: String
    var title = ""
    var severity = ControlSeverity.low
    var resourceType = ""
    /// As framework:requirement.
    var frameworks: [String] = []
    var rationale = ""
    var remediation = ""
    /// What follows the header.
    var sql = ""
    /// Why the file cannot be used; nil when it can. The other fields may then be empty.
    var problem: String?
}

/// Where and how a control's file breaks a rule.
struct ControlFileError: Error, Equatable, CustomStringConvertible {
    /// The file's name.
    var file: String
    /// Counts from 1.
    var line: Int
    /// The header's field, or `sql`.
    var field: String
    var rule: String

    var description: String { "\(file):\(line): \(field): \(rule)" }
}
