public import Wire

/// The forms in which the role can be created.
public enum TemplateFormat: Int32, ProtoEnum {
    /// Refused with INVALID_ARGUMENT.
    case unspecified = 0
    /// A CloudFormation template in YAML; its stack needs CAPABILITY_NAMED_IAM.
    case cloudformation
    /// A Terraform configuration.
    case terraform
    /// Policy documents and the AWS CLI commands that use them, as one shell script.
    case manual

    public static let names = EnumNames(
        "parapet.account.v1.TemplateFormat", prefix: "TEMPLATE_FORMAT_",
        "UNSPECIFIED", "CLOUDFORMATION", "TERRAFORM", "MANUAL")
}

/// Which permissions the role gets.
public enum PermissionSet: Int32, ProtoEnum {
    /// The same as ``securityAudit``.
    case unspecified = 0
    /// AWS's managed policy SecurityAudit and a custom policy of what the catalogue needs beyond it.
    case securityAudit
    /// One policy with exactly the actions that the catalogue calls.
    case minimal

    public static let names = EnumNames(
        "parapet.account.v1.PermissionSet", prefix: "PERMISSION_SET_",
        "UNSPECIFIED", "SECURITY_AUDIT", "MINIMAL")
}

/// GetRoleTemplateRequest chooses a form.
public struct GetRoleTemplateRequest: Message {
    public static let protoName = "parapet.account.v1.GetRoleTemplateRequest"

    /// Id or name of the account.
    public var accountId = ""
    /// The form of the template.
    public var format = TemplateFormat.unspecified
    /// The role's permissions.
    public var permissionSet = PermissionSet.unspecified
    /// Name of the role in AWS: 1 to 64 characters of letters, digits and `_+=,.@-`; empty: "ParapetReadOnly".
    public var roleName = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.enumeration(2, "format", &format)
        try visitor.enumeration(3, "permission_set", &permissionSet)
        try visitor.string(4, "role_name", &roleName)
    }
}

/// GetRoleTemplateResponse is the template and what to know of it.
public struct GetRoleTemplateResponse: Message {
    public static let protoName = "parapet.account.v1.GetRoleTemplateResponse"

    /// The whole template. It contains the external ID: treat it as a secret.
    public var template = ""
    /// A file name that suits it, without a folder.
    public var fileName = ""
    /// The principal that the role trusts: the identity of the sync service in AWS.
    public var principalArn = ""
    /// What to do with it, one step a line.
    public var instructions: [String] = []
    /// What the role could read though Parapet never does.
    public var notices: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "template", &template)
        try visitor.string(2, "file_name", &fileName)
        try visitor.string(3, "principal_arn", &principalArn)
        try visitor.repeated(4, "instructions", &instructions)
        try visitor.repeated(5, "notices", &notices)
    }
}
