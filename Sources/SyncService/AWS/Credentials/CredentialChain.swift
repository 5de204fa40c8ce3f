import Platform
import Synchronization

/// The service's own credentials, from where AWS's tools look for them: the environment, then the profile's keys in
/// the shared credentials file, then in the config file.
///
/// Read once and kept; read anew after AWS refused them as expired, so that a rotated file is noticed.
final class CredentialChain: CredentialsProvider {
    private let environment: [String: String]
    private let cached = Mutex<AWSCredentials?>(nil)

    init(environment: [String: String] = Environment.all) { self.environment = environment }

    func credentials() async throws(AWSError) -> AWSCredentials {
        if let known = cached.withLock({ $0 }) { return known }
        let found = try find()
        cached.withLock { $0 = found }
        return found
    }

    func invalidate(_ refused: AWSCredentials) async {
        cached.withLock { if $0 == refused { $0 = nil } }
    }

    private func find() throws(AWSError) -> AWSCredentials {
        let looked = "looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        let key = text("AWS_ACCESS_KEY_ID")
        let secret = text("AWS_SECRET_ACCESS_KEY")
        if let key, let secret {
            return AWSCredentials(
                accessKeyID: key, secretAccessKey: secret,
                sessionToken: text("AWS_SESSION_TOKEN") ?? text("AWS_SECURITY_TOKEN"))
        }
        if key != nil || secret != nil {
            throw AWSError(.credentials("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together"))
        }
        let profile = text("AWS_PROFILE") ?? text("AWS_DEFAULT_PROFILE") ?? "default"
        let files = [
            (text("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials", profile),
            (text("AWS_CONFIG_FILE") ?? "~/.aws/config", profile == "default" ? profile : "profile \(profile)"),
        ]
        var unsupported: [String] = []
        for (path, section) in files {
            guard let values = try read(path)[section] else { continue }
            if let found = try keys(values, path, section) { return found }
            unsupported += Self.otherSources.filter { values[$0] != nil }
        }
        let paths = files.map { "[\($0.1)] of \($0.0)" }.joined(separator: ", ")
        if !unsupported.isEmpty {
            let sources = unsupported.joined(separator: ", ")
            throw AWSError(.credentials("\(paths): has no keys, and \(sources) is not supported yet"))
        }
        throw AWSError(.credentials("no AWS credentials: \(looked), \(paths)"))
    }

    /// What a profile may have in place of keys.
    private static let otherSources = [
        "role_arn", "web_identity_token_file", "credential_process", "sso_session", "sso_start_url", "login_session",
    ]

    private func text(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func keys(
        _ values: [String: String], _ path: String, _ section: String
    ) throws(AWSError) -> AWSCredentials? {
        // A role of the profile comes before its keys, which may be the source to assume it with.
        if values["role_arn"] != nil { return nil }
        guard let key = values["aws_access_key_id"], !key.isEmpty else { return nil }
        guard let secret = values["aws_secret_access_key"], !secret.isEmpty else {
            throw AWSError(.credentials("[\(section)] of \(path) has an aws_access_key_id without its secret"))
        }
        let token = values["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
        return AWSCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
    }

    /// An absent file is an empty one.
    private func read(_ path: String) throws(AWSError) -> [String: [String: String]] {
        var path = path
        if path.hasPrefix("~/") {
            guard let home = text("HOME") else { return [:] }
            path = home + path.dropFirst(1)
        }
        guard Files.exists(path) else { return [:] }
        do { return SharedFile.parse(String(decoding: try Files.read(path, limitBytes: 1 << 20), as: UTF8.self)) } catch
        {
            throw AWSError(.credentials("\(error)"))
        }
    }
}

/// The INI dialect of AWS's shared files.
enum SharedFile {
    /// Section → name in lower case → value. Indented lines belong to a nested value, and are skipped.
    static func parse(_ text: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var current: String?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                guard let end = line.firstIndex(of: "]") else { continue }
                let words = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace)
                let name = words.joined(separator: " ").filter { $0 != "\"" && $0 != "'" }
                current = name
                if sections[name] == nil { sections[name] = [:] }
            } else if let current, let equals = line.firstIndex(of: "=") {
                var value = ScalarText.trim(String(line[line.index(after: equals)...]))
                if let comment = value.range(ofCommentAfterBlank: true) { value = String(value[..<comment]) }
                sections[current]?[ScalarText.trim(String(line[..<equals])).lowercased()] = value
            }
        }
        return sections
    }
}

extension String {
    /// Where a comment begins that a blank precedes.
    fileprivate func range(ofCommentAfterBlank: Bool) -> String.Index? {
        var previous: Character = "x"
        for index in indices {
            if previous.isWhitespace, self[index] == "#" || self[index] == ";" { return self.index(before: index) }
            previous = self[index]
        }
        return nil
    }
}
