import JSON

/// The role as a CloudFormation template in YAML.
enum CloudFormationForm {
    static func render(_ role: RoleBlueprint) -> String {
        var text = """
            # The read-only role of Parapet for the account "\(role.account)".
            # It contains the external ID: treat this file as a secret.
            # A stack of it needs the capability CAPABILITY_NAMED_IAM, because the role has a name.
            AWSTemplateFormatVersion: "2010-09-09"
            Description: \(YAML.quoted(role.description))
            Resources:

            """
        text += """
              ParapetRole:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: \(YAML.quoted(role.role.description))
                  Description: \(YAML.quoted(role.description))
                  MaxSessionDuration: \(RoleBlueprint.maxSessionSeconds)
                  AssumeRolePolicyDocument:
            \(YAML.block(role.trust, indent: 8))

            """
        if !role.managedPolicies.isEmpty { text += "      ManagedPolicyArns:\n" }
        for arn in role.managedPolicies { text += "        - \(YAML.quoted(arn))\n" }
        for (index, policy) in role.policies.enumerated() {
            text += """
                  ParapetPolicy\(index + 1):
                    Type: AWS::IAM::ManagedPolicy
                    Properties:
                      ManagedPolicyName: \(YAML.quoted(policy.name))
                      Description: "What Parapet reads"
                      Roles:
                        - !Ref ParapetRole
                      PolicyDocument:
                \(YAML.block(policy.document, indent: 8))

                """
        }
        text += """
            Outputs:
              RoleArn:
                Description: "Give this to Parapet"
                Value: !GetAtt ParapetRole.Arn

            """
        return text
    }
}

/// YAML in the little that a template needs.
enum YAML {
    /// A double-quoted scalar. JSON's escapes are among YAML's.
    static func quoted(_ text: String) -> String { JSONValue.string(text).text() }

    /// A value as indented lines without an end of line after the last.
    static func block(_ value: JSONValue, indent: Int) -> String { lines(value, indent).joined(separator: "\n") }

    private static func lines(_ value: JSONValue, _ indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            return members.flatMap { name, value in
                isScalar(value)
                    ? ["\(margin)\(key(name)): \(value.text())"]
                    : ["\(margin)\(key(name)):"] + lines(value, indent + 2)
            }
        case .array(let items) where !items.isEmpty:
            return items.flatMap { item -> [String] in
                if isScalar(item) { return ["\(margin)- \(item.text())"] }
                var inner = lines(item, indent + 2)
                // The first line of the item stands behind its dash.
                inner[0] = "\(margin)- \(inner[0].dropFirst(indent + 2))"
                return inner
            }
        default:
            return ["\(margin)\(value.text())"]
        }
    }

    /// Whether a value fits on the line of its key: JSON's scalars and empty collections are YAML.
    private static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): members.isEmpty
        case .array(let items): items.isEmpty
        default: true
        }
    }

    private static func key(_ name: String) -> String {
        !name.isEmpty && name.utf8.allSatisfy(\.isLetter) ? name : quoted(name)
    }
}
