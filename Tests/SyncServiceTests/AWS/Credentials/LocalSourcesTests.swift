import EventLoop
import Platform
import Synchronization
import Testing

@testable import SyncService

/// Reaches no host but one, and notes which were asked for.
final class FailingFirst: HTTPTransport {
    private let asked = Mutex<[String]>([])
    var hosts: [String] { asked.withLock { $0.reduce(into: []) { if $0.last != $1 { $0.append($1) } } } }

    init(_: Noted) {}

    func client() throws -> AWSClient {
        var configuration = AWSClientConfiguration(
            loop: try EventLoop.start(name: "unused"), shapes: Fixtures.shapes,
            partitions: try Partitions.load(share: Fixtures.share))
        configuration.sleep = { _ in }
        return AWSClient(configuration: configuration, transport: self)
    }

    func send(_ request: HTTPRequest, timeouts: HTTPTimeouts, into sink: any ReplySink) async throws(AWSError) {
        asked.withLock { $0.append(request.authority) }
        guard request.authority == "sts.us-east-1.amazonaws.com",
            case .reply(_, let body, _, _) = CredentialStandIn.reply("AssumeRole", "AKIDFALLBACK")
        else { throw AWSError(.connection("no route")) }
        sink.begin(HTTPResponseHead(status: 200))
        _ = Array(body.utf8).withUnsafeBufferPointer { sink.receive($0) }
    }
}

/// The sources that are asked on the machine itself: processes, containers, instances.
@Suite struct LocalSourcesTests {
    private func fetch(
        _ environment: [String: String], _ plan: CredentialPlan, _ harness: ClientHarness,
        clock: any WallClock = SystemWallClock()
    ) async -> Result<AWSCredentials, AWSError> {
        let settings = AWSSettings(environment: environment.merging(["HOME": "/nonexistent"]) { $1 })
        var fetcher = CredentialFetcher(settings: settings, client: harness.client, clock: clock)
        fetcher.sleep = { _ in }
        fetcher.random = { 0.5 }
        do throws(AWSError) { return .success(try await fetcher.fetch(plan)) } catch { return .failure(error) }
    }

    private func message(_ result: Result<AWSCredentials, AWSError>) -> String {
        if case .failure(let error) = result { error.message } else { "" }
    }

    // MARK: Processes

    @Test func `a process is run without a shell, and its end is kept`() async throws {
        let harness = try ClientHarness(endpoint: "http://127.0.0.1:1")
        let document =
            #"{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","SessionToken":"t","Expiration":"2100-01-01T00:00:00Z"}"#
        let words = try #require(ShellWords.split("printf %s '\(document)' ';' '$HOME'"))
        let source = ProcessSource(profile: "p", command: ["printf", "%s", document])
        #expect(words == ["printf", "%s", document, ";", "$HOME"])
        let found = try await fetch(["PATH": "/usr/bin:/bin"], .process(source), harness).get()
        #expect(found.accessKeyID == "AKID" && found.sessionToken == "t")
        #expect(found.expiration == WallTime(rfc3339: "2100-01-01T00:00:00Z"))
        await harness.stop()
    }

