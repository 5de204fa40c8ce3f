import Platform

/// Finds out where credentials come from, in botocore's order (`create_credential_resolver`): the environment, the
/// profile's role, then of the profile its web identity, SSO, credentials file, login, process and config file; then
/// `AWS_CREDENTIAL_FILE`, boto's own file, the container, and last the instance's metadata service.
///
/// Asks nobody. What is set up wrongly is an error, even where something else would follow.
struct CredentialPlanner: Sendable {
    let settings: AWSSettings
    private let files: SharedConfiguration

    init(settings: AWSSettings) throws(AWSError) {
        self.settings = settings
        files = try settings.files.get()
    }

    func plan() throws(AWSError) -> CredentialPlan {
        if let chosen = settings.chosenProfile, files.profiles[chosen] == nil {
            throw AWSError(
                .credentials(
                    "the profile \(chosen) is in neither \(settings.configPath) nor \(settings.credentialsPath)"))
        }
        if let found = try environment() { return found }
        var visited = [settings.profile]
        if hasRole(settings.profile) { return try role(of: settings.profile, &visited) }
        if let found = try profile(settings.profile, withVariables: true) { return found }
        if let found = try LegacyKeys.find(settings) { return found }
        return container() ?? .instanceMetadata
    }

    // MARK: Variables

    private func environment() throws(AWSError) -> CredentialPlan? {
        guard let key = settings.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = settings.variable("AWS_SECRET_ACCESS_KEY") else {
            throw AWSError(.credentials("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not"))
        }
        var keys = AWSCredentials(
            accessKeyID: key, secretAccessKey: secret,
            sessionToken: settings.variable("AWS_SECURITY_TOKEN") ?? settings.variable("AWS_SESSION_TOKEN"))
        if let end = settings.variable("AWS_CREDENTIAL_EXPIRATION") {
            guard let time = WallTime(rfc3339: end) else {
                throw AWSError(.credentials("AWS_CREDENTIAL_EXPIRATION is no time of RFC 3339"))
            }
            keys.expiration = time
        }
        return .keys(keys, place: "the environment")
    }

