import API
import JSON
import RPC
import ServiceKit
import Synchronization
import Testing
import Wire

@testable import SyncService

@Suite struct SyncHandlersTests {
    private func serving(_ fixture: HandlerFixture, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fixture.engine.coordinator.serve() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func `a person starts a sync by the account's name, watches it, and finds its assets`() async throws {
        let fixture = try await HandlerFixture()
        fixture.engine.aws.put(
            "aws_vpc", "eu-central-1",
            [
                FakeItem(id: "vpc-1", configuration: ["Cidr": "10.0.0.0/8"], tags: ["env": "prod"]),
                FakeItem(id: "vpc-2"),
            ])
        try await serving(fixture) {
            let started = try await fixture.handlers.startSync(
                .with { $0.accountId = "Production" }, fixture.call())
            let id = started.sync?.id ?? ""
            let watched = CollectedResponses<WatchSyncResponse>()
            try await fixture.handlers.watchSync(
                .with { $0.syncId = id }, ResponseStream(collectingInto: watched), fixture.call())
            #expect(watched.responses.last?.sync?.state == .succeeded)
            #expect(watched.responses.last?.sync?.assetsSeen == 2)
        }
        let first = try await fixture.handlers.listAssets(
            .with {
                $0.accountId = "Production"
                $0.pageSize = 1
            }, fixture.call())
        #expect(first.total == 2)
        #expect(first.assets.map(\.resourceId) == ["vpc-1"])
        #expect(first.assets.first?.tags == ["env": "prod"])
        #expect(first.assets.first?.configuration == "")
        let second = try await fixture.handlers.listAssets(
            .with {
                $0.accountId = "acct-1"
                $0.pageSize = 1
                $0.pageToken = first.nextPageToken
            }, fixture.call())
        #expect(second.assets.map(\.resourceId) == ["vpc-2"])
        #expect(second.nextPageToken == "")
        await #expect(throws: RPCError.self) {
            try await fixture.handlers.listAssets(
                .with {
                    $0.accountId = "acct-1"
                    $0.region = "eu-central-1"
                    $0.pageToken = first.nextPageToken
                }, fixture.call())
        }
        let asset = try await fixture.handlers.getAsset(.with { $0.arn = "arn:aws:x:::vpc-1" }, fixture.call()).asset
        #expect(asset?.configuration == #"{"Cidr":"10.0.0.0/8"}"#)
        #expect(asset?.configurationHash.count == 64)
        #expect(asset?.firstSeenTime != nil)
    }

    @Test func `a person is refused while a sync runs, with its id, and for a disabled account`() async throws {
        let fixture = try await HandlerFixture()
        fixture.engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(fixture) {
            let request = StartSyncRequest.with { $0.accountId = "acct-1" }
            let id = try await fixture.handlers.startSync(request, fixture.call()).sync?.id ?? ""
            do throws(RPCError) {
                _ = try await fixture.handlers.startSync(request, fixture.call())
                Issue.record("not refused")
            } catch {
                #expect(error.code == .failedPrecondition)
                #expect(error.message.contains(id))
            }
            let again = try await fixture.handlers.startSync(
                .with {
                    $0.accountId = "acct-1"
                    $0.idempotencyKey = "k"
                    $0.trigger = .change
                }, fixture.call(HandlerFixture.accountService))
            #expect(again.sync?.state == .queued)
            let ended = try await fixture.handlers.cancelSync(.with { $0.accountId = "acct-1" }, fixture.call())
            #expect(ended.syncs.map(\.state) == [.cancelled, .cancelled])
            #expect(ended.syncs.first?.problem == "cancelled by ann")
            fixture.engine.connections.refuse(RPCError(.failedPrecondition, "account acct-1 is disabled"))
            await #expect(throws: RPCError(.failedPrecondition, "account acct-1 is disabled")) {
                try await fixture.handlers.startSync(request, fixture.call())
            }
        }
    }

    @Test func `a person is refused between a run's end and its assessment, and not while it cannot be delivered`()
        async throws
    {
        let fixture = try await HandlerFixture()
        let run = try await fixture.engine.sync()
        let request = StartSyncRequest.with { $0.accountId = "acct-1" }
        #expect(run.assessment == .pending)
        for state in [AssessmentState.pending, .running] {
            try await fixture.engine.store.setAssessment(run: run.id, state)
            do throws(RPCError) {
                _ = try await fixture.handlers.startSync(request, fixture.call())
                Issue.record("not refused")
            } catch {
                #expect(error.code == .failedPrecondition)
                #expect(error.message.contains("assessment of sync \(run.id)"))
            }
        }
        try await fixture.engine.store.setAssessment(run: run.id, .waiting)
        #expect(try await fixture.handlers.startSync(request, fixture.call()).sync?.state == .queued)
    }

    @Test func `a purge ends the run, deletes everything, and may be repeated`() async throws {
        let fixture = try await HandlerFixture()
        fixture.engine.aws.put("aws_vpc", "eu-central-1", [FakeItem(id: "vpc-1")])
        try await fixture.engine.sync()
        fixture.engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(fixture) {
            _ = try await fixture.handlers.startSync(.with { $0.accountId = "acct-1" }, fixture.call())
            let call = fixture.call(HandlerFixture.accountService)
            let request = SyncPurgeAccountRequest.with { $0.accountId = "acct-1" }
            #expect(try await fixture.handlers.purgeAccount(request, call).assets == 1)
            #expect(try await fixture.handlers.purgeAccount(request, call).assets == 0)
        }
        #expect(try await fixture.engine.store.knownAccount(id: "acct-1") == nil)
        #expect(try await fixture.engine.store.openRuns().isEmpty)
    }

    @Test func `a stream has coverage and epoch in its first message and says when it is complete`() async throws {
        let fixture = try await HandlerFixture()
        fixture.engine.aws.put("aws_vpc", "eu-central-1", (0..<600).map { FakeItem(id: "vpc-\($0)") })
        try await fixture.engine.sync()
        let collected = CollectedResponses<StreamAssetsResponse>()
        try await fixture.handlers.streamAssets(
            .with { $0.accountId = "acct-1" }, ResponseStream(collectingInto: collected),
            fixture.call(Caller(kind: .service("assessment-service"), name: "assessment-service")))
        #expect(collected.responses.map(\.assets.count) == [500, 100])
        #expect(collected.responses.map(\.complete) == [false, true])
        #expect(collected.responses.first?.coverage.count == 2)
        #expect(collected.responses.last?.coverage.isEmpty == true)
        #expect(collected.responses.allSatisfy { !$0.epoch.isEmpty })
    }

    @Test func `services are believed about accounts that nothing is stored of`() async throws {
        let fixture = try await HandlerFixture()
        let call = fixture.call(HandlerFixture.accountService)
        let syncs = try await fixture.handlers.listSyncs(.with { $0.accountId = "acct-9" }, call)
        #expect(syncs.syncs.isEmpty)
        #expect(try await fixture.handlers.cancelSync(.with { $0.accountId = "acct-9" }, call).syncs.isEmpty)
    }

    @Test func `acts are in the audit log with their caller`() async throws {
        let fixture = try await HandlerFixture()
        _ = try await fixture.handlers.startSync(
            .with { $0.accountId = "acct-1" }, fixture.call(HandlerFixture.person, "StartSync"))
        let records = try await fixture.handlers.context.audit.records(limit: 10)
        #expect(records.map(\.event.action) == ["StartSync"])
        #expect(records.first?.event.callerName == "ann")
        #expect(records.first?.event.accountID == "acct-1")
    }
}
