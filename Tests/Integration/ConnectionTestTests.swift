import JSON
import Platform
import TestSupport
import Testing

/// What a test of the connection finds, with an STS that answers as AWS's does to each kind of trust policy.
extension IntegrationTests {
    private static let assume: JSONObject = ["service": "sts", "operation": "AssumeRole"]

    private static func rule(_ more: JSONObject) -> JSONValue {
        .object(JSONObject(Array(assume) + Array(more)))
    }

    /// The trust policies and moods of STS, with the outcome of each check.
    private static let kinds: [(what: String, rules: JSONValue, exitCode: Int32, outcomes: [String: String])] = {
        let own = "ExternalId=\(Laboratory.externalID)"
        return [
            (
                "lets anyone in", [], 0,
                ["assume_role": "passed", "external_id_omitted": "warning", "external_id_wrong": "warning"]
            ),
            (
                "wants the external ID", [rule(["lacks": .string(own), "fault": "deny"])], 0,
                ["assume_role": "passed", "external_id_omitted": "passed", "external_id_wrong": "passed"]
            ),
            (
                "refuses a wrong one and not a missing one",
                [rule(["contains": "ExternalId=", "lacks": .string(own), "fault": "deny"])], 0,
                ["assume_role": "passed", "external_id_omitted": "warning", "external_id_wrong": "passed"]
            ),
            (
                "throttles what is not the first question", [rule(["lacks": .string(own), "fault": "throttle"])], 0,
                ["assume_role": "passed", "external_id_omitted": "unknown", "external_id_wrong": "unknown"]
            ),
            (
                "does not know a new role yet", [rule(["contains": .string(own), "fault": "deny", "times": 2])], 0,
                ["assume_role": "passed", "external_id_omitted": "warning", "external_id_wrong": "warning"]
            ),
            ("does not trust at all", [rule(["fault": "deny"])], 4, ["assume_role": "failed"]),
        ]
    }()

    @Test func `a test of the connection tells each kind of trust apart`() async throws {
        try await Laboratory.run { lab in
            let secret = lab.folder + "/external-id"
            try Files.writeAtomically(Array(Laboratory.externalID.utf8), to: secret)
            try await lab.succeed("account", "create", "--name", "trust", "--external-id-file", secret)
            let role = "arn:aws:iam::123456789012:role/ParapetReadOnly"
            try await lab.emulator.aws(
                "client('iam').create_role(RoleName='ParapetReadOnly', AssumeRolePolicyDocument='{}')")
            for kind in Self.kinds {
                try await lab.emulator.setFaults(kind.rules)
                let answer = try await lab.parapet("account", "test", "trust", "--role-arn", role, "-o", "json")
                #expect(answer.code == kind.exitCode, "STS \(kind.what): \(answer.output)\(answer.error)")
                let checks = answer.object["checks"]?.array ?? []
                for (name, outcome) in kind.outcomes {
                    let check = checks.first { $0["name"]?.string == name }
                    #expect(
                        check?["outcome"]?.string == outcome,
                        "STS \(kind.what), \(name): \(check?.text() ?? "no check")")
                }
                #expect(!answer.output.contains(Laboratory.externalID))
            }
        }
    }
}
