import Platform
import Testing

@testable import SyncService

@Suite struct CredentialChainTests {
    private func plan(_ environment: [String: String]) -> Result<CredentialPlan, AWSError> {
        do throws(AWSError) {
            return .success(try CredentialPlanner(settings: AWSSettings(environment: environment)).plan())
        } catch { return .failure(error) }
    }

    private func message(_ environment: [String: String]) -> String {
        if case .failure(let error) = plan(environment) { error.message } else { "" }
    }

    private func withFiles(
        credentials: String? = nil, config: String? = nil, _ body: ([String: String]) async throws -> Void
    ) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-credentials")
        defer { try? Files.removeTree(folder) }
        try Files.createDirectory(folder + "/.aws")
        if let credentials { try Files.writeAtomically(Array(credentials.utf8), to: folder + "/.aws/credentials") }
        if let config { try Files.writeAtomically(Array(config.utf8), to: folder + "/.aws/config") }
        try await body(["HOME": folder])
    }

    @Test func `a plan says where credentials come from, and no secret`() async throws {
        let config = """
            [profile base]
            aws_access_key_id = AKIDBASE
            aws_secret_access_key = s3cr3t
            [profile role]
            role_arn = arn:aws:iam::1:role/x
            source_profile = base
            external_id = sesame
            [profile run]
            credential_process = /opt/get --password hunter2
            """
        try await withFiles(config: config) { home in
            func text(_ profile: String) throws -> String {
                let plan = try plan(home.merging(["AWS_PROFILE": profile]) { $1 }).get()
                let settings = AWSSettings(environment: home.merging(["AWS_SESSION_TOKEN": "t0ken"]) { $1 })
                var dumped = "\(plan) \(settings) \(String(reflecting: plan)) \(String(reflecting: settings))"
                dump(plan, to: &dumped)
                dump(settings, to: &dumped)
                dump(try CredentialPlanner(settings: settings), to: &dumped)
                for secret in ["s3cr3t", "sesame", "hunter2", "t0ken"] { #expect(!dumped.contains(secret)) }
                return plan.description
            }
            let texts = [try text("base"), try text("role"), try text("run")]
            #expect(
                texts == [
                    "profile base of ~/.aws/config",
                    "profile role (role arn:aws:iam::1:role/x, by profile base of ~/.aws/config)",
                    "profile run (credential_process)",
                ])
        }
        #expect(
            try plan(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]).get().description == "the environment")
    }

    @Test func `a container's path is one of its fixed address, and comes before a whole URL`() {
        let home = ["HOME": "/nonexistent", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://other/x"]
        let path = home.merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"]) { $1 }
        #expect(plan(path) == .success(.container(url: "http://169.254.170.2/v2/credentials/1")))
        #expect(plan(home) == .success(.container(url: "https://other/x")))
        #expect(plan(["HOME": "/nonexistent"]) == .success(.instanceMetadata))
    }

    @Test func `what needs a person says the way out`() async throws {
        let config = """
            [profile sso]
            sso_session = s
            sso_account_id = 1
            sso_role_name = r
            [profile login]
            login_session = x
            [profile mfa]
            role_arn = arn:aws:iam::1:role/x
            source_profile = mfa
            aws_access_key_id = AKID
            aws_secret_access_key = s
            mfa_serial = arn:aws:iam::1:mfa/me
            """
        try await withFiles(config: config) { home in
            for (profile, command) in [("sso", "aws sso login"), ("login", "aws login")] {
                let words = message(home.merging(["AWS_PROFILE": profile]) { $1 })
                #expect(words.contains(command))
                #expect(words.contains("aws configure export-credentials --profile \(profile) --format process"))
            }
            #expect(message(home.merging(["AWS_PROFILE": "mfa"]) { $1 }).contains("mfa_serial"))
        }
    }

    @Test func `a file that cannot be read is not taken for an empty one`() async throws {
        try await withFiles(config: "[default]\nnonsense that may be a secret\n") { home in
            #expect(message(home) == "~/.aws/config, line 2: neither a [section] nor NAME = VALUE")
        }
    }

    @Test func `a role that a role assumes lasts an hour at most`() {
        var role = ProfileRole(profile: "p", roleARN: "r")
        role.duration = .seconds(43_200)
        let keys = CredentialPlan.keys(AWSCredentials(accessKeyID: "A", secretAccessKey: "s"), place: "x")
        #expect(role.duration(by: keys) == .seconds(43_200))
        for source in [CredentialPlan.instanceMetadata, .container(url: "x"), .role(role, by: keys)] {
            #expect(role.duration(by: source) == .seconds(3600))
        }
        role.duration = .seconds(900)
        #expect(role.duration(by: .instanceMetadata) == .seconds(900))
    }

    @Test func `a profile's role is assumed as the profile says`() async throws {
        let config = """
            [default]
            role_arn = arn:aws:iam::123456789012:role/x
            source_profile = base
            external_id = sesame
            role_session_name = me
            duration_seconds = 7200
            [profile base]
            aws_access_key_id = AKIDBASE
            aws_secret_access_key = s
            """
        let server = try CredentialStandIn.start()
        let harness = try ClientHarness(endpoint: server.endpoint)
        try await withFiles(config: config) { home in
            let chain = CredentialChain(settings: AWSSettings(environment: home), client: harness.client)
            #expect(try await chain.credentials().accessKeyID == "ROLE-BY-AKIDBASE")
            _ = try await chain.credentials()
            #expect(server.requests.count == 1, "asked once and kept")
            let form = CredentialStandIn.form(try #require(server.requests.first))
            #expect(form["ExternalId"] == "sesame" && form["RoleSessionName"] == "me")
            #expect(form["DurationSeconds"] == "7200")
        }
        await harness.stop()
        server.stop()
    }

    @Test func `a refusal of our own role is not read as one of the account`() async throws {
        let config = """
            [default]
            role_arn = arn:aws:iam::123456789012:role/x
            source_profile = default
            external_id = sesame
            aws_access_key_id = AKID
            aws_secret_access_key = s
            """
        let body = """
            <ErrorResponse><Error><Code>AccessDenied</Code><Message>not with sesame</Message></Error></ErrorResponse>
            """
        try await withStandIn { _, _ in
            .reply(403, body)
        } _: { _, harness in
            try await withFiles(config: config) { home in
                let chain = CredentialChain(settings: AWSSettings(environment: home), client: harness.client)
                let error = await failure { () throws(AWSError) in _ = try await chain.credentials() }
                #expect(error?.code == "Parapet.Credentials" && error?.isAccessDenied == false)
                #expect(error?.message.contains("profile default (role arn:aws:iam::123456789012:role/x") == true)
                #expect(error?.message.contains("AccessDenied: not with ***") == true)
            }
        }
    }

    @Test func `a rotated file is noticed when the old keys are refused`() async throws {
        func file(_ key: String) -> String {
            "[default]\naws_access_key_id = \(key)\naws_secret_access_key = s\n"
        }
        let harness = try ClientHarness(endpoint: "http://127.0.0.1:1")
        try await withFiles(credentials: file("AKIDOLD")) { home in
            let chain = CredentialChain(settings: AWSSettings(environment: home), client: harness.client)
            let old = try await chain.credentials()
            try Files.writeAtomically(
                Array(file("AKIDNEW").utf8), to: (home["HOME"] ?? "") + "/.aws/credentials")
            #expect(try await chain.credentials().accessKeyID == "AKIDOLD")
            await chain.invalidate(old)
            #expect(try await chain.credentials().accessKeyID == "AKIDNEW")
        }
        await harness.stop()
    }

    @Test func `another region's STS is asked where the first cannot be reached`() async throws {
        let server = try CredentialStandIn.start()
        let harness = try ClientHarness(endpoint: server.endpoint)
        #expect(harness.client.partitions.fallback(of: "eu-west-1") == "us-east-1")
        #expect(harness.client.partitions.fallback(of: "us-east-1") == "us-east-2")
        #expect(harness.client.partitions.fallback(of: "us-gov-west-1") == "us-gov-east-1")
        #expect(harness.client.partitions.fallback(of: "cn-north-1") == "cn-northwest-1")
        await harness.stop()
        server.stop()
        let asked = Noted()
        let transport = FailingFirst(asked)
        let client = try transport.client()
        let found = try await AssumeRole(client: client, source: ClientHarness.credentials).assume(
            roleARN: "arn:aws:iam::1:role/x", externalID: nil, sessionName: "s", region: "eu-west-1")
        #expect(found.accessKeyID == "AKIDFALLBACK")
        #expect(transport.hosts == ["sts.eu-west-1.amazonaws.com", "sts.us-east-1.amazonaws.com"])
    }

    @Test func `no description shows a secret`() {
        let credentials = AWSCredentials(
            accessKeyID: "AKID", secretAccessKey: "the-secret", sessionToken: "the-token")
        var text = "\(credentials) \(String(reflecting: credentials)) \(String(describing: Optional(credentials)))"
        dump(credentials, to: &text)
        dump(StaticCredentials(credentials), to: &text)
        #expect(!text.contains("the-secret") && !text.contains("the-token"))
    }

    @Test func `an external ID is masked in AWS's message`() {
        let error = AWSError(.service(code: "AccessDenied", message: "bad id sesame-1 given", httpStatus: 403))
        #expect(error.masking("sesame-1").message == "bad id *** given")
        #expect(error.masking("sesame-1").code == "AccessDenied")
    }
}
