import JSON

/// A statement of an IAM policy document.
///
/// Source: IAM User Guide, "IAM JSON policy elements reference".
struct PolicyStatement {
    private let statement: JSONValue

    init(_ statement: JSONValue) { self.statement = statement }

    /// The statements of a document as an array, which a document may leave out around a single one.
    static func all(of document: JSONValue) -> JSONValue {
        guard let statements = document["Statement"] else { return [] }
        return statements.array == nil ? [statements] : statements
    }

    /// It allows, to everybody, and no condition keeps strangers out.
    var isOpen: Bool {
        statement["Effect"]?.string == "Allow" && namesEverybody && !isLimited
    }

    private var namesEverybody: Bool {
        if statement["NotPrincipal"] != nil { return true }
        guard let principal = statement["Principal"] else { return false }
        return principal.string == "*" || Self.values(of: principal["AWS"]).contains("*")
    }

    /// Whether one condition at least is met by known callers alone.
    private var isLimited: Bool {
        (statement["Condition"]?.object ?? [:]).contains { test, keys in
            (keys.object ?? [:]).contains { key, values in
                Self.limits(test.lowercased(), key.lowercased(), Self.values(of: values))
            }
        }
    }

    private static func limits(_ test: String, _ key: String, _ values: [String]) -> Bool {
        if key == "aws:sourceip" {
            return test == "ipaddress" && !values.contains { $0.hasSuffix("/0") || $0.hasSuffix("/1") }
        }
        return callerKeys.contains(key) && tests.contains(test) && !values.contains("*")
    }

    /// A text, or an array of them.
    private static func values(of value: JSONValue?) -> [String] {
        guard let value else { return [] }
        return value.array?.compactMap(\.string) ?? [value.string].compactMap { $0 }
    }

    /// Keys that tell who calls, or from which network.
    private static let callerKeys: Set = [
        "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths",
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcevpc",
        "aws:sourcevpce", "kms:calleraccount",
    ]
    /// Tests that a request without the key does not pass.
    private static let tests: Set = [
        "stringequals", "stringlike", "arnequals", "arnlike", "foranyvalue:stringequals", "foranyvalue:stringlike",
        "foranyvalue:arnequals", "foranyvalue:arnlike",
    ]
}
