import Synchronization
import Testing

@testable import SyncService

/// Each call that reading the catalogue makes, by the real client and in each service's own protocol, meets faults on the
/// wire; each fault is met by each protocol.
@Suite struct WireFaultTests {
    /// Faults that each call meets: those that its protocol has not met, then every one by turns.
    private static let faultsPerCall = 3

    @Test func `a call that fails on the wire removes nothing, is named in coverage, and touches no other type`()
        async throws
    {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let turns = FaultTurns(count: Self.faultsPerCall)
        let cases = try await withThrowingTaskGroup(of: Int.self) { group in
            var cases = 0
            for (index, type) in catalogue.types.enumerated() {
                if index >= 3 { cases += try await group.next() ?? 0 }
                group.addTask { try await WireTrial(catalogue, type).run(turns) }
            }
            for try await done in group { cases += done }
            return cases
        }
        let pairs = turns.met
        for wire in ["query", "ec2", "json", "rest-json", "rest-xml"] {
            #expect(
                WireFault.allCases.allSatisfy { pairs.contains("\(wire) \($0)") }, "\(wire) has not met all: \(pairs)")
        }
        print("\(cases) cases, \(pairs.count) pairs of a protocol and a fault")
    }
}

/// Which faults a call meets.
private final class FaultTurns: Sendable {
    private let count: Int
    private let state = Mutex((met: Set<String>(), turn: 0))

    init(count: Int) { self.count = count }

    /// Protocols with the faults that they have met.
    var met: Set<String> { state.withLock { $0.met } }

    func faults(for call: WireAccount.Call, of wire: ServiceModel.WireProtocol) -> [WireFault] {
        let possible = WireFault.allCases.filter { !$0.isEndless || call.isPaged && call.page == 0 }
        return state.withLock { state in
            let new = possible.filter { !state.met.contains("\(wire.rawValue) \($0)") }
            let turned = (0..<possible.count).map { possible[(state.turn + $0) % possible.count] }
            state.turn += count
            let chosen = (new + turned.filter { !new.contains($0) }).prefix(count)
            for fault in chosen { state.met.insert("\(wire.rawValue) \(fault)") }
            return WireFault.allCases.filter { chosen.contains($0) }
        }
    }
}

/// One type of the catalogue, whose calls fail in turn.
private struct WireTrial {
    let catalogue: Catalogue
    let type: ResourceType
    let bystander: String

    init(_ catalogue: Catalogue, _ type: ResourceType) {
        self.catalogue = catalogue
        self.type = type
        bystander = type.type == "aws_vpc" ? "aws_ebs_volume" : "aws_vpc"
    }

    /// Returns the number of cases.
    func run(_ turns: FaultTurns) async throws -> Int {
        let names = Set(type.list.parents + [type.type, bystander])
        let planned = catalogue.types.filter { names.contains($0.type) }.map { PlannedType($0) }
        let account = try WireAccount(catalogue, clock: ManualWallClock())
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"]) { context in
            context = EngineContext(
                store: context.store, aws: account, connections: context.connections, types: planned)
        }
        let first = try await engine.sync()
        let unread = try await gaps(engine)
        #expect(first.state == .succeeded, "\(type.type): \(unread)")
        let before = try await rows(engine)
        #expect(before.contains { $0.hasPrefix(type.type + " ") }, "the account has no \(type.type)")
        let own = Set(type.operations.map { "\($0.service):\($0.operation)" })
        let calls = account.made.filter { own.contains("\($0.service):\($0.operation)") }
            .sorted { ($0.name, $0.page) < ($1.name, $1.page) }
        var cases = 0
        for call in calls {
            let wire = try catalogue.shapes.model(call.service).wireProtocol
            var previous: WireFault?
            for fault in turns.faults(for: call, of: wire) {
                try await account.fail(call, fault)
                let run = try await engine.sync()
                try await judge(run, engine, account, call, fault, after: previous, before)
                previous = fault
                cases += 1
            }
        }
        try await account.heal()
        #expect(try await engine.sync().state == .succeeded)
        #expect(try await rows(engine) == before)
        #expect(account.outside.isEmpty, "\(account.outside)")
        await account.stop()
        await engine.store.close()
        return cases
    }

    private func judge(
        _ run: StoredRun, _ engine: EngineFixture, _ account: WireAccount, _ call: WireAccount.Call, _ fault: WireFault,
        after previous: WireFault?, _ before: Set<String>
    ) async throws {
        let told: Comment = "\(type.type): \(fault) at \(call)"
        #expect(account.hits > 0, told)
        #expect(try await rows(engine) == before, told)
        let coverage = try await engine.store.coverage(account: engine.account().key)
        let untouched = coverage.filter { $0.scope.type == bystander }
        #expect(untouched.count == 2, told)
        #expect(untouched.allSatisfy { $0.state == .complete && $0.assetsWithGaps == 0 }, told)
        let gaps = try await gaps(engine)
        if fault.isOutlived {
            #expect(run.state == .succeeded && gaps.isEmpty, "\(told): \(gaps)")
            return
        }
        #expect(run.state == .partial || run.state == .failed, told)
        let writer = WireWriter(
            model: try catalogue.shapes.model(call.service),
            operation: try #require(catalogue.shapes.model(call.service).operations[call.operation]))
        let codes = fault.codes(writer)
        // Other words of the same code make no new version of an asset.
        let words = codes.isDisjoint(with: previous?.codes(writer) ?? []) ? fault.words : ""
        #expect(
            gaps.contains { gap in
                gap.type == type.type && codes.contains(gap.code) && gap.message.contains(words)
                    && !gap.message.isEmpty
            }, "\(told): \(gaps)")
    }

    private func gaps(_ engine: EngineFixture) async throws -> [(type: String, code: String, message: String)] {
        let key = try await engine.account().key
        return try await engine.store.coverage(account: key).filter { !$0.state.isComplete }
            .map { ($0.scope.type, $0.code, $0.message) }
            + engine.store.gapCounts(account: key).map { ($0.scope.type, $0.gap.code, $0.gap.message) }
    }

    /// What the store holds of assets, by scope and id.
    private func rows(_ engine: EngineFixture) async throws -> Set<String> {
        Set(try await engine.assets().map { "\($0.scope.type) \($0.scope.region) \($0.id) \($0.arn)" })
    }
}
