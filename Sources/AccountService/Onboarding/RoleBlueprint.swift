import JSON
import ServiceKit

/// The role to create in an AWS account, before it takes one of its forms.
struct RoleBlueprint: Sendable {
    struct Policy: Sendable {
        let name: String
        let document: JSONValue
    }

    let account: AccountName
    let role: RoleName
    /// The identity that the role trusts.
    let principal: String
    let externalID: ExternalID
    /// AWS's own policies to attach.
    let managedPolicies: [String]
    /// Policies to create and attach, each within IAM's limit.
    let policies: [Policy]

    static let maxSessionSeconds = 3600

    /// - Parameters:
    ///   - principal: An ARN; its partition is the role's, for a role trusts its own partition alone.
    ///   - securityAudit: Attach AWS's SecurityAudit.
    ///   - document: The policy document beside it, or instead of it; empty: none.
    init(
        account: AccountName, role: RoleName, principal: String, externalID: ExternalID, securityAudit: Bool,
        document: String
    ) throws(AccountError) {
        let parts = principal.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", RoleARN.partitions.contains(String(parts[1])) else {
            throw .refused(
                "the sync service's identity \(Printable.quoted(principal)) is not an ARN: correct --principal-arn on the sync service",
                .principalUnknown
            )
        }
        self.account = account
        self.role = role
        self.principal = principal
        self.externalID = externalID
        managedPolicies = securityAudit ? ["arn:\(parts[1]):iam::aws:policy/SecurityAudit"] : []
        policies = try PolicySplitter.split(document).enumerated().map { index, document in
            Policy(name: "\(Self.policyPrefix(role))\(index + 1)", document: document)
        }
    }

    /// What the names of the policies made for a role begin with.
    static func policyPrefix(_ role: RoleName) -> String { "\(role)-parapet-" }

    var description: String { "Lets Parapet read the configuration of this account" }

    /// Who may assume the role, and with which external ID.
    var trust: JSONValue {
        [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Sid": "ParapetAssumesThisRole",
                    "Effect": "Allow",
                    "Principal": ["AWS": .string(principal)],
                    "Action": "sts:AssumeRole",
                    "Condition": ["StringEquals": ["sts:ExternalId": .string(externalID.reveal())]],
                ]
            ],
        ]
    }

    /// What is worth knowing about this role beside what the sync service says of its permissions.
    var notices: [String] {
        var notices: [String] = []
        let trustSize = trust.text().utf8.count
        if trustSize > 2048 {
            notices.append(
                "The trust policy has \(trustSize) characters, and IAM's default quota is 2,048: ask AWS to raise 'Role trust policy length', or use a shorter external ID."
            )
        }
        let attached = managedPolicies.count + policies.count
        if attached > 10 {
            notices.append(
                "\(attached) policies are attached, and IAM's default quota is 10: ask AWS to raise 'Managed policies attached to an IAM role'."
            )
        }
        return notices
    }
}
