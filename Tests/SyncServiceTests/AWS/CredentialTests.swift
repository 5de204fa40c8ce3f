import Platform
import Synchronization
import Testing

@testable import SyncService

/// A clock that a test turns.
private final class TurnedClock: WallClock {
    private let time: Mutex<WallTime>
    init(_ time: WallTime) { self.time = Mutex(time) }
    func now() -> WallTime { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}

@Suite struct CredentialTests {
    private func chain(_ environment: [String: String]) async -> Result<AWSCredentials, AWSError> {
        do throws(AWSError) {
            return .success(try await CredentialChain(environment: environment).credentials())
        } catch { return .failure(error) }
    }

    private func withFiles(credentials: String?, config: String?, _ body: ([String: String]) async throws -> Void)
        async throws
    {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-credentials")
        try Files.createDirectory(folder + "/.aws")
        if let credentials { try Files.writeAtomically(Array(credentials.utf8), to: folder + "/.aws/credentials") }
        if let config { try Files.writeAtomically(Array(config.utf8), to: folder + "/.aws/config") }
        do { try await body(["HOME": folder]) } catch {
            try Files.removeTree(folder)
            throw error
        }
        try Files.removeTree(folder)
    }

    @Test func `the environment comes first`() async throws {
        let found = try await chain([
            "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
        ]).get()
        #expect(found == AWSCredentials(accessKeyID: "AKID", secretAccessKey: "secret", sessionToken: "token"))
    }

    @Test func `half of a pair is a mistake that is named`() async {
        guard case .failure(let error) = await chain(["AWS_ACCESS_KEY_ID": "AKID"]) else {
            Issue.record("half a pair was taken")
            return
        }
        #expect(error.message.contains("AWS_SECRET_ACCESS_KEY"))
    }

    @Test func `a profile is read from the credentials file, then from the config file`() async throws {
        let credentials = """
            # comment
            [default]
            aws_access_key_id = AKIDDEFAULT
            aws_secret_access_key=secret/with=signs # trailing
            [other]
            aws_access_key_id = AKIDOTHER
            aws_secret_access_key = other
            aws_session_token = token
            """
        let config = """
            [profile third]
            aws_access_key_id = AKIDTHIRD
            aws_secret_access_key = third
            s3 =
              addressing_style = path
            [profile role]
            role_arn = arn:aws:iam::1:role/x
            source_profile = default
            """
        try await withFiles(credentials: credentials, config: config) { home in
            let plain = try await chain(home).get()
            #expect(plain.accessKeyID == "AKIDDEFAULT" && plain.secretAccessKey == "secret/with=signs")
            let other = try await chain(home.merging(["AWS_PROFILE": "other"]) { $1 }).get()
            #expect(other.accessKeyID == "AKIDOTHER" && other.sessionToken == "token")
            let third = try await chain(home.merging(["AWS_PROFILE": "third"]) { $1 }).get()
            #expect(third.accessKeyID == "AKIDTHIRD")
            guard case .failure(let error) = await chain(home.merging(["AWS_PROFILE": "role"]) { $1 }) else {
                Issue.record("a role of a profile is not assumed yet")
                return
            }
            #expect(error.message.contains("role_arn") && error.message.contains("not supported yet"))
        }
    }

    @Test func `without credentials it is said where they were looked for`() async throws {
        try await withFiles(credentials: nil, config: nil) { home in
            guard case .failure(let error) = await chain(home) else {
                Issue.record("credentials from nowhere")
                return
            }
            for place in ["AWS_ACCESS_KEY_ID", "~/.aws/credentials", "~/.aws/config", "[default]"] {
                #expect(error.message.contains(place))
            }
        }
    }

    @Test func `no description shows a secret`() {
        let credentials = AWSCredentials(
            accessKeyID: "AKID", secretAccessKey: "the-secret", sessionToken: "the-token")
        var text = "\(credentials) \(String(reflecting: credentials)) \(String(describing: Optional(credentials)))"
        dump(credentials, to: &text)
        dump(StaticCredentials(credentials), to: &text)
        #expect(!text.contains("the-secret") && !text.contains("the-token"))
    }

    private func renewing(_ clock: TurnedClock, _ count: Noted) -> RoleCredentials {
        RoleCredentials(clock: clock) { () async throws(AWSError) in
            await Task.yield()
            count.add(.seconds(1))
            return AWSCredentials(
                accessKeyID: "AKID\(count.all.count)", secretAccessKey: "s", sessionToken: "t",
                expiration: clock.now() + .seconds(3600))
        }
    }

    @Test func `a role's credentials are renewed five minutes before they end, once for all who wait`() async throws {
        let clock = TurnedClock(WallTime(unixSeconds: 1_800_000_000))
        let count = Noted()
        let provider = renewing(clock, count)
        let keys = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await provider.credentials().accessKeyID } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(keys == ["AKID1"] && count.all.count == 1)
        clock.advance(.seconds(3299))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        clock.advance(.seconds(2))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
        await provider.invalidate(AWSCredentials(accessKeyID: "AKID1", secretAccessKey: "s"))
        #expect(try await provider.credentials().accessKeyID == "AKID2", "an older refusal forgets nothing newer")
        await provider.invalidate(try await provider.credentials())
        #expect(try await provider.credentials().accessKeyID == "AKID3")
    }

    @Test func `an external ID is masked in AWS's message`() {
        let error = AWSError(.service(code: "AccessDenied", message: "bad id sesame-1 given", httpStatus: 403))
        #expect(error.masking("sesame-1").message == "bad id *** given")
        #expect(error.masking("sesame-1").code == "AccessDenied")
    }
}
