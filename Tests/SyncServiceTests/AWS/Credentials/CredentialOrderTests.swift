import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// A place that credentials may come from, as it is set up.
private struct Source {
    var name: String
    var variables: [String: String] = [:]
    /// Of the profile in use, in the config file.
    var config: [String: String] = [:]
    /// The same in the credentials file.
    var credentials: [String: String] = [:]
    /// More of the config file.
    var sections = ""

    static func keys(_ name: String) -> [String: String] {
        ["aws_access_key_id": "AKID\(name)", "aws_secret_access_key": "hunter2"]
    }

    /// - Parameters:
    ///   - server: Answers for STS, container and instance.
    ///   - folder: With the files that sources name.
    static func all(server: String, folder: String) -> [Source] {
        let base = "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n"
        let role = "arn:aws:iam::123456789012:role/r"
        return [
            Source(
                name: "keys in variables", variables: ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"]),
            Source(name: "half of the variables", variables: ["AWS_ACCESS_KEY_ID": "AKIDHALF"]),
            Source(name: "a secret alone", variables: ["AWS_SECRET_ACCESS_KEY": "s"]),
            Source(name: "a role by a profile", config: ["role_arn": role, "source_profile": "base"], sections: base),
            Source(
                name: "a role by a role", config: ["role_arn": role, "source_profile": "mid"],
                sections: base + "[profile mid]\nrole_arn = \(role)\nsource_profile = base\n"),
            Source(
                name: "a circle of roles", config: ["role_arn": role, "source_profile": "one"],
                sections: "[profile one]\nrole_arn=\(role)\nsource_profile=two\n"
                    + "[profile two]\nrole_arn=\(role)\nsource_profile=one\n"),
            Source(name: "a role by the own profile", config: ["role_arn": role, "source_profile": "PROFILE"]),
            Source(
                name: "a role by a web identity's profile", config: ["role_arn": role, "source_profile": "web"],
                sections: "[profile web]\nrole_arn=\(role)\nweb_identity_token_file=\(folder)/token\n"),
            Source(
                name: "a role by a process", config: ["role_arn": role, "source_profile": "run"],
                sections: "[profile run]\ncredential_process = \(folder)/process\n"),
            Source(name: "a role by nobody", config: ["role_arn": role]),
            Source(
                name: "a role by the instance", config: ["role_arn": role, "credential_source": "Ec2InstanceMetadata"]),
            Source(
                name: "a role by the container",
                variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server + "/container"],
                config: ["role_arn": role, "credential_source": "EcsContainer"]),
            Source(name: "a role by variables", config: ["role_arn": role, "credential_source": "Environment"]),
            Source(name: "a role by nonsense", config: ["role_arn": role, "credential_source": "environment"]),
            Source(
                name: "a web identity of variables",
                variables: ["AWS_WEB_IDENTITY_TOKEN_FILE": folder + "/token", "AWS_ROLE_ARN": role]),
            Source(name: "half a web identity", variables: ["AWS_WEB_IDENTITY_TOKEN_FILE": folder + "/token"]),
            Source(
                name: "a web identity of the profile",
                config: ["role_arn": role, "web_identity_token_file": folder + "/token2"]),
            Source(
                name: "SSO",
                config: [
                    "sso_start_url": "https://x", "sso_region": "us-east-1", "sso_account_id": "1",
                    "sso_role_name": "r",
                ]),
            Source(name: "a login", config: ["login_session": "arn:aws:sts::1:x"]),
            Source(name: "the credentials file", credentials: keys("SHARED")),
            Source(name: "half of the credentials file", credentials: ["aws_access_key_id": "AKIDHALFFILE"]),
            Source(name: "a process", config: ["credential_process": "\(folder)/process 'a b'"]),
            Source(name: "a process of the credentials file", credentials: ["credential_process": "\(folder)/process"]),
            Source(name: "the config file", config: keys("CONFIG")),
            Source(name: "EC2's old file", variables: ["AWS_CREDENTIAL_FILE": folder + "/ec2"]),
            Source(name: "boto's file", variables: ["BOTO_CONFIG": folder + "/boto"]),
            Source(name: "the container", variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server + "/container"]),
            Source(
                name: "a guarded container",
                variables: [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": server + "/guarded",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token",
                ]),
            Source(name: "a metadata service that is off", variables: ["AWS_EC2_METADATA_DISABLED": "true"]),
            Source(name: "a profile that is not there", variables: ["AWS_PROFILE": "nowhere"]),
            Source(
                name: "another profile", variables: ["AWS_PROFILE": "other"],
                sections: "[profile other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = s\n"),
            Source(
                name: "two names of a profile", variables: ["AWS_PROFILE": "nowhere", "AWS_DEFAULT_PROFILE": "second"],
                sections: "[profile second]\naws_access_key_id = AKIDSECOND\naws_secret_access_key = s\n"),
        ]
    }
}

