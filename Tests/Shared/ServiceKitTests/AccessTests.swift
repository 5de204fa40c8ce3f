import API
import Crypto
import Platform
import RPC
import ServiceKit
import Storage
import Synchronization
import TestSupport
import Testing
import Wire

private let service = "parapet.test.v1.TestService"

private func access(_ role: AccessRole = .unspecified, _ services: [String] = [], open: Bool = false) -> Access {
    Access.with {
        $0.role = role
        $0.services = services
        $0.open = open
    }
}

private let policy = AccessPolicy(methods: [
    "\(service)/Read": access(.viewer), "\(service)/Act": access(.operator), "\(service)/Rule": access(.admin),
    "\(service)/Tell": access(.unspecified, ["sync-service"]),
    "\(service)/Both": access(.viewer, ["sync-service", "assessment-service"]),
    "\(service)/Open": access(open: true),
])

/// Knows `viewer`, `operator` and `admin` as tokens of that role.
private struct FixedTokens: TokenSource {
    func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        Role.allCases.first { SHA256.digest("\($0)") == hash }.map { Caller(kind: .person($0), name: "kim-\($0)") }
    }
}

private func call(_ method: String, token: String? = nil, peer: Peer = Peer(address: "127.0.0.1:1", isTLS: true))
    -> CallContext
{
    var metadata = Metadata()
    if let token { metadata.add("authorization", "Bearer \(token)") }
    return CallContext(service: service, method: method, metadata: metadata, peer: peer)
}

private func peer(_ uris: String..., isTLS: Bool = true) -> Peer {
    Peer(address: "127.0.0.1:1", uriNames: uris, commonName: "x", isTLS: isTLS)
}

@Suite struct AuthenticatorTests {
    private let refusals = Collected<Refusal>()
    private var authenticator: Authenticator {
        Authenticator(policy: policy, tokens: FixedTokens()) { [refusals] in refusals.add($0) }
    }

    @Test(arguments: ["Read", "Act", "Rule", "Tell", "Both", "Missing", "Open"])
    func `only what is open is decided without waiting`(method: String) {
        let caller = authenticator.authorizeNow(
            call(method, token: "admin", peer: peer("spiffe://parapet/sync-service")))
        #expect(caller == (method == "Open" ? .anonymous : nil))
    }

    @Test(arguments: [
        ("Read", ["viewer", "operator", "admin"]), ("Act", ["operator", "admin"]), ("Rule", ["admin"]), ("Tell", []),
        ("Both", ["viewer", "operator", "admin"]), ("Missing", []),
    ]) func `a role may do what its own and lower roles may`(method: String, allowed: [String]) async {
        for role in ["viewer", "operator", "admin"] {
            do throws(RPCError) {
                let caller = try await authenticator.authorize(call(method, token: role))
                #expect(caller.name == "kim-\(role)")
                #expect(allowed.contains(role))
            } catch {
                #expect(error.code == .permissionDenied)
                #expect(!allowed.contains(role))
            }
        }
        #expect(refusals.all.count == 3 - allowed.count)
    }

    @Test(arguments: [
        ("Read", []), ("Tell", ["sync-service"]), ("Both", ["sync-service", "assessment-service"]), ("Missing", []),
    ]) func `a service may call what names it and nothing else`(method: String, allowed: [String]) async {
        for name in ServiceName.allCases {
            do throws(RPCError) {
                let caller = try await authenticator.authorize(call(method, peer: peer(name.uri)))
                #expect(caller == Caller(kind: .service(name.rawValue), name: name.rawValue))
                #expect(allowed.contains(name.rawValue))
            } catch {
                #expect(error.code == .permissionDenied)
                #expect(!allowed.contains(name.rawValue))
            }
        }
    }

