import API
import RPC
import Synchronization
import Testing

@testable import SyncService

@Suite struct DryRunTests {
    private static let pricing = CallPricing(
        entries: [
            "aws_vpc": .init(service: "ec2", pageSize: 100),
            "aws_s3_bucket": .init(service: "s3", perScope: ["s3control"], perItem: ["s3", "s3"]),
        ], rates: CallRates(usual: 20, services: ["s3": 200]))

    private func price(
        _ fixture: HandlerFixture, _ change: @escaping (inout StartSyncRequest) -> Void = { _ in }
    ) async throws -> StartSyncResponse {
        var context = fixture.handlers.context
        context.pricing = Self.pricing
        var request = StartSyncRequest()
        request.accountId = "acct-1"
        request.dryRun = true
        change(&request)
        return try await SyncHandlers(context: context).startSync(request, fixture.call())
    }

    private func lines(_ response: StartSyncResponse) -> [String] {
        response.price.map { "\($0.service) \($0.region) \($0.calls)" }
    }

    @Test func `a price counts scopes, pages and the calls for each asset by the last sync, and asks AWS nothing`()
        async throws
    {
        let fixture = try await HandlerFixture()
        fixture.engine.aws.put("aws_vpc", "eu-central-1", (0..<250).map { FakeItem(id: "vpc-\($0)") })
        fixture.engine.aws.put(
            "aws_s3_bucket", "global", (0..<3).map { FakeItem(id: "b\($0)", region: "eu-central-1") })
        try await fixture.engine.sync()
        let opened = fixture.engine.aws.state.withLock { $0.opened }
        let response = try await price(fixture)
        #expect(
            lines(response) == [
                "ec2 eu-central-1 3", "ec2 global 1", "s3 eu-central-1 6", "s3 global 1", "s3control global 1",
                "sts global 1",
            ])
        #expect(response.price.first { $0.service == "s3" }?.callsPerSecond == 200)
        #expect(response.unknowns.isEmpty)
        #expect(response.sync == nil)
        #expect(fixture.engine.aws.state.withLock { $0.opened } == opened)
        #expect(try await fixture.engine.store.openRuns().isEmpty)
        let part = try await price(fixture) { $0.resourceTypes = ["aws_vpc"] }
        #expect(lines(part) == ["ec2 eu-central-1 3", "ec2 global 1", "sts global 1"])
    }

    @Test func `the price of an account that was never read says what it does not know`() async throws {
        let fixture = try await HandlerFixture()
        let response = try await price(fixture)
        #expect(lines(response) == ["ec2 eu-central-1 1", "ec2 global 1", "s3 global 1", "sts global 1"])
        #expect(response.unknowns == ["what 2 of 2 scopes hold: they were never read whole"])
    }

    @Test func `names that do not exist are refused, with the field`() async throws {
        let fixture = try await HandlerFixture()
        let wrong: [(String, (inout StartSyncRequest) -> Void)] = [
            ("resource_types", { $0.resourceTypes = ["aws_vpc", "aws_nothing"] }),
            ("regions", { $0.regions = ["eu-nowhere-1"] }), ("regions", { $0.regions = ["us-east-1"] }),
        ]
        for (field, change) in wrong {
            do throws(RPCError) {
                var request = StartSyncRequest()
                request.accountId = "acct-1"
                change(&request)
                _ = try await fixture.handlers.startSync(request, fixture.call())
                Issue.record("\(field) was not refused")
            } catch {
                #expect(error.code == .invalidArgument)
                #expect(error.message.contains(field))
            }
        }
        #expect(try await fixture.engine.store.openRuns().isEmpty)
    }

    @Test func `the catalogue's own types have a price each`() throws {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let pricing = CallPricing(catalogue.types, rates: CallRates(usual: 20))
        #expect(pricing.entries.count == catalogue.types.count)
        #expect(pricing.entries["aws_kms_key"]?.perItem == ["kms", "kms", "kms", "kms"])
        #expect(pricing.entries["aws_kms_key"]?.perScope == ["kms"])
    }
}
