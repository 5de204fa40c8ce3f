/// The ARN of an IAM role.
struct RoleARN: Hashable, Sendable, CustomStringConvertible {
    let description: String
    /// aws, aws-us-gov, aws-cn or aws-eusc.
    let partition: String
    /// 12 digits.
    let awsAccountID: String
    /// `/` or `/a/b/`.
    let path: String
    /// The role's name without its path.
    let name: String

    static let partitions = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"]

    init(_ text: String) throws(AccountError) {
        guard text.utf8.count <= 2048 else { throw Self.invalid("at most 2,048 characters") }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty, parts[5].hasPrefix("role/")
        else {
            throw Self.invalid("the ARN of an IAM role: arn:PARTITION:iam::ACCOUNT:role/NAME")
        }
        guard Self.partitions.contains(parts[1]) else {
            throw Self.invalid("its partition is one of \(Self.partitions.joined(separator: ", "))")
        }
        guard parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(\.isDigit) else {
            throw Self.invalid("its account is 12 digits")
        }
        let resource = parts[5].dropFirst("role".count)
        let end = resource.lastIndex(of: "/") ?? resource.startIndex
        let path = String(resource[...end])
        let name = String(resource[resource.index(after: end)...])
        guard RoleName.isLegal(name) else {
            throw Self.invalid("the role's name is 1 to 64 characters: letters, digits and _+=,.@-")
        }
        // IAM's rule for paths: printable ASCII between slashes, at most 512 characters.
        guard path.utf8.count <= 512, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.invalid("the role's path is at most 512 printable characters between slashes")
        }
        (description, partition, awsAccountID, self.path, self.name) = (text, parts[1], parts[4], path, name)
    }

    private static func invalid(_ rule: String) -> AccountError { .invalid(field: "role_arn", rule: rule) }
}

/// What a role is called in AWS.
struct RoleName: Hashable, Sendable, CustomStringConvertible {
    let description: String

    static let standard = RoleName(legal: "ParapetReadOnly")

    /// Empty: ``standard``.
    init(_ text: String) throws(AccountError) {
        guard !text.isEmpty else {
            self = .standard
            return
        }
        guard Self.isLegal(text) else {
            throw .invalid(field: "role_name", rule: "1 to 64 characters: letters, digits and _+=,.@-")
        }
        description = text
    }

    init(of arn: RoleARN) { description = arn.name }

    private init(legal: String) { description = legal }

    static func isLegal(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isAlphanumeric(or: "_+=,.@-") }
    }
}
