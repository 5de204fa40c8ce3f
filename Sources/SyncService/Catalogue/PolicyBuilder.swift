import JSON

/// Derives the IAM policies that a role needs from the catalogue.
struct PolicyBuilder: Sendable {
    let catalogue: Catalogue
    let securityAudit: ManagedPolicy

    /// What the service calls beside the catalogue: which regions there are, and which of them are on.
    static let own = ["ec2:DescribeRegions"]

    /// Every action, sorted, each once.
    var actions: [String] {
        Set(catalogue.types.flatMap(\.iamActions) + Self.own).sorted()
    }

    /// What is needed beyond SecurityAudit, sorted.
    var customActions: [String] { actions.filter { !securityAudit.allows($0) } }

    /// The document to attach beside SecurityAudit; nil where nothing is missing.
    var customPolicy: String? {
        let missing = customActions
        return missing.isEmpty ? nil : Self.document(missing, sid: "ParapetBeyondSecurityAudit")
    }

    /// The document of exactly what is called, to attach instead of SecurityAudit.
    var minimalPolicy: String { Self.document(actions, sid: "ParapetReadConfiguration") }

    /// What SecurityAudit lets the role read though Parapet never does, as sentences.
    var notices: [String] {
        Self.unused.filter { securityAudit.allows($0.action) && !actions.contains($0.action) }
            .map { "\(securityAudit.name) allows \($0.action): \($0.what). Parapet never calls it." }
    }

    /// What people would not expect among permissions for an audit.
    private static let unused: [(action: String, what: String)] = [
        ("cloudtrail:LookupEvents", "the log of management events of the last 90 days"),
        ("cloudformation:GetTemplate", "the text of stacks' templates"),
        ("cloudwatch:GetMetricData", "metrics"),
        ("cognito-idp:ListUsers", "people in user pools, with their attributes"),
        ("datapipeline:GetPipelineDefinition", "pipelines' definitions"),
        ("glue:GetTable", "tables' schemas in the data catalogue"),
        ("lambda:GetFunction", "a link to functions' code"),
        ("logs:GetLogEvents", "the content of logs"),
        ("logs:FilterLogEvents", "the content of logs"),
        ("s3:ListBucket", "the names of objects"),
    ]

    /// A policy document; IAM counts its characters without blanks (6,144 at most in a managed policy).
    private static func document(_ actions: [String], sid: String) -> String {
        let statement: JSONObject = [
            "Sid": .string(sid), "Effect": "Allow", "Action": .array(actions.map { .string($0) }), "Resource": "*",
        ]
        let document: JSONObject = ["Version": "2012-10-17", "Statement": [.object(statement)]]
        return JSONValue.object(document).text(pretty: true)
    }
}
