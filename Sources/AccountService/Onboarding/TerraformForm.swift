import JSON

/// The role as a Terraform configuration.
enum TerraformForm {
    static func render(_ role: RoleBlueprint) -> String {
        var text = """
            # The read-only role of Parapet for the account "\(role.account)".
            # It contains the external ID, and so will Terraform's state: treat both as secrets.
            terraform {
              required_providers {
                aws = {
                  source = "hashicorp/aws"
                }
              }
            }

            resource "aws_iam_role" "parapet" {
              name                 = \(HCL.quoted(role.role.description))
              description          = \(HCL.quoted(role.description))
              max_session_duration = \(RoleBlueprint.maxSessionSeconds)
              assume_role_policy = jsonencode(\(HCL.value(role.trust, indent: 2)))
            }

            """
        for (index, arn) in role.managedPolicies.enumerated() {
            text += attachment("managed_\(index + 1)", HCL.quoted(arn))
        }
        for (index, policy) in role.policies.enumerated() {
            let label = "parapet_\(index + 1)"
            text += """

                resource "aws_iam_policy" "\(label)" {
                  name        = \(HCL.quoted(policy.name))
                  description = "What Parapet reads"
                  policy = jsonencode(\(HCL.value(policy.document, indent: 2)))
                }

                """
            text += attachment(label, "aws_iam_policy.\(label).arn")
        }
        text += """

            output "RoleArn" {
              description = "Give this to Parapet"
              value       = aws_iam_role.parapet.arn
            }

            """
        return text
    }

    private static func attachment(_ label: String, _ arn: String) -> String {
        """

        resource "aws_iam_role_policy_attachment" "\(label)" {
          role       = aws_iam_role.parapet.name
          policy_arn = \(arn)
        }

        """
    }
}

/// HCL in the little that a configuration needs.
enum HCL {
    /// A quoted template without interpolation: `${` and `%{` are doubled, as HCL's specification says.
    static func quoted(_ text: String) -> String {
        var out = "\""
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "$", "%":
                let opens = index + 1 < scalars.count && scalars[index + 1] == "{"
                out += opens ? "\(scalar)\(scalar)" : "\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// A JSON value as an expression; its first line stands where it is put, the others are indented.
    static func value(_ value: JSONValue, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .string(let text): return quoted(text)
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(margin)  \(key($0.name)) = \(self.value($0.value, indent: indent + 2))\n" }
            return "{\n\(lines.joined())\(margin)}"
        case .array(let items) where !items.isEmpty:
            let lines = items.map { "\(margin)  \(self.value($0, indent: indent + 2)),\n" }
            return "[\n\(lines.joined())\(margin)]"
        default: return value.text()
        }
    }

    private static func key(_ name: String) -> String {
        !name.isEmpty && name.utf8.allSatisfy(\.isLetter) ? name : quoted(name)
    }
}
