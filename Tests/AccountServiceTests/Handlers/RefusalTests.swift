import API
import Platform
import RPC
import ServiceKit
import Testing
import Wire

@testable import AccountService

/// Each RPC's bad input, and what the states refuse.
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let code: StatusCode
        /// What the message has to name.
        let names: String
        let call: @Sendable (Bench, String) async throws -> Void
        var testDescription: String { what }

        init(
            _ what: String, _ code: StatusCode, names: String,
            _ call: @escaping @Sendable (Bench, String) async throws -> Void
        ) {
            (self.what, self.code, self.names, self.call) = (what, code, names, call)
        }
    }

    private static func update(
        _ what: String, names: String, _ paths: [String],
        _ set: @escaping @Sendable (inout UpdateAccountRequest) -> Void
    ) -> Case {
        Case(what, .invalidArgument, names: names) { bench, id in _ = try await bench.update(id, paths, set) }
    }

    static let input: [Case] = [
        Case("create without a name", .invalidArgument, names: "name:") { bench, _ in _ = try await bench.draft("") },
        Case("create with a bad name", .invalidArgument, names: "name:") { bench, _ in _ = try await bench.draft("a/b")
        },
        Case("create with a taken name", .alreadyExists, names: "'prod'") { bench, _ in
            _ = try await bench.draft("PROD")
        },
        Case("create with a short external ID", .invalidArgument, names: "external_id:") { bench, _ in
            _ = try await bench.draft("x", secret: "a")
        },
        Case("template without a format", .invalidArgument, names: "format:") { bench, id in
            _ = try await bench.handlers.getRoleTemplate(.with { $0.accountId = id }, bench.call())
        },
        Case("template for a bad role name", .invalidArgument, names: "role_name:") { bench, id in
            _ = try await bench.handlers.getRoleTemplate(
                .with {
                    $0.accountId = id
                    $0.format = .manual
                    $0.roleName = "a b"
                }, bench.call())
        },
        update("update nothing", names: "update_mask:", []) { _ in },
        update("update an unknown path", names: "'aws_account_id'", ["name", "aws_account_id"]) { $0.name = "x" },
        update("update a part of a field", names: "'regions.all'", ["regions.all"]) { _ in },
        update("update to no name", names: "name:", ["name"]) { _ in },
        update("update to no ARN", names: "role_arn:", ["role_arn"]) { _ in },
        update("update to a user's ARN", names: "role_arn:", ["role_arn"]) {
            $0.roleArn = "arn:aws:iam::111122223333:user/x"
        },
        update("update to no external ID", names: "external_id:", ["external_id"]) { _ in },
        update("update to no regions", names: "regions:", ["regions"]) { _ in },
        update("update to an unknown region", names: "mars-north-1", ["regions"]) {
            $0.regions = .with { $0.names = ["mars-north-1"] }
        },
        update("update to a region twice", names: "regions:", ["regions"]) {
            $0.regions = .with { $0.names = ["us-east-1", "us-east-1"] }
        },
        update("update to too seldom", names: "schedule.every_hours:", ["schedule"]) {
            $0.schedule = .with { $0.everyHours = 169 }
        },
        Case("update to a taken name", .alreadyExists, names: "'other'") { bench, id in
            _ = try await bench.draft("other")
            _ = try await bench.update(id, ["name"]) { $0.name = "OTHER" }
        },
        Case("test a bad ARN", .invalidArgument, names: "role_arn:") { bench, id in
            _ = try await bench.test(id, role: "arn:aws:iam::1:role/x")
        },
        Case("test without a role", .failedPrecondition, names: "no role yet") { bench, id in
            _ = try await bench.test(id)
        },
        Case("connect without a role", .failedPrecondition, names: "no role yet") { bench, id in
            _ = try await bench.handlers.connectAccount(.with { $0.accountId = id }, bench.call())
        },
        Case("connect with another partition's region", .invalidArgument, names: "cn-north-1") { bench, id in
            _ = try await bench.handlers.connectAccount(
                .with {
                    $0.accountId = id
                    $0.roleArn = Sample.roleText
                    $0.regions = .with { $0.names = ["cn-north-1"] }
                }, bench.call())
        },
        Case("list a page of -1", .invalidArgument, names: "page_size:") { bench, _ in
            _ = try await bench.handlers.listAccounts(.with { $0.pageSize = -1 }, bench.call())
        },
        Case("list a page of 501", .invalidArgument, names: "page_size:") { bench, _ in
            _ = try await bench.handlers.listAccounts(.with { $0.pageSize = 501 }, bench.call())
        },
        Case("list with another list's token", .invalidArgument, names: "page_token:") { bench, _ in
            let token = bench.handlers.pages.issue(list: "ListSyncs", filter: ["0", ""], position: ["a"])
            _ = try await bench.handlers.listAccounts(.with { $0.pageToken = token }, bench.call())
        },
        Case("check no hash", .invalidArgument, names: "token_sha256:") { bench, _ in
            _ = try await bench.handlers.checkToken(.with { $0.tokenSha256 = [1] }, bench.service())
        },
        Case("check an unknown token", .notFound, names: "token") { bench, _ in
            _ = try await bench.handlers.checkToken(
                .with { $0.tokenSha256 = [UInt8](repeating: 9, count: 32) }, bench.service())
        },
        Case("a lease by name", .notFound, names: "'prod'") { bench, _ in _ = try await bench.connection("prod") },
        Case("a lease for a draft", .failedPrecondition, names: "a draft") { bench, id in
            _ = try await bench.connection(id)
        },
    ]

    @Test(arguments: input)
    func `bad input is refused by naming the field or the state`(input: Case) async throws {
        try await Bench.run { bench in
            let id = try await bench.draft().id
            let error = await status { try await input.call(bench, id) }
            #expect(error?.code == input.code)
            #expect(error?.message.contains(input.names) == true, "\(error?.message ?? "")")
            #expect(try await bench.get(id).state == .draft)
        }
    }

    /// Every RPC that addresses an account.
    static let addressing: [(String, @Sendable (Bench, String) async throws -> Void)] = [
        ("GetAccount", { bench, id in _ = try await bench.get(id) }),
        ("UpdateAccount", { bench, id in _ = try await bench.update(id, ["name"]) { $0.name = "x" } }),
        ("TestConnection", { bench, id in _ = try await bench.test(id) }),
        ("GetConnection", { bench, id in _ = try await bench.connection(id) }),
        (
            "GetRoleTemplate",
            { bench, id in
                _ = try await bench.handlers.getRoleTemplate(
                    .with {
                        $0.accountId = id
                        $0.format = .manual
                    }, bench.call())
            }
        ),
        (
            "ListRegions",
            { bench, id in _ = try await bench.handlers.listRegions(.with { $0.accountId = id }, bench.call()) }
        ),
        (
            "ConnectAccount",
            { bench, id in _ = try await bench.handlers.connectAccount(.with { $0.accountId = id }, bench.call()) }
        ),
        (
            "EnableAccount",
            { bench, id in _ = try await bench.handlers.enableAccount(.with { $0.accountId = id }, bench.call()) }
        ),
        (
            "DisableAccount",
            { bench, id in _ = try await bench.handlers.disableAccount(.with { $0.accountId = id }, bench.call()) }
        ),
        (
            "DeleteAccount",
            { bench, id in _ = try await bench.handlers.deleteAccount(.with { $0.accountId = id }, bench.call()) }
        ),
        (
            "WatchAccount",
            { bench, id in
                try await bench.handlers.watchAccount(
                    .with { $0.accountId = id }, ResponseStream(collectingInto: CollectedResponses()), bench.call())
            }
        ),
    ]

    @Test(arguments: addressing.indices)
    func `an unknown account is not found, and none is demanded`(index: Int) async throws {
        let call = Self.addressing[index].1
        try await Bench.run { bench in
            let unknown = await status { try await call(bench, "nobody\u{7}") }
            #expect(unknown?.code == .notFound)
            #expect(unknown?.message.contains("'nobody?'") == true)
            let empty = await status { try await call(bench, "") }
            #expect(empty?.code == .invalidArgument)
            #expect(empty?.message.hasPrefix("account_id:") == true)
        }
    }

    @Test func `a frozen account refuses every call to AWS and still answers reads`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            try await bench.delivering {
                _ = try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
                try await eventually("it is disabled") { try await bench.get(account.id).state == .disabled }
            }
            let probes = bench.sync.seen.probes.count
            for call in [Self.addressing[2].1, Self.addressing[3].1, Self.addressing[6].1, Self.addressing[8].1] {
                let error = await status { try await call(bench, account.id) }
                #expect(error?.code == .failedPrecondition)
                #expect(error?.message.contains("disabled") == true)
            }
            #expect(await status { try await bench.connection(account.id, sync: "") }?.code == .failedPrecondition)
            let regions = try await bench.handlers.listRegions(.with { $0.accountId = account.id }, bench.call())
            #expect(!regions.optInKnown)
            #expect(regions.optInError.contains("enable it first"))
            #expect(bench.sync.seen.probes.count == probes)
        }
    }

    @Test func `every change and every refusal is in the audit log`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            _ = await status {
                try await bench.handlers.enableAccount(.with { $0.accountId = account.id }, bench.call())
            }
            _ = try await bench.handlers.getRoleTemplate(
                .with {
                    $0.accountId = account.id
                    $0.format = .terraform
                }, bench.call())
            let events = try await bench.audited()
            #expect(events.allSatisfy { $0.callerName == "root" && $0.accountID == account.id })
            let told = events.map { "\($0.action) \($0.outcome)" }
            #expect(told.first == "CreateAccount done")
            #expect(told.contains("ConnectAccount done"))
            #expect(told.contains("EnableAccount refused"))
            #expect(told.last == "GetRoleTemplate done")
            #expect(try await bench.store.audit.verify() == nil)
        }
    }
}