    @Test func `a refusal says what is needed and is reported with who asked`() async {
        await #expect(throws: RPCError(.permissionDenied, "Rule: needs the role admin; kim-viewer has viewer")) {
            try await authenticator.authorize(call("Rule", token: "viewer"))
        }
        await #expect(throws: RPCError(.permissionDenied, "Tell: for sync-service only")) {
            try await authenticator.authorize(call("Tell", token: "admin"))
        }
        await #expect(throws: RPCError(.permissionDenied, "Missing: nobody may call it")) {
            try await authenticator.authorize(call("Missing", token: "admin"))
        }
        #expect(refusals.all.map(\.caller.name) == ["kim-viewer", "kim-admin", "kim-admin"])
    }

    @Test func `without valid credentials nobody is anybody`() async {
        var twice = Metadata()
        twice.add("authorization", "Bearer admin")
        twice.add("authorization", "Bearer admin")
        var basic = Metadata()
        basic.add("authorization", "Basic YWRtaW46")
        var long = Metadata()
        long.add("authorization", "Bearer " + String(repeating: "a", count: 5000))
        let calls = [
            call("Read"), call("Read", token: "nonsense"), call("Read", token: ""),
            // A bad token is not made good by a certificate.
            call("Tell", token: "nonsense", peer: peer(ServiceName.sync.uri)),
            // Names that only look like a service's.
            call("Tell", peer: peer("spiffe://parapet/sync-service/x")), call("Tell", peer: peer("spiffe://parapet/")),
            call("Tell", peer: peer("spiffe://parapet.evil/sync-service")),
            call("Tell", peer: peer(ServiceName.account.uri, ServiceName.sync.uri)),
            call("Tell", peer: peer(ServiceName.sync.uri, isTLS: false)),
            CallContext(service: service, method: "Read", metadata: twice),
            CallContext(service: service, method: "Read", metadata: basic),
            CallContext(service: service, method: "Read", metadata: long),
        ]
        for call in calls {
            let error = await #expect(throws: RPCError.self) { try await authenticator.authorize(call) }
            #expect(error?.code == .unauthenticated)
            #expect(error?.message.contains("nonsense") == false)
        }
        #expect(refusals.all.count == calls.count)
    }

    @Test func `what is open is open to all, whatever they present`() async throws {
        for token in [nil, "viewer", "nonsense"] {
            #expect(try await authenticator.authorize(call("Open", token: token)) == .anonymous)
        }
    }
}

@Suite struct AccessPolicyTests {
    private func checkedIn() throws -> AccessPolicy {
        try AccessPolicy(descriptors: try Checkout.read("share/parapet/descriptors.pb"))
    }

    @Test func `the options in the checked-in descriptors are found`() throws {
        let policy = try checkedIn()
        let account = "parapet.account.v1.AccountService"
        #expect(policy.access(service: account, method: "CreateAccount")?.role == .admin)
        #expect(policy.access(service: account, method: "GetConnection")?.services == ["sync-service"])
        #expect(policy.access(service: account, method: "GetConnection")?.role == .unspecified)
        #expect(policy.access(service: account, method: "Nonsense") == nil)
        #expect(policy.access(service: "grpc.health.v1.Health", method: "Check")?.open == true)
        #expect(
            policy.access(service: "grpc.reflection.v1.ServerReflection", method: "ServerReflectionInfo")?.role
                == .viewer)
    }

    @Test func `nothing of Parapet's own is open`() throws {
        let policy = try checkedIn()
        for name in policy.methodNames where name.hasPrefix("parapet.") {
            let parts = name.split(separator: "/").map(String.init)
            #expect(policy.access(service: parts[0], method: parts[1])?.open == false, "\(name)")
        }
    }

    @Test func `a method without an option is for nobody`() throws {
        var file = FileDescriptorProto()
        file.package = "p"
        var service = ServiceDescriptorProto()
        service.name = "S"
        var method = MethodDescriptorProto()
        method.name = "M"
        service.method = [method]
        file.service = [service]
        let policy = try AccessPolicy(descriptors: FileDescriptorSet.with { $0.file = [file] }.encoded())
        #expect(policy.access(service: "p.S", method: "M") == nil)
        for caller in [Caller(kind: .person(.admin), name: "a"), Caller(kind: .service("sync-service"), name: "s")] {
            #expect(throws: RPCError.self) { try policy.check(caller, service: "p.S", method: "M") }
        }
    }

    @Test func `what is no descriptor set is refused`() {
        #expect(throws: ConfigurationError.self) { try AccessPolicy(descriptors: [0xff, 0xff]) }
    }
}

@Suite struct TokenFileTests {
    private static let hash = Hex.encode(SHA256.digest("secret-token"))

