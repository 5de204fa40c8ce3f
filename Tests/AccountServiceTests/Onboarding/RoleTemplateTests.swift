import JSON
import Platform
import Testing

@testable import AccountService

struct RoleTemplateTests {
    static let principal = "arn:aws:iam::123456789012:role/parapet/sync"
    /// Everything that could end a string or begin an interpolation in one of the three forms.
    static let hostile = #"a'b"c\d${e}%{f}$(g)`h`!Sub #i: "# + "\u{1}\t é"

    private func blueprint(
        externalID: String = Sample.everyCharacter, document: String? = nil, securityAudit: Bool = true
    ) throws -> RoleBlueprint {
        let custom: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Sid": "Read", "Effect": "Allow", "Action": ["s3:GetBucketPolicy", "iam:Get*"], "Resource": "*",
                    "Condition": [
                        "StringNotLike": ["aws:ResourceTag/x": .string(Self.hostile)],
                        "Bool": ["aws:SecureTransport": true],
                    ],
                ]
            ],
        ]
        return try RoleBlueprint(
            account: try AccountName("Team A"), role: try RoleName("Parapet+=,.@-_1"), principal: Self.principal,
            externalID: try ExternalID(externalID), securityAudit: securityAudit, document: document ?? custom.text())
    }

    private func checkRole(_ outcome: Python.Outcome, _ role: RoleBlueprint, managed: [String]) throws {
        try #require(outcome.status.isSuccess, "\(outcome.errors)")
        let made = try JSONValue(parsing: outcome.output)
        #expect(made["arn"] == made["reported_arn"])
        #expect(made["arn"]?.string == "arn:aws:iam::123456789012:role/\(role.role)")
        #expect(made["trust"] == role.trust)
        #expect(made["max_session"]?.int64 == 3600)
        let attached = made["attached"]?.array?.compactMap(\.string) ?? []
        #expect(managed.allSatisfy(attached.contains))
        #expect(attached.count == managed.count + role.policies.count)
        for policy in role.policies {
            #expect(made["documents"]?[policy.name] == policy.document)
        }
    }

    @Test(.enabled(if: Python.interpreter != nil, Python.missing))
    func `the stack of the CloudFormation template makes the role`() async throws {
        let role = try blueprint()
        let template = RoleTemplate(role, as: .cloudFormation)
        let outcome = try await Python.run("role_forms.py", "cloudformation", on: template.text, named: "role.yaml")
        // The emulator does not know a role's ManagedPolicyArns.
        try checkRole(outcome, role, managed: [])
        #expect(
            template.text.contains("      ManagedPolicyArns:\n        - \"arn:aws:iam::aws:policy/SecurityAudit\"\n"))
    }

    @Test(.enabled(if: Python.interpreter != nil, Python.missing))
    func `the script makes the role and no argument of it holds the external ID`() async throws {
        let role = try blueprint()
        let template = RoleTemplate(role, as: .manual)
        let outcome = try await Python.run("role_forms.py", "manual", on: template.text, named: "role.sh")
        try checkRole(outcome, role, managed: role.managedPolicies)
        #expect(outcome.errors.contains("create-role"))
        #expect(!outcome.errors.contains(Sample.everyCharacter))
    }

    @Test(.enabled(if: Python.interpreter != nil, Python.missing))
    func `cfn-lint finds nothing in the CloudFormation template`() async throws {
        let plain =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["s3:GetBucketPolicy"],"Resource":"*"}]}"#
        for audit in [true, false] {
            let role = try RoleBlueprint(
                account: try AccountName("Team A"), role: .standard, principal: Self.principal,
                externalID: try ExternalID(Sample.everyCharacter), securityAudit: audit, document: plain)
            let template = RoleTemplate(role, as: .cloudFormation)
            let outcome = try await Python.run("role_forms.py", "lint", on: template.text, named: "role.yaml")
            #expect(outcome.output == "")
        }
    }

    @Test(.enabled(if: Python.interpreter != nil, Python.missing))
    func `python-hcl2 reads the Terraform configuration`() async throws {
        let role = try blueprint()
        let template = RoleTemplate(role, as: .terraform)
        let outcome = try await Python.run("role_forms.py", "hcl", on: template.text, named: "role.tf")
        try #require(outcome.status.isSuccess, "\(outcome.errors)")
        let blocks = try JSONValue(parsing: outcome.output)["resource"]?.array ?? []
        #expect(blocks.count == 4)
        let made = blocks.compactMap { $0["\"aws_iam_role\""]?["\"parapet\""] }.first
        #expect(made?["name"]?.string == "\"\(role.role)\"")
        #expect(made?["max_session_duration"]?.int64 == 3600)
        #expect(
            made?["assume_role_policy"]?.string?.contains("\"sts:ExternalId\" = \"\(Sample.everyCharacter)\"") == true)
    }

    @Test func `HCL strings interpolate nothing`() {
        #expect(HCL.quoted(#"a"b\c${d}%{e}$f"# + "\n\u{1}") == #""a\"b\\c$${d}%%{e}$f\n\u0001""#)
    }

    @Test func `a shell word ends nowhere but at its end`() {
        #expect(Shell.quoted("it's") == #"'it'\''s'"#)
        #expect(Shell.quoted("") == "''")
    }

    @Test func `every form carries what the role needs`() throws {
        for form in RoleTemplate.Form.allCases {
            let template = RoleTemplate(try blueprint(), as: form)
            for part in [
                Sample.everyCharacter, Self.principal, "arn:aws:iam::aws:policy/SecurityAudit", "3600",
                "sts:ExternalId",
            ] {
                #expect(template.text.contains(part), "\(form): \(part)")
            }
            #expect(!template.fileName.contains("/"))
            #expect(!template.fileName.contains(" "))
            #expect(!template.instructions.joined().contains(Sample.everyCharacter))
        }
        #expect(
            RoleTemplate(try blueprint(), as: .cloudFormation).instructions.joined().contains("CAPABILITY_NAMED_IAM"))
    }

    @Test func `the minimal permissions leave SecurityAudit out`() throws {
        for form in RoleTemplate.Form.allCases {
            let template = RoleTemplate(try blueprint(securityAudit: false), as: form)
            #expect(!template.text.contains("SecurityAudit"))
        }
    }

    @Test func `the role's partition is its principal's`() throws {
        let role = try RoleBlueprint(
            account: AccountName(stored: "x"), role: .standard, principal: "arn:aws-cn:iam::123456789012:user/p",
            externalID: .generate(), securityAudit: true, document: "")
        #expect(role.managedPolicies == ["arn:aws-cn:iam::aws:policy/SecurityAudit"])
        #expect(throws: AccountError.self) {
            try RoleBlueprint(
                account: AccountName(stored: "x"), role: .standard, principal: "not-an-arn", externalID: .generate(),
                securityAudit: true, document: "")
        }
    }

    @Test func `a trust policy over IAM's quota is pointed out`() throws {
        #expect(try blueprint().notices.isEmpty)
        let role = try RoleBlueprint(
            account: AccountName(stored: "x"), role: .standard,
            principal: "arn:aws:iam::123456789012:role/" + String(repeating: "p", count: 700) + "/x",
            externalID: try ExternalID(String(repeating: "a", count: 1224)), securityAudit: true, document: "")
        #expect(role.notices.contains { $0.contains("2,048") })
    }

    @Test func `the steps of removal name the role and its policies`() throws {
        let steps = RoleRemoval.steps(for: try RoleARN("arn:aws:iam::111122223333:role/team/It.Is@Mine"))
        let text = steps.joined(separator: "\n")
        for part in [
            "111122223333", "'It.Is@Mine'", "delete-stack", "terraform destroy", "delete-role", "It.Is@Mine-parapet-",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(RoleRemoval.steps(for: nil).joined().contains("ParapetReadOnly"))
    }
}
