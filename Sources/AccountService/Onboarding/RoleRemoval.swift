/// How the role is removed from AWS once its account is deleted here.
enum RoleRemoval {
    /// One step each, for each form in which the role may have been made.
    ///
    /// - Parameter role: Nil when Parapet never learnt of a role.
    static func steps(for role: RoleARN?) -> [String] {
        let name = role.map(RoleName.init(of:)) ?? .standard
        let quoted = Shell.quoted(name.description)
        let prefix = RoleBlueprint.policyPrefix(name)
        let place = role.map { "AWS account \($0.awsAccountID)" } ?? "the AWS account"
        let begin =
            role.map { "Parapet no longer uses the role \($0). Remove it from \(place), the way it was made:" }
            ?? "Parapet knows of no role. If one was made from its template (as \(name), unless named otherwise), remove it the way it was made:"
        return [
            begin,
            "Made by CloudFormation: delete the stack: aws cloudformation delete-stack --stack-name \(RoleTemplate.stackName) (or the name that you gave it)",
            "Made by Terraform: terraform destroy (or remove the configuration and apply)",
            "Made by the script, first: for arn in $(aws iam list-attached-role-policies --role-name \(quoted) --query 'AttachedPolicies[].PolicyArn' --output text); do aws iam detach-role-policy --role-name \(quoted) --policy-arn \"$arn\"; done",
            "Made by the script, second: for arn in $(aws iam list-policies --scope Local --query \"Policies[?starts_with(PolicyName, '\(prefix)')].Arn\" --output text); do aws iam delete-policy --policy-arn \"$arn\"; done",
            "Made by the script, last: aws iam delete-role --role-name \(quoted)",
        ]
    }
}