    private func withFile(_ text: String, mode: UInt32 = 0o600, _ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try Files.writeAtomically(Array(text.utf8), to: directory + "/tokens", mode: mode)
            try await body(directory + "/tokens")
        }
    }

    @Test func `a token is known by its hash, until the file says otherwise`() async throws {
        try await withFile("# people\n\noperator \(Self.hash) kim at work\n") { path in
            let tokens = try TokenFile(path: path)
            #expect(
                try await tokens.holder(ofTokenHash: SHA256.digest("secret-token"))
                    == Caller(kind: .person(.operator), name: "kim at work"))
            #expect(try await tokens.holder(ofTokenHash: SHA256.digest("secret-tokem")) == nil)
            try Files.writeAtomically(Array("broken".utf8), to: path)
            #expect(throws: ConfigurationError.self) { try tokens.reload() }
            #expect(try await tokens.holder(ofTokenHash: SHA256.digest("secret-token")) != nil)
            try Files.writeAtomically([], to: path)
            try tokens.reload()
            #expect(try await tokens.holder(ofTokenHash: SHA256.digest("secret-token")) == nil)
        }
    }

    @Test(arguments: ["root HASH kim", "viewer HASH", "viewer 00ff kim", "viewer secret-token kim"])
    func `a line that is none is named by its number, not repeated`(line: String) async throws {
        let line = line.split(separator: "HASH", omittingEmptySubsequences: false).joined(separator: Self.hash)
        try await withFile("viewer \(Self.hash) ok\n\(line)\n") { path in
            let error = #expect(throws: ConfigurationError.self) { try TokenFile(path: path) }
            #expect(error?.description.contains("line 2") == true)
            #expect(error?.description.contains("secret-token") == false)
        }
    }

    @Test func `a file that others can write is refused`() async throws {
        try await withFile("", mode: 0o662) { path in
            #expect(throws: ConfigurationError.unusable("\(path): others can write it")) { try TokenFile(path: path) }
        }
    }
}

@Suite struct CachedTokenSourceTests {
    private final class Counting: TokenSource {
        let asked = Mutex(0)
        let answer = Mutex<Caller?>(Caller(kind: .person(.viewer), name: "kim"))
        func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
            asked.withLock { $0 += 1 }
            return answer.withLock { $0 }
        }
    }

    @Test func `an answer is remembered for thirty seconds, no longer`() async throws {
        let source = Counting()
        let clock = ManualClock()
        let cache = CachedTokenSource(source, clock: clock)
        for _ in 0..<3 { #expect(try await cache.holder(ofTokenHash: [1])?.name == "kim") }
        #expect(source.asked.withLock { $0 } == 1)
        source.answer.withLock { $0 = nil }
        clock.advance(by: .seconds(29))
        #expect(try await cache.holder(ofTokenHash: [1]) != nil)
        clock.advance(by: .seconds(1))
        #expect(try await cache.holder(ofTokenHash: [1]) == nil)
        #expect(try await cache.holder(ofTokenHash: [1]) == nil)
        #expect(source.asked.withLock { $0 } == 2)
    }
}

@Suite struct RefusalAuditTests {
    @Test func `a flood by strangers is counted, not written; a person's refusals always are`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await Database.open(
                path: directory + "/a.db", migrations: [Migration(1, AuditLog.schema)])
            let clock = ManualClock()
            let log = AuditLog(database: database, clock: clock)
            let audit = RefusalAudit(log, logger: .silent, clock: clock)
            let stranger = Refusal(call: call("Read"), caller: .anonymous, error: RPCError(.unauthenticated, "who?"))
            for _ in 0..<100 { await audit.record(stranger) }
            #expect(try await log.records(limit: 1000).count == 60)
            let kim = Caller(kind: .person(.viewer), name: "kim")
            await audit.record(Refusal(call: call("Rule"), caller: kim, error: RPCError(.permissionDenied, "no")))
            clock.advance(by: .seconds(60))
            await audit.record(stranger)
            let last = try await log.records(limit: 2, newestFirst: true).map(\.event)
            #expect(last.map(\.outcome) == [.refused, .refused])
            #expect(last[1].callerName == "kim" && last[1].action == "Rule")
            #expect(last[0].detail.hasSuffix("40 more before it were not recorded"))
        }
    }
}
