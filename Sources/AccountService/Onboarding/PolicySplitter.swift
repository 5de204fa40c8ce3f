import JSON

/// Divides an IAM policy document so that each part fits IAM's limit for a managed policy.
///
/// Statements stay in order; one that is too long alone is divided by its actions, which means the same for an
/// `Allow`: the parts grant together what the whole grants.
enum PolicySplitter {
    /// IAM's quota for the characters of a customer managed policy, white space not counted ("IAM and AWS STS
    /// quotas").
    static let limit = 6144

    /// - Parameter document: A policy document as JSON text; empty: no policy.
    /// - Returns: Documents of at most `limit` characters; none for an empty document.
    static func split(_ document: String, limit: Int = limit) throws(AccountError) -> [JSONValue] {
        guard !document.isEmpty else { return [] }
        let parsed: JSONValue
        do { parsed = try JSONValue(parsing: document) } catch { throw .internalFault("policy document: \(error)") }
        guard let statement = parsed["Statement"] else { throw .internalFault("policy document without a statement") }

        var pieces: [JSONValue] = []
        for statement in statement.array ?? [statement] {
            pieces += try divide(statement, limit: limit)
        }
        var parts: [[JSONValue]] = []
        for piece in pieces {
            if let last = parts.last, size(of: last + [piece]) <= limit {
                parts[parts.count - 1].append(piece)
            } else {
                parts.append([piece])
            }
        }
        return parts.map(policy)
    }

    private static func divide(_ statement: JSONValue, limit: Int) throws(AccountError) -> [JSONValue] {
        if size(of: [statement]) <= limit { return [statement] }
        guard let object = statement.object, let actions = object["Action"]?.array, actions.count > 1 else {
            throw .internalFault("a statement of the policy is longer than \(limit) characters and cannot be divided")
        }
        let half = actions.count / 2
        let halves = [Array(actions[..<half]), Array(actions[half...])]
        var pieces: [JSONValue] = []
        for (actions, letter) in zip(halves, ["A", "B"]) {
            var part = object
            part["Action"] = .array(actions)
            // Sids are unique within a document, and the pieces may meet in one.
            if let sid = object["Sid"]?.string { part["Sid"] = .string(sid + letter) }
            pieces += try divide(.object(part), limit: limit)
        }
        return pieces
    }

    private static func policy(_ statements: [JSONValue]) -> JSONValue {
        ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private static func size(of statements: [JSONValue]) -> Int { policy(statements).text().utf8.count }
}
