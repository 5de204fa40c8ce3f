import API
import Platform
import RPC
import Synchronization
import Testing

@testable import AssessmentService

struct AssessmentTests {
    private static let on = #"{"GetVersioning":{"versioning":"Enabled"},"GetStatus":{"public":false}}"#
    private static let off = #"{"GetVersioning":{"versioning":"Suspended"},"GetStatus":{"public":false}}"#

    @Test func `an assessment counts verdicts and opens an alert for each failure`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.on)
        service.sync.put("aws_bucket", "b", configuration: Self.off)
        service.sync.put("aws_bucket", "c", gaps: ["GetVersioning", "GetStatus"])
        let change = service.sync.state.withLock { $0.change }
        let assessment = try await service.assess("s1", change: change)
        #expect(assessment.state == .succeeded)
        #expect(assessment.change == change)
        #expect((assessment.controlsTotal, assessment.controlsDone, assessment.controlsFailed) == (2, 2, 0))
        #expect((assessment.passed, assessment.failed, assessment.unknown) == (3, 1, 2))
        #expect((assessment.alertsOpened, assessment.alertsOpen) == (1, 1))
        let findings = try await service.findings()
        #expect(
            findings.map(\.controlId) == Array(repeating: "bucket_private", count: 3)
                + Array(repeating: "bucket_versioning", count: 3))
        #expect(findings.map(\.arn) == ["a", "b", "c", "a", "b", "c"])
        #expect(findings[5].reason == "GetVersioning: AccessDenied: not allowed")
        #expect(findings[4].assessmentId == assessment.id)
        let alert = try #require(try await service.alerts().first)
        #expect((alert.arn, alert.controlId, alert.state, alert.confirmed) == ("b", "bucket_versioning", .open, true))
        #expect(alert.reason == "versioning is Suspended")
        await service.end()
    }

    @Test func `an alert is explained by the control and the configuration that it saw`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "b", configuration: Self.off)
        try await service.assess("s1")
        let id = try #require(try await service.alerts().first?.id)
        let explained = try await service.alert(id)
        #expect(explained.configuration == Self.off)
        #expect(explained.change == service.sync.state.withLock { $0.change })
        #expect(explained.control?.sql == ServiceHarness.versioning.sql)
        #expect(explained.control?.tables == ["aws_bucket"])
        #expect(explained.events.map(\.event) == ["opened"])
        service.sync.put("aws_bucket", "b", deleted: true)
        try await service.assess("s2")
        let after = try await service.alert(id)
        #expect(after.alert?.resolution == "asset removed")
        #expect(after.configuration == Self.off)
        #expect(after.events.map(\.event) == ["opened", "resolved"])
        await service.end()
    }

    @Test func `where nothing changed nothing is evaluated and nothing written`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        let first = try await service.assess("s1")
        let second = try await service.assess("s2")
        #expect(first.id != second.id)
        #expect((second.failed, second.alertsOpened, second.alertsOpen) == (1, 0, 1))
        service.sync.put("aws_bucket", "b", configuration: Self.on)
        try await service.assess("s3")
        #expect(service.changes.counts == [2, 0, 2])
        #expect(service.sync.state.withLock { $0.requests.map(\.afterChange) }.first == 0)
        #expect(try await service.findings { $0.arn = "a" }.allSatisfy { $0.assessmentId == first.id })
        await service.end()
    }

    @Test func `a second call for a sync joins the first, and a later one gets its result`() async throws {
        let service = try await ServiceHarness()
        for index in 0..<50 { service.sync.put("aws_bucket", "b\(index)", configuration: Self.off) }
        async let one = service.assess("s1")
        async let two = service.assess("s1")
        let (first, second) = try await (one, two)
        let third = try await service.assess("s1")
        #expect(first == second)
        #expect(first == third)
        #expect(service.sync.state.withLock { $0.requests.count } == 1)
        await #expect(throws: RPCError.self) { try await service.assess("s1", account: "other") }
        await service.end()
    }

    @Test func `a stream that breaks off leaves the assessment interrupted, and the next goes on from there`()
        async throws
    {
        let service = try await ServiceHarness()
        for index in 0..<6 { service.sync.put("aws_bucket", "b\(index)", configuration: Self.off) }
        service.sync.state.withLock { state in
            state.failure = RPCError(.unavailable, "gone away")
            state.messagesBeforeFailure = 2
        }
        let error = await #expect(throws: RPCError.self) { try await service.assess("s1") }
        #expect(error?.code == .unavailable)
        var request = GetAssessmentRequest()
        request.assessmentId = "s1"
        let interrupted = try await service.handlers.getAssessment(request, CallContext()).assessment
        #expect(interrupted?.state == .interrupted)
        #expect(try await service.findings().isEmpty)
        service.sync.state.withLock { $0.failure = nil }
        let done = try await service.assess("s1")
        #expect((done.id, done.failed) == (interrupted?.id, 6))
        let requests = service.sync.state.withLock { $0.requests }
        #expect(requests[0].afterChange == 0)
        #expect(requests[1].afterChange > 0)
        #expect(requests[1].epoch == "one")
        await service.end()
    }

    @Test func `what a killed service was at is interrupted when it starts, and done when asked again`() async throws {
        let first = try await ServiceHarness()
        first.sync.put("aws_bucket", "a", configuration: Self.off)
        let record = try await first.handlers.store.begin(accountID: "acc", syncID: "s1", at: first.clock.now())
        await first.stop()
        let second = try await ServiceHarness(directory: first.directory, sync: first.sync)
        #expect(try await second.handlers.store.assessment("s1")?.state == .interrupted)
        let done = try await second.assess("s1")
        #expect((done.id, done.state) == (record.id, .succeeded))
        await second.end()
    }

    @Test func `a new incarnation of the store voids what was there`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        service.sync.put("aws_bucket", "b", configuration: Self.off)
        try await service.assess("s1")
        service.sync.state.withLock { state in
            state.epoch = "two"
            state.assets["aws_bucket a"] = nil
            state.change = 1
            for key in state.assets.keys { state.assets[key]?.change = 1 }
            for key in state.coverage.keys { state.coverage[key]?.change = 1 }
        }
        let after = try await service.assess("s2")
        #expect((after.failed, after.alertsResolved, after.change) == (1, 1, 1))
        #expect(try await service.alerts { $0.state = .resolved }.map(\.resolution) == ["asset removed"])
        await service.end()
    }

    @Test func `a scope that cannot be read makes unknown what was known, and confirms nothing`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        try await service.assess("s1")
        service.sync.cover("aws_bucket", "global", .accessDenied, code: "AccessDenied")
        let gap = try await service.assess("s2")
        #expect((gap.failed, gap.unknown, gap.alertsOpen, gap.alertsResolved) == (0, 2, 1, 0))
        let alert = try #require(try await service.alerts().first)
        #expect((alert.state, alert.confirmed, alert.reason) == (.open, false, "versioning is Suspended"))
        #expect(try await service.findings().map(\.reason).first == "aws_bucket in global was not read: AccessDenied")
        service.sync.cover("aws_bucket", "global", .complete)
        let again = try await service.assess("s3")
        #expect((again.failed, again.unknown, again.alertsReopened) == (1, 0, 0))
        #expect(try await service.alert(alert.id).events.map(\.event) == ["opened", "unconfirmed", "confirmed"])
        await service.end()
    }

    @Test func `a control that fails leaves its findings and makes the assessment partial`() async throws {
        let first = try await ServiceHarness()
        first.sync.put("aws_bucket", "a", configuration: Self.off)
        try await first.assess("s1")
        await first.stop()
        var broken = ServiceHarness.versioning
        broken.sql = "select arn, 'pass' as status, no_such as reason from aws_bucket"
        let second = try await ServiceHarness(
            controls: [broken, ServiceHarness.privacy], directory: first.directory, sync: first.sync)
        let partial = try await second.assess("s2")
        #expect((partial.state, partial.controlsFailed, partial.failed) == (.partial, 1, 1))
        #expect(partial.problem.contains("bucket_versioning: no such column: no_such"))
        await second.stop()
        let third = try await ServiceHarness(
            controls: [ServiceHarness.privacy], directory: first.directory, sync: first.sync)
        let removed = try await third.assess("s3")
        #expect((removed.state, removed.failed, removed.alertsOpen) == (.succeeded, 0, 0))
        #expect(try await third.alerts().map(\.resolution) == ["control removed"])
        await third.end()
    }

    @Test func `a purged account leaves nothing, and purging again is harmless`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        try await service.assess("s1")
        try await service.assess("o1", account: "other")
        var request = AssessmentPurgeAccountRequest()
        request.accountId = "acc"
        #expect(try await service.handlers.purgeAccount(request, CallContext()).findings == 2)
        #expect(try await service.handlers.purgeAccount(request, CallContext()).findings == 0)
        #expect(try await service.findings().map(\.accountId) == ["other", "other"])
        #expect(try await service.alerts().map(\.accountId) == ["other"])
        #expect(!Files.exists(service.handlers.worker.path(accountID: "acc")))
        await service.end()
    }

    @Test func `an account that does not exist any more is not assessed`() async throws {
        let service = try await ServiceHarness()
        let error = await #expect(throws: RPCError.self) { try await service.assess("s1", account: "nobody") }
        #expect(error?.code == .notFound)
        await service.end()
    }

    @Test func `a replica that is damaged is made anew`() async throws {
        let service = try await ServiceHarness()
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        try await service.assess("s1")
        let path = service.handlers.worker.path(accountID: "acc")
        let handle = try SQLiteHandle(path: path, readOnly: false)
        try handle.script("DROP TABLE aws_group_rule; DROP TABLE aws_bucket")
        service.sync.put("aws_bucket", "b", configuration: Self.off)
        await #expect(throws: RPCError.self) { try await service.assess("s2") }
        let mended = try await service.assess("s2")
        #expect((mended.state, mended.failed, mended.alertsOpen) == (.succeeded, 2, 2))
        await service.end()
    }
}
