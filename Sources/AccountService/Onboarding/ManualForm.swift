import JSON

/// The role as a shell script: policy documents as files, and the AWS CLI commands that use them.
///
/// The external ID stands in a here-document and in a file that only its owner reads, never in an argument,
/// which other users of the machine could see.
enum ManualForm {
    static func render(_ role: RoleBlueprint) -> String {
        let name = Shell.quoted(role.role.description)
        var text = """
            #!/bin/sh
            # Creates the read-only role of Parapet for the account "\(role.account)".
            # Run it with credentials of the AWS account to be connected that may create roles.
            # It contains the external ID: treat this file as a secret.
            set -eu
            umask 077
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT

            # Who may assume the role.
            \(document("trust-policy.json", role.trust))
            aws iam create-role \\
              --role-name \(name) \\
              --description \(Shell.quoted(role.description)) \\
              --max-session-duration \(RoleBlueprint.maxSessionSeconds) \\
              --assume-role-policy-document "file://$work/trust-policy.json" >"$work/role.json"

            # What it may read.

            """
        for arn in role.managedPolicies {
            text += "aws iam attach-role-policy --role-name \(name) --policy-arn \(Shell.quoted(arn))\n"
        }
        for (index, policy) in role.policies.enumerated() {
            let file = "policy-\(index + 1).json"
            text += """
                \(document(file, policy.document))
                arn=$(aws iam create-policy \\
                  --policy-name \(Shell.quoted(policy.name)) \\
                  --policy-document "file://$work/\(file)" \\
                  --query Policy.Arn --output text)
                aws iam attach-role-policy --role-name \(name) --policy-arn "$arn"

                """
        }
        text += """

            # Give this ARN to Parapet.
            aws iam get-role --role-name \(name) --query Role.Arn --output text

            """
        return text
    }

    private static func document(_ file: String, _ document: JSONValue) -> String {
        """
        cat >"$work/\(file)" <<'PARAPET_DOCUMENT'
        \(document.text(pretty: true))
        PARAPET_DOCUMENT
        """
    }
}

/// Quoting for a POSIX shell.
enum Shell {
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