    private func container() -> CredentialPlan? {
        if let path = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            return .container(url: "http://\(ContainerEndpoint.host)\(path)")
        }
        return settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").map { .container(url: $0) }
    }

    // MARK: A profile's role

    private func text(_ profile: String, _ name: String) -> String? {
        files.text(profile, name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A role with a token of its own is a web identity.
    private func hasRole(_ profile: String) -> Bool {
        text(profile, "role_arn") != nil && text(profile, "web_identity_token_file") == nil
    }

    private func hasKeys(_ profile: String) -> Bool {
        let values = files.profiles[profile] ?? [:]
        return values["aws_access_key_id"] != nil || values["aws_secret_access_key"] != nil
    }

    private func role(of profile: String, _ visited: inout [String]) throws(AWSError) -> CredentialPlan {
        func wrong(_ rule: String) -> AWSError { AWSError(.credentials("profile \(profile): \(rule)")) }
        if text(profile, "mfa_serial") != nil {
            throw wrong(
                "its role asks for MFA (mfa_serial), and nobody is there to type a code: give the service a role whose "
                    + "trust policy does not ask for it")
        }
        let role = ProfileRole(
            profile: profile, roleARN: text(profile, "role_arn") ?? "", externalID: text(profile, "external_id"),
            sessionName: text(profile, "role_session_name"),
            duration: text(profile, "duration_seconds").flatMap { Int64($0) }.map { .seconds($0) })
        switch (text(profile, "source_profile"), text(profile, "credential_source")) {
        case (.some, .some): throw wrong("it has both source_profile and credential_source")
        case (nil, nil): throw wrong("its role_arn needs a source_profile or a credential_source")
        case (nil, .some(let source)): return .role(role, by: try self.source(source, wrong))
        case (.some(let source), nil):
            guard files.profiles[source] != nil else { throw wrong("its source_profile \(source) does not exist") }
            if visited.contains(source), source != profile || !hasKeys(source) {
                throw wrong("its source_profile leads in a circle: \((visited + [source]).joined(separator: " → "))")
            }
            visited.append(source)
            if !hasKeys(source), hasRole(source) {
                return .role(role, by: try self.role(of: source, &visited))
            }
            guard let found = try self.profile(source, withVariables: false) else {
                throw wrong("its source_profile \(source) has no credentials")
            }
            return .role(role, by: found)
        }
    }

    private func source(_ name: String, _ wrong: (String) -> AWSError) throws(AWSError) -> CredentialPlan {
        switch name {
        case "Environment":
            if let found = try environment() { return found }
            throw wrong("credential_source is Environment, and AWS_ACCESS_KEY_ID is not set")
        case "EcsContainer":
            if let found = container() { return found }
            throw wrong("credential_source is EcsContainer, and no AWS_CONTAINER_CREDENTIALS_… variable is set")
        case "Ec2InstanceMetadata": return .instanceMetadata
        default:
            throw wrong("credential_source is Environment, EcsContainer or Ec2InstanceMetadata")
        }
    }

    // MARK: What else a profile may have

    /// - Parameter withVariables: False for a profile that another one's role is assumed with.
    private func profile(_ profile: String, withVariables: Bool) throws(AWSError) -> CredentialPlan? {
        if let found = try webIdentity(profile, withVariables) { return found }
        try refuseSSO(profile)
        if let section = files.credentialsFile[profile],
            let found = try keys(section, "profile \(profile) of \(settings.credentialsPath)")
        {
            return found
        }
        if text(profile, "login_session") != nil { throw Self.needsPerson(profile, "aws login") }
        if let command = text(profile, "credential_process") {
            guard let words = ShellWords.split(command), !words.isEmpty else {
                throw AWSError(.credentials("profile \(profile): the quotes of its credential_process do not close"))
            }
            return .process(ProcessSource(profile: profile, command: words))
        }
        guard let section = files.configFile[profile] else { return nil }
        return try keys(section, "profile \(profile) of \(settings.configPath)")
    }

    private func webIdentity(_ profile: String, _ withVariables: Bool) throws(AWSError) -> CredentialPlan? {
        func value(_ variable: String, _ name: String) -> String? {
            (withVariables ? settings.variable(variable) : nil) ?? text(profile, name)
        }
        guard let file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else { return nil }
        let isOfVariables = withVariables && settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE") != nil
        let place = isOfVariables ? "AWS_WEB_IDENTITY_TOKEN_FILE" : "profile \(profile)"
        guard let role = value("AWS_ROLE_ARN", "role_arn") else {
            throw AWSError(.credentials("\(place) has a web identity's token, but no role_arn and no AWS_ROLE_ARN"))
        }
        return .webIdentity(
            WebIdentity(
                tokenFile: file, roleARN: role, sessionName: value("AWS_ROLE_SESSION_NAME", "role_session_name"),
                place: place))
    }

    private func refuseSSO(_ profile: String) throws(AWSError) {
        guard text(profile, "sso_role_name") != nil || text(profile, "sso_account_id") != nil else { return }
        throw Self.needsPerson(profile, "aws sso login")
    }

    private static func needsPerson(_ profile: String, _ command: String) -> AWSError {
        AWSError(
            .credentials(
                "profile \(profile) signs a person in (\(command)), and its session ends with the person's: give the "
                    + "service a role of its machine, or keys; to try it out, put into another profile "
                    + "credential_process = aws configure export-credentials --profile \(profile) --format process"))
    }

    private func keys(_ section: INIFile.Section, _ place: String) throws(AWSError) -> CredentialPlan? {
        guard let key = section.text("aws_access_key_id") else { return nil }
        guard let secret = section.text("aws_secret_access_key"), !secret.isEmpty, !key.isEmpty else {
            throw AWSError(.credentials("\(place) has half a pair of aws_access_key_id and aws_secret_access_key"))
        }
        let token = section.text("aws_security_token") ?? section.text("aws_session_token")
        return .keys(
            AWSCredentials(
                accessKeyID: key, secretAccessKey: secret, sessionToken: token.flatMap { $0.isEmpty ? nil : $0 }),
            place: place)
    }
}

/// Two files from before the shared ones, which botocore still reads.
enum LegacyKeys {
    static func find(_ settings: AWSSettings) throws(AWSError) -> CredentialPlan? {
        if let found = try keyFile(settings) { return found }
        let paths = settings.variable("BOTO_CONFIG").map { [$0] } ?? ["/etc/boto.cfg", "~/.boto"]
        for path in paths {
            let file = try INIFile.load(path, environment: settings.environment)
            guard let section = file.section("Credentials"), let key = section.text("aws_access_key_id") else {
                continue
            }
            guard let secret = section.text("aws_secret_access_key") else {
                throw AWSError(.credentials("[Credentials] of \(path) has no aws_secret_access_key"))
            }
            return .keys(
                AWSCredentials(accessKeyID: key, secretAccessKey: secret), place: "[Credentials] of \(path)")
        }
        return nil
    }

    /// The file of EC2's first tools: `AWSAccessKeyId=…` and `AWSSecretKey=…`, a line each.
    private static func keyFile(_ settings: AWSSettings) throws(AWSError) -> CredentialPlan? {
        guard let path = settings.variable("AWS_CREDENTIAL_FILE") else { return nil }
        let bytes: [UInt8]
        do { bytes = try Files.read(SharedPath.expand(path, settings.environment) ?? path, limitBytes: 1 << 20) } catch
        {
            throw AWSError(.credentials("AWS_CREDENTIAL_FILE: \(error)"))
        }
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { values[ScalarText.trim(String(pair[0]))] = ScalarText.trim(String(pair[1])) }
        }
        guard let key = values["AWSAccessKeyId"] else { return nil }
        guard let secret = values["AWSSecretKey"] else {
            throw AWSError(.credentials("\(path) has an AWSAccessKeyId without its AWSSecretKey"))
        }
        return .keys(AWSCredentials(accessKeyID: key, secretAccessKey: secret), place: path)
    }
}
