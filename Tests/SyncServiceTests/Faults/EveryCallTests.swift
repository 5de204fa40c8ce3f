import JSON
import Platform
import Testing

@testable import SyncService

/// Each call that reading the catalogue makes fails in turn, in each way that the client can report.
///
/// How the client comes to each report (bytes cut, codes, retries) is tried in `AWS/`.
@Suite struct EveryCallTests {
    /// Two of one code are not neighbours: other words of the same code do not make a new version of an asset.
    static let ways: [AWSError.Kind] = [
        .service(code: "AccessDenied", message: "not authorized to do this", httpStatus: 403),
        .service(code: "ExpiredToken", message: "the token is expired", httpStatus: 400),
        .service(code: "InternalError", message: "we had an error", httpStatus: 500),
        .throttled(code: "Throttling", message: "rate exceeded", httpStatus: 400),
        .malformed("the body ends early"), .timeout("no answer within 30 seconds"), .connection("reset by peer"),
        .malformed("the listing does not end"), .tooLarge(limit: 1),
    ]

    @Test(arguments: try Catalogue.load(share: Fixtures.share).types.map(\.type))
    func `a call that fails removes nothing, is named in coverage, and touches no other type`(
        type: String
    ) async throws {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let entry = try #require(catalogue.type(type))
        let bystander = type == "aws_vpc" ? "aws_ebs_volume" : "aws_vpc"
        let names = Set(entry.list.parents + [type, bystander])
        let account = FaultyAccount(catalogue)
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"]) { context in
            context = EngineContext(
                store: context.store, aws: account, connections: context.connections,
                types: catalogue.types.filter { names.contains($0.type) }.map { PlannedType($0) })
        }
        let first = try await engine.sync()
        #expect(first.state == .succeeded)
        let before = try await rows(engine)
        #expect(before.contains { $0.hasPrefix(type + " ") }, "the account has none of it")
        let own = Set(entry.operations.map { "\($0.service):\($0.operation)" })
        let calls = account.made.filter { own.contains("\($0.service):\($0.operation)") }
        var cases = 0
        for call in calls {
            for way in Self.ways {
                cases += 1
                let error = AWSError(way)
                account.fail(call, error)
                let run = try await engine.sync()
                let told: Comment = "\(call) \(error)"
                #expect(account.hits > 0, told)
                #expect(run.state == .partial || run.state == .failed, told)
                #expect(try await rows(engine) == before, told)
                let coverage = try await engine.store.coverage(account: engine.account().key)
                let gaps = try await engine.store.gapCounts(account: engine.account().key)
                let words =
                    coverage.filter { !$0.state.isComplete }.map { "\($0.scope.type) \($0.code): \($0.message)" }
                    + gaps.map { "\($0.scope.type) \($0.gap.code): \($0.gap.message)" }
                #expect(words.contains { $0.hasPrefix(type) && $0.contains(error.message) }, told)
                #expect(words.contains { $0.contains(error.code) }, told)
                let untouched = coverage.filter { $0.scope.type == bystander }
                #expect(untouched.count == 2, told)
                #expect(untouched.allSatisfy { $0.state == .complete && $0.assetsWithGaps == 0 }, told)
                account.heal()
            }
        }
        let last = try await engine.sync()
        #expect(last.state == .succeeded)
        #expect(try await rows(engine) == before)
        print("\(type): \(calls.count) calls × \(Self.ways.count) ways = \(cases) cases")
        await engine.store.close()
    }

    /// What the store holds of assets, by scope and id.
    private func rows(_ engine: EngineFixture) async throws -> Set<String> {
        Set(try await engine.assets().map { "\($0.scope.type) \($0.scope.region) \($0.id) \($0.arn)" })
    }
}
