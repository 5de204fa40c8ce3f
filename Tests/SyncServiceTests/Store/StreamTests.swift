import JSON
import Storage
import Synchronization
import Testing

@testable import SyncService

/// Streams of changes while the store is written.
@Suite struct StreamTests {
    private typealias Fixture = StoreFixture

    /// A replica that applies batches, and does something between two of them.
    private func replica(
        _ fixture: StoreFixture, after change: Int64 = 0, epoch: String = "",
        between: @Sendable (Int) async throws -> Void = { _ in }
    ) async throws -> (assets: [String: String], change: Int64, coverage: [StoredCoverage]) {
        let state = Mutex((assets: [String: String](), change: Int64(0), coverage: [StoredCoverage](), count: 0))
        try await fixture.store.stream(account: "acct-1", after: change, epoch: epoch) { batch async throws(Failed) in
            let count = state.withLock { state in
                for asset in batch.assets {
                    state.assets[asset.id] = asset.isDeleted ? nil : String(decoding: asset.body, as: UTF8.self)
                }
                state.change = batch.change
                state.coverage += batch.coverage
                state.count += 1
                return state.count
            }
            do { try await between(count) } catch { throw Failed() }
        }
        return state.withLock { ($0.assets, $0.change, $0.coverage) }
    }

    private struct Failed: Error {}

    @Test func `a receiver that stops halfway keeps no transaction open`() async throws {
        let fixture = try await StoreFixture()
        let assets = (0..<1200).map { Fixture.asset("vpc-\($0)") }
        try await fixture.read(assets)
        let busy = Mutex<[Int64]>([])
        _ = try await replica(fixture) { count in
            guard count == 1 else { return }
            try await fixture.read(assets + [Fixture.asset("more")])
            // Fails to empty the write-ahead log where a reader still stands in it.
            let answer = try await fixture.store.writer.maintain { connection throws(StorageError) in
                try connection.rows("PRAGMA wal_checkpoint(TRUNCATE)") { [$0.int(0), $0.int(1)] }
            }
            busy.withLock { $0 = answer.flatMap { $0 } }
        }
        #expect(busy.withLock { $0 } == [0, 0])
    }

    @Test func `what changes during a stream is in it, so that the replica is the store at its last number`()
        async throws
    {
        let fixture = try await StoreFixture()
        try await fixture.read((0..<1200).map { Fixture.asset("vpc-\($0)") })
        let filled = try await replica(fixture) { count in
            // The first batch held these: one changes, one goes, one comes; and another scope is read.
            guard count == 1 else { return }
            try await fixture.read(
                (1..<1200).map { Fixture.asset("vpc-\($0)", $0 == 7 ? ["new": 1] : [:]) } + [Fixture.asset("late")])
            try await fixture.read([], Scope(region: "global", type: "aws_s3_bucket"))
        }
        #expect(filled.assets.count == 1200)
        #expect(filled.assets["vpc-0"] == nil)
        #expect(filled.assets["vpc-7"] == #"{"new":1}"#)
        #expect(filled.assets["late"] == "{}")
        #expect(try await filled.change == fixture.engine.change())
        #expect(filled.coverage.map(\.scope.type) == ["aws_vpc", "aws_s3_bucket"])
    }

    @Test func `a stream of an account that is purged meanwhile ends as one that must be asked for anew`() async throws
    {
        let fixture = try await StoreFixture()
        try await fixture.read((0..<1200).map { Fixture.asset("vpc-\($0)") })
        var end = "none"
        do throws(StreamError<Never>) {
            try await fixture.store.stream(account: "acct-1", after: 0, epoch: "") { _ async throws(Never) in
                _ = try? await fixture.store.purge(accountID: "acct-1")
                _ = try? await fixture.engine.account()
            }
        } catch { end = "\(error)" }
        #expect(end == "restarted")
    }

    @Test func `changes are read in order without sorting them`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.read([Fixture.asset("a")])
        let plan = try await fixture.plan(
            SyncStore.changesSQL, [.integer(1), .integer(0), .text("acct-1"), .integer(0)])
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.contains("SCAN") }, "\(plan)")
        #expect(plan.contains { $0.contains("version_change (account=? AND change>?)") }, "\(plan)")
    }
}
