import API
import Platform
import RPC
import ServiceKit
import Testing
import Wire

@testable import AccountService

struct OnboardingTests {
    @Test func `four steps connect an account and start its first sync`() async throws {
        try await Bench.run { bench in
            let draft = try await bench.draft("Team A")
            #expect(draft.state == .draft)
            #expect(draft.revision == 1)
            let template = try await bench.handlers.getRoleTemplate(
                .with {
                    $0.accountId = "team a"
                    $0.format = .cloudformation
                }, bench.call())
            #expect(template.principalArn == "arn:aws:iam::999988887777:role/parapet")
            #expect(template.notices == ["SecurityAudit could read more"])
            _ = try await bench.update(draft.id, ["role_arn"]) { $0.roleArn = Sample.roleText }
            let steps = try await bench.test(draft.id)
            #expect(steps.map(\.progress) == ["assuming the role", ""])
            #expect(steps.last?.result?.passed == true)
            #expect(steps.last?.result?.checks.map(\.outcome) == [.passed, .warning])

            let answer = try await bench.handlers.connectAccount(
                .with {
                    $0.accountId = draft.id
                    $0.regions = .with { $0.names = ["us-east-1", "eu-central-1"] }
                }, bench.call())
            let account = try #require(answer.account)
            #expect(account.state == .enabled)
            #expect(account.awsAccountId == "111122223333")
            #expect(account.partition == "aws")
            #expect(account.regions?.names == ["eu-central-1", "us-east-1"])
            #expect(account.schedule?.everyHours == 24)
            #expect(answer.test?.passed == true)
            // The test of a moment ago was enough.
            #expect(bench.sync.seen.probes.count == 1)
            try await bench.delivering {
                try await eventually("the first sync") { bench.sync.seen.started.count == 1 }
            }
            let connection = try await bench.connection(account.id)
            #expect(template.template.contains(connection.externalId))
            #expect(connection.roleArn == Sample.roleText)
            #expect(connection.leaseSeconds == 60)
            #expect(connection.regions?.names == ["eu-central-1", "us-east-1"])
        }
    }

    @Test func `a test of more than 15 minutes ago is made again`() async throws {
        try await Bench.run { bench in
            let draft = try await bench.draft()
            _ = try await bench.test(draft.id, role: Sample.roleText)
            bench.clock.advance(.seconds(901))
            _ = try await bench.handlers.connectAccount(.with { $0.accountId = draft.id }, bench.call())
            #expect(bench.sync.seen.probes.count == 2)
        }
    }

