import Testing

@testable import SyncService

/// The machine's clock jumps in the middle of a run; AWS judges signatures and sessions by its own.
@Suite struct ClockJumpTests {
    struct Jump: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Of the machine's clock, and of AWS's.
        var own: Duration
        var aws: Duration
        /// How often the role is assumed in all.
        var sessions: Int
    }

    static let jumps = [
        // All sessions are over then.
        Jump(testDescription: "the machine slept for an hour", own: .seconds(3600), aws: .seconds(3600), sessions: 2),
        Jump(testDescription: "the clock is set back by an hour", own: .seconds(-3600), aws: .zero, sessions: 1),
        Jump(testDescription: "the clock is set forward by an hour", own: .seconds(3600), aws: .zero, sessions: 2),
        Jump(testDescription: "the clock is set forward by two", own: .seconds(7200), aws: .zero, sessions: 2),
    ]

    @Test(arguments: jumps, [2, 9, 17])
    func `a clock that jumps in a run costs calls, not what is found`(jump: Jump, request: Int) async throws {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let (own, aws) = (ManualWallClock(), ManualWallClock())
        let account = try WireAccount(catalogue, clock: own, aws: aws)
        let names: Set = ["aws_vpc", "aws_kms_key", "aws_sns_topic", "aws_s3_bucket"]
        let planned = catalogue.types.filter { names.contains($0.type) }.map { PlannedType($0) }
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"]) { context in
            context = EngineContext(
                store: context.store, aws: account, connections: context.connections, types: planned)
        }
        #expect(try await engine.sync().state == .succeeded)
        let before = Set(try await engine.assets().map { "\($0.scope) \($0.id) \($0.hash)" })
        #expect(before.count > 10)
        try await account.heal()
        account.beforeEachRequest { number in
            guard number == request else { return }
            own.advance(by: jump.own)
            aws.advance(by: jump.aws)
        }
        let run = try await engine.sync()
        let coverage = try await engine.store.coverage(account: engine.account().key)
        #expect(run.state == .succeeded, "\(run.problem) \(coverage.filter { !$0.state.isComplete })")
        #expect(Set(try await engine.assets().map { "\($0.scope) \($0.id) \($0.hash)" }) == before)
        #expect(account.sessions == jump.sessions)
        await account.stop()
        await engine.store.close()
    }
}