    @Test(
        arguments: [
            (["sh", "-c", "echo first >&2; echo 'sign in first' >&2; exit 3"], "status 3: sign in first"),
            (["sh", "-c", "kill -9 $$"], "signal 9"), (["echo", "{}"], "Version 1"),
            (["echo", #"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"}"#], "Version 1"),
            (["echo", #"{"Version":1,"AccessKeyId":"A"}"#], "lacks AccessKeyId or SecretAccessKey"),
            (["echo", "no json"], "no JSON"), (["/nonexistent/program"], "cannot be started"),
            (["echo", #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"}"#], "RFC 3339"),
            (
                ["printf", #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"a\\nb: c"}"#],
                "printable"
            ),
        ] as [([String], String)])
    func `a process that does not give credentials says why`(command: [String], words: String) async throws {
        let harness = try ClientHarness(endpoint: "http://127.0.0.1:1")
        let plan = CredentialPlan.process(ProcessSource(profile: "p", command: command))
        let said = message(await fetch(["PATH": "/usr/bin:/bin"], plan, harness))
        #expect(said.contains(words) && said.contains("profile p (credential_process)"), "\(said)")
        await harness.stop()
    }

    // MARK: Containers

    @Test func `a container's token is sent, from its file where there is one`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-token")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(Array("container-token".utf8), to: folder + "/token")
        try Files.writeAtomically(Array("container-token\n".utf8), to: folder + "/line")
        try await withStandIn { request, _ in
            CredentialStandIn.answer(request)
        } _: { server, harness in
            let plan = CredentialPlan.container(url: server.endpoint + "/guarded")
            let found = try await fetch(["AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"], plan, harness).get()
            #expect(found.accessKeyID == "AKIDGUARDED" && found.sessionToken == "token" && found.expiration != nil)
            let variables = [
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder + "/token",
            ]
            #expect(try await fetch(variables, plan, harness).get().accessKeyID == "AKIDGUARDED")
            let line = message(
                await fetch(["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder + "/line"], plan, harness))
            #expect(line.contains("the end of a line") && !line.contains("container-token"))
            #expect(message(await fetch([:], plan, harness)).contains("HTTP 401"))
            #expect(server.requests.count == 5, "a refusal is tried three times")
        }
    }

    @Test(arguments: [
        ("http://169.254.170.2/x", true), ("http://169.254.170.23/v1/credentials", true),
        ("http://[fd00:ec2::23]/v1", true), ("http://localhost:1/x", true), ("http://127.9.9.9/x", true),
        ("http://[::1]:1/x", true), ("https://anywhere.example/x", true), ("http://anywhere.example/x", false),
        ("http://127.0.0.1.example/x", false), ("http://127.0.0.1@evil.example/x", false), ("http://10.0.0.1/", false),
        ("http://169.254.170.2\\@evil.example/", false), ("http://127.1/x", false), ("file:///etc/passwd", false),
        ("http://localhost#@evil.example/", false), ("http://0177.0.0.1/", false), ("", false),
    ])
    func `only hosts of the machine are asked without TLS`(url: String, isAllowed: Bool) async throws {
        let harness = try ClientHarness(endpoint: "http://127.0.0.1:1")
        let transport = Refusing()
        let endpoint = ContainerEndpoint(
            settings: AWSSettings(environment: [:]), http: LocalHTTP(transport: transport), sleep: { _ in })
        _ = await failure { () throws(AWSError) in _ = try await endpoint.credentials(url) }
        #expect((transport.count > 0) == isAllowed)
        await harness.stop()
    }

    // MARK: Instances

    @Test func `an instance's credentials take a token, a role's name and their own request`() async throws {
        try await withStandIn { request, _ in
            CredentialStandIn.answer(request)
        } _: { server, harness in
            let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint]
            let found = try await fetch(variables, .instanceMetadata, harness).get()
            #expect(found.accessKeyID == "AKIDINSTANCE")
            #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
            let off = variables.merging(["AWS_EC2_METADATA_DISABLED": "TRUE"]) { $1 }
            #expect(message(await fetch(off, .instanceMetadata, harness)).contains("AWS_EC2_METADATA_DISABLED"))
            #expect(server.requests.count == 3)
        }
    }

    @Test(
        arguments: [
            ([:], "169.254.169.254"), (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "[fd00:ec2::254]"),
            (["AWS_IMDS_USE_IPV6": "true"], "[fd00:ec2::254]"),
            (["AWS_IMDS_USE_IPV6": "true", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4"], "169.254.169.254"),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://own:8/x"], "own:8"),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv5"], nil),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "own"], nil),
        ] as [([String: String], String?)])
    func `the metadata service is where its variables say`(variables: [String: String], host: String?) async throws {
        let transport = Refusing()
        let service = InstanceMetadata(
            settings: AWSSettings(environment: variables), http: LocalHTTP(transport: transport),
            clock: SystemWallClock(), random: { 0 })
        let error = await failure { () throws(AWSError) in _ = try await service.credentials() }
        #expect(error != nil && transport.hosts == (host.map { [$0] } ?? []))
    }

    @Test(arguments: [true, false])
    func `a token that does not come is told with the hop limit`(isFirstVersionOff: Bool) async throws {
        try await withStandIn { request, _ in
            request.method == "PUT" ? .hang : .reply(401, "")
        } _: { server, harness in
            var variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint]
            if isFirstVersionOff { variables["AWS_EC2_METADATA_V1_DISABLED"] = "true" }
            let said = message(await fetch(variables, .instanceMetadata, harness))
            #expect(said.contains("--http-put-response-hop-limit 2"), "\(said)")
            #expect(server.requests.map(\.method) == (isFirstVersionOff ? ["PUT"] : ["PUT", "GET"]))
        }
    }

    @Test func `a service without tokens is asked by its first version`() async throws {
        try await withStandIn { request, _ in
            switch (request.method, request.target) {
            case ("PUT", _): .reply(404, "")
            case (_, CredentialStandIn.role): .reply(200, "the-role")
            default: .reply(200, CredentialStandIn.document("AKIDFIRST"))
            }
        } _: { server, harness in
            let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint]
            let found = try await fetch(variables, .instanceMetadata, harness).get()
            #expect(found.accessKeyID == "AKIDFIRST")
            let off = variables.merging(["AWS_EC2_METADATA_V1_DISABLED": "true"]) { $1 }
            #expect(message(await fetch(off, .instanceMetadata, harness)).contains("first version is disabled"))
        }
    }

    @Test func `an instance whose credentials were not renewed is asked again later`() async throws {
        let clock = TurnedClock()
        let old = CredentialStandIn.document("AKIDOLD").replacing(CredentialStandIn.end.prefix(4), with: "2001")
        try await withStandIn { request, _ in
            switch (request.method, request.target) {
            case ("PUT", _): .reply(200, "T")
            case (_, CredentialStandIn.role): .reply(200, "the-role")
            default: .reply(200, old)
            }
        } _: { server, harness in
            let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint]
            let found = try await fetch(variables, .instanceMetadata, harness, clock: clock).get()
            #expect(found.expiration == clock.now() + .seconds(900 + 120 + 240))
        }
    }

    @Test(arguments: [
        ("the role/../x", "names no role"), ("", "HTTP 200"),
        ("role", #"AssumeRoleUnauthorizedAccess: EC2 cannot assume the role"#),
    ])
    func `a metadata service that gives none says why`(role: String, words: String) async throws {
        let refused = #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"}"#
        try await withStandIn { request, _ in
            switch (request.method, request.target) {
            case ("PUT", _): .reply(200, "T")
            case (_, CredentialStandIn.role): .reply(200, role)
            default: .reply(200, refused)
            }
        } _: { server, harness in
            let said = message(
                await fetch(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint], .instanceMetadata, harness))
            #expect(said.contains(words), "\(said)")
            #expect(said.hasPrefix("no AWS credentials: "))
        }
    }
}

/// Counts, and reaches nobody.
private final class Refusing: HTTPTransport {
    private let calls = Mutex<[String]>([])
    var hosts: [String] { calls.withLock { $0 } }
    var count: Int { hosts.count }
    func send(_ request: HTTPRequest, timeouts: HTTPTimeouts, into sink: any ReplySink) async throws(AWSError) {
        calls.withLock { $0.append(request.authority) }
        throw AWSError(.connection("no route"))
    }
}