    @Test func `a failed check keeps the account a draft and says why`() async throws {
        try await Bench.run { bench in
            bench.sync.set { $0.failure = "AccessDenied: not authorized to perform sts:AssumeRole" }
            let draft = try await bench.draft()
            let error = await status {
                try await bench.handlers.connectAccount(
                    .with {
                        $0.accountId = draft.id
                        $0.roleArn = Sample.roleText
                    }, bench.call())
            }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.message.contains("AccessDenied: not authorized") == true)
            let account = try await bench.get(draft.id)
            #expect(account.state == .draft)
            #expect(account.roleArn == Sample.roleText)
            #expect(account.lastTest?.passed == false)
        }
    }

    @Test func `one AWS account is connected once`() async throws {
        try await Bench.run { bench in
            _ = try await bench.connected("first")
            let error = await status { try await bench.connected("second") }
            #expect(error?.code == .alreadyExists)
            #expect(error?.message.contains("'first'") == true)
            #expect(try await bench.get("second").state == .draft)
        }
    }

    @Test func `of two that connect one AWS account at once, one is refused`() async throws {
        try await Bench.run { bench in
            let slow = try await bench.draft("slow")
            bench.sync.set { state in
                state.duringProbe = {
                    bench.sync.set { $0.duringProbe = nil }
                    _ = try? await bench.connected("fast")
                }
            }
            let error = await status {
                try await bench.handlers.connectAccount(
                    .with {
                        $0.accountId = slow.id
                        $0.roleArn = Sample.roleText
                    }, bench.call())
            }
            #expect(error?.code == .alreadyExists)
            #expect(try await bench.get("fast").state == .enabled)
            #expect(try await bench.get("slow").state == .draft)
        }
    }

    @Test func `a connection that was changed during its test is not the one that is connected`() async throws {
        try await Bench.run { bench in
            let draft = try await bench.draft()
            bench.sync.set { state in
                state.duringProbe = {
                    _ = try? await bench.update(draft.id, ["role_arn"]) {
                        $0.roleArn = "arn:aws:iam::111122223333:role/Other"
                    }
                }
            }
            let error = await status { try await bench.test(draft.id, role: Sample.roleText) }
            #expect(error?.code == .aborted)
            #expect(try await bench.get(draft.id).lastTest == nil)
        }
    }

    @Test func `a new connection of a connected account is in use once its test passed`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected(secret: "first-secret")
            let changed = try await bench.update(account.id, ["role_arn", "external_id"]) {
                $0.roleArn = "arn:aws:iam::111122223333:role/New"
                $0.externalId = "second-secret"
            }
            #expect(changed.roleArn == Sample.roleText)
            #expect(changed.candidate?.revision == 2)
            #expect(changed.candidate?.externalIdChanged == true)
            #expect(try await bench.connection(account.id).externalId == "first-secret")
            #expect(try await bench.connection(account.id, revision: 2, sync: "").externalId == "second-secret")
            #expect(await status { try await bench.connection(account.id, revision: 2) }?.code == .failedPrecondition)
            let template = try await bench.handlers.getRoleTemplate(
                .with {
                    $0.accountId = account.id
                    $0.format = .terraform
                }, bench.call())
            #expect(template.template.contains("second-secret"))

            bench.sync.set { $0.failure = "AccessDenied" }
            #expect(try await bench.test(account.id).last?.result?.passed == false)
            #expect(try await bench.connection(account.id).revision == 1)

            bench.sync.set { $0.failure = nil }
            #expect(try await bench.test(account.id).last?.result?.revision == 2)
            let promoted = try await bench.get(account.id)
            #expect(promoted.revision == 2)
            #expect(promoted.candidate == nil)
            #expect(promoted.roleArn == "arn:aws:iam::111122223333:role/New")
            #expect(try await bench.connection(account.id).externalId == "second-secret")
            try await bench.delivering {
                try await eventually("both syncs were asked for") { bench.sync.seen.started.count == 2 }
            }
        }
    }

    @Test func `what is edited while disabled takes effect on enabling`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            try await bench.delivering {
                try await eventually("the first sync") { bench.sync.seen.started.count == 1 }
                _ = try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
                try await eventually("it is disabled") { try await bench.get(account.id).state == .disabled }
                _ = try await bench.update(account.id, ["regions", "schedule", "name"]) {
                    $0.regions = .with { $0.names = ["us-east-1"] }
                    $0.schedule = .with { $0.off = true }
                    $0.name = "renamed"
                }
                #expect(bench.sync.seen.started.count == 1)
                let enabled = try await bench.handlers.enableAccount(.with { $0.accountId = "Renamed" }, bench.call())
                #expect(enabled.account?.state == .enabled)
                try await eventually("the sync of enabling") { bench.sync.seen.started.count == 2 }
            }
            let connection = try await bench.connection(account.id)
            #expect(connection.regions?.names == ["us-east-1"])
            #expect(connection.schedule?.off == true)
            #expect(connection.accountName == "renamed")
        }
    }

    @Test func `a template without a known principal names the way out`() async throws {
        try await Bench.run { bench in
            let draft = try await bench.draft()
            bench.sync.set {
                $0.permissions.principal = ""
                $0.permissions.principalError = "no credentials found"
            }
            let error = await status {
                try await bench.handlers.getRoleTemplate(
                    .with {
                        $0.accountId = draft.id
                        $0.format = .manual
                    }, bench.call())
            }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.message.contains("--principal-arn") == true)
            #expect(error?.message.contains("no credentials found") == true)
            #expect(try await bench.audited().last?.outcome == .refused)
        }
    }

    @Test func `regions show their opt-in state when the account can be asked`() async throws {
        try await Bench.run { bench in
            let draft = try await bench.draft()
            func list() async throws -> ListRegionsResponse {
                try await bench.handlers.listRegions(.with { $0.accountId = draft.id }, bench.call())
            }
            let before = try await list()
            #expect(before.regions.map(\.name) == ["af-south-1", "eu-central-1", "us-east-1"])
            #expect(before.regions.map(\.optInState) == [.unspecified, .notRequired, .notRequired])
            #expect(!before.optInKnown)
            #expect(!before.optInError.isEmpty)
            #expect(before.defaultResourcesNotice.contains("VPC"))

            _ = try await bench.update(draft.id, ["role_arn", "regions"]) {
                $0.roleArn = Sample.roleText
                $0.regions = .with { $0.names = ["us-east-1"] }
            }
            bench.sync.set {
                $0.regions = ["af-south-1": "not-opted-in", "us-east-1": "opt-in-not-required", "xx-new-1": "opted-in"]
            }
            let known = try await list()
            #expect(known.optInKnown)
            #expect(known.regions.map(\.name) == ["af-south-1", "eu-central-1", "us-east-1", "xx-new-1"])
            #expect(known.regions.map(\.optInState) == [.notOptedIn, .notRequired, .notRequired, .optedIn])
            #expect(known.regions.map(\.selected) == [false, false, true, false])
            #expect(
                bench.sync.seen.probes == [
                    ProbeOrder(account: AccountID(stored: draft.id), revision: 1, regions: true, quick: true)
                ])

            bench.sync.set { $0.failure = "AccessDenied: go away" }
            #expect(try await list().optInError == "AccessDenied: go away")
            bench.sync.set { $0.unreachable = true }
            #expect(try await list().optInError.contains("sync service") == true)
        }
    }
}
