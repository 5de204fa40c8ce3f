/// A role's template with what a person needs to know to use it.
struct RoleTemplate: Sendable {
    enum Form: Sendable, CaseIterable { case cloudFormation, terraform, manual }

    let text: String
    /// Without a folder.
    let fileName: String
    /// One step each.
    let instructions: [String]

    init(_ role: RoleBlueprint, as form: Form) {
        let stem = "parapet-role-" + role.account.description.map { $0 == " " ? "-" : String($0) }.joined()
        let next =
            "Give the role's ARN to Parapet: parapet account test \(Shell.quoted(role.account.description)) --role-arn ARN"
        switch form {
        case .cloudFormation:
            text = CloudFormationForm.render(role)
            fileName = "\(stem).yaml"
            instructions = [
                "Keep \(fileName) secret: it contains the external ID. Use it in the AWS account to be connected.",
                "Create the stack: aws cloudformation create-stack --stack-name \(Self.stackName) --template-body file://\(fileName) --capabilities CAPABILITY_NAMED_IAM",
                "In the console instead: CloudFormation, Create stack, upload the file, and acknowledge that it creates IAM resources with custom names (CAPABILITY_NAMED_IAM).",
                "When the stack is complete, read its output RoleArn: aws cloudformation describe-stacks --stack-name \(Self.stackName) --query 'Stacks[0].Outputs'",
                next,
            ]
        case .terraform:
            text = TerraformForm.render(role)
            fileName = "\(stem).tf"
            instructions = [
                "Keep \(fileName) and Terraform's state secret: both contain the external ID.",
                "Put the file into a configuration whose aws provider points at the AWS account to be connected.",
                "terraform init && terraform apply",
                "Read the role's ARN: terraform output RoleArn",
                next,
            ]
        case .manual:
            text = ManualForm.render(role)
            fileName = "\(stem).sh"
            instructions = [
                "Keep \(fileName) secret: it contains the external ID.",
                "Run it with credentials of the AWS account to be connected: sh \(fileName)",
                "Its last line is the role's ARN.",
                next,
            ]
        }
    }

    static let stackName = "parapet-role"
}