/// Which of two sources wins, by botocore itself.
@Suite struct CredentialOrderTests {
    @Test(.enabled(if: INIFileTests.isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `of any two sources the one wins that botocore takes`() async throws {
        let server = try CredentialStandIn.start()
        defer { server.stop() }
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-order")
        defer { try? Files.removeTree(folder) }
        try fill(folder)
        let sources = Source.all(server: server.endpoint, folder: folder)
        var cases: [(name: String, environment: [String: String])] = []
        for profile in ["default", "prod"] {
            for (index, one) in sources.enumerated() {
                for other in sources[index...] {
                    let environment = try write([one, other], profile, "\(folder)/\(cases.count)", server.endpoint)
                    cases.append(("\(one.name) + \(other.name) in \(profile)", environment))
                }
            }
        }
        #expect(cases.count == 32 * 33)
        let theirs = try await botocore(cases.map(\.environment), folder)
        try #require(theirs.count == cases.count)
        let harness = try ClientHarness(endpoint: server.endpoint)
        for (one, expected) in zip(cases, theirs) {
            let ours = await key(one.environment, harness.client)
            #expect(ours == expected, "\(one.name)")
        }
        await harness.stop()
    }

    private func key(_ environment: [String: String], _ client: AWSClient) async -> String {
        let settings = AWSSettings(environment: environment)
        do throws(AWSError) {
            var fetcher = CredentialFetcher(settings: settings, client: client, clock: SystemWallClock())
            fetcher.sleep = { _ in }
            return try await fetcher.fetch(try CredentialPlanner(settings: settings).plan()).accessKeyID
        } catch {
            #expect(!error.message.contains("hunter2"))
            return error.message.hasPrefix("no AWS credentials") ? "none" : "error"
        }
    }

    private func botocore(_ environments: [[String: String]], _ folder: String) async throws -> [String] {
        let list = JSONValue.array(
            environments.map { variables in
                var object = JSONObject()
                for (name, value) in variables { object[name] = .string(value) }
                return .object(object)
            })
        try Files.writeAtomically(list.bytes(), to: folder + "/cases.json")
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.path("botocore_credentials.py"), "chain", folder + "/cases.json"],
            timeout: .seconds(300))
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        return try JSONValue(parsing: run.output).array?.compactMap(\.string) ?? []
    }

    private func fill(_ folder: String) throws {
        try Files.writeAtomically(Array("WEBTOKEN".utf8), to: folder + "/token")
        try Files.writeAtomically(Array("WEBTOKENTWO".utf8), to: folder + "/token2")
        let process = """
            #!/bin/sh
            echo '{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"s"}'
            """
        try Files.writeAtomically(Array(process.utf8), to: folder + "/process", mode: 0o700)
        try Files.writeAtomically(Array("AWSAccessKeyId=AKIDOLD\nAWSSecretKey=s\n".utf8), to: folder + "/ec2")
        let boto = "[Credentials]\naws_access_key_id = AKIDBOTO\naws_secret_access_key = s\n"
        try Files.writeAtomically(Array(boto.utf8), to: folder + "/boto")
    }

    /// Writes a home with both sources, and gives the variables to go with it.
    private func write(_ sources: [Source], _ profile: String, _ home: String, _ server: String) throws -> [String:
        String]
    {
        var variables = [
            "HOME": home, "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL_STS": server,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": server,
        ]
        if profile != "default" { variables["AWS_PROFILE"] = profile }
        var config: [String: String] = profile == "default" ? [:] : ["region": "us-east-1"]
        var credentials: [String: String] = [:]
        var sections: [String] = []
        for source in sources {
            variables.merge(source.variables) { $1 }
            config.merge(source.config) { $1 }
            credentials.merge(source.credentials) { $1 }
            // A section that both bring must not come twice.
            for section in source.sections.split(separator: "[").map({ "[" + $0 }) where !sections.contains(section) {
                sections.append(section)
            }
        }
        func lines(_ values: [String: String]) -> String {
            values.sorted { $0.key < $1.key }
                .map { "\($0.key) = \($0.value == "PROFILE" ? profile : $0.value)\n" }.joined()
        }
        try Files.createDirectory(home + "/.aws")
        let name = profile == "default" ? "default" : "profile \(profile)"
        let text = (config.isEmpty ? "" : "[\(name)]\n" + lines(config)) + sections.joined()
        try Files.writeAtomically(Array(text.utf8), to: home + "/.aws/config")
        if !credentials.isEmpty {
            try Files.writeAtomically(Array("[\(profile)]\n\(lines(credentials))".utf8), to: home + "/.aws/credentials")
        }
        return variables
    }
}
