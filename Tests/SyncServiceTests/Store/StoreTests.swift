import JSON
import Storage
import Testing

@testable import SyncService

@Suite struct StoreTests {
    static let scope = Scope(region: "eu-central-1", type: "aws_vpc")

    private func asset(_ id: String, _ configuration: JSONValue = [:], gaps: [AssetGap] = []) -> PreparedAsset {
        PreparedAsset(
            ObservedAsset(
                id: id, arn: "arn:\(id)", region: "eu-central-1", configuration: configuration, gaps: gaps),
            redactor: Redactor(externalID: ""))
    }

    /// Reads a scope that lists `assets`, and closes it.
    private func read(_ engine: EngineFixture, _ assets: [PreparedAsset], _ failure: ReadFailure? = nil) async throws {
        let account = try await engine.account()
        try await engine.store.planScopes(account: account.key, [Self.scope])
        let (recorder, writes) = try await ScopeRecorder.alone(engine.store, account: account.key, scope: Self.scope)
        for asset in assets { try await recorder.take(asset) }
        try await recorder.flush()
        try await writes.flush()
        try await engine.store.closeAll(account: account.key, run: 1, [await recorder.end(failure)])
    }

    private func totalChanges(_ engine: EngineFixture) async throws -> Int64 {
        try await engine.store.writer.read { connection throws(StorageError) in
            try connection.first("SELECT total_changes()") { $0.int(0) } ?? 0
        }
    }

    private func stream(
        _ engine: EngineFixture, after change: Int64, epoch: String
    ) async throws -> [ChangeBatch] {
        let collected = Collected()
        try await engine.store.stream(account: "acct-1", after: change, epoch: epoch) { batch async throws(Never) in
            await collected.add(batch)
        }
        return await collected.batches
    }

    private actor Collected {
        var batches: [ChangeBatch] = []
        func add(_ batch: ChangeBatch) { batches.append(batch) }
    }

    @Test func `reading the same again writes one row of coverage and no other`() async throws {
        let engine = try await EngineFixture()
        let assets = (0..<1200).map { asset("vpc-\($0)", ["n": .integer($0)]) }
        try await read(engine, assets)
        let before = try await totalChanges(engine)
        try await read(engine, assets)
        // Coverage, the note of the finished scope, and the run's counts.
        #expect(try await totalChanges(engine) - before <= 3)
    }

    @Test func `a batch of a stream stays far below a message's limit, whatever its assets are made of`() async throws {
        let engine = try await EngineFixture()
        let tags = Dictionary(uniqueKeysWithValues: (0..<50).map { ("key-\($0)", String(repeating: "v", count: 256)) })
        let assets = (0..<400).map { number in
            PreparedAsset(
                ObservedAsset(
                    id: "vpc-\(number)", arn: "arn:vpc-\(number)", region: "eu-central-1", tags: tags,
                    configuration: [:]), redactor: Redactor(externalID: ""))
        }
        try await read(engine, assets)
        let batches = try await stream(engine, after: 0, epoch: "")
        #expect(batches.map(\.assets.count).reduce(0, +) == 400)
        #expect(batches.allSatisfy { $0.assets.map(\.tags.utf8.count).reduce(0, +) <= 1 << 20 })
    }

    @Test func `a failed reading removes nothing`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, [asset("a"), asset("b")])
        try await read(engine, [asset("b")], ReadFailure(.throttled, code: "Throttling", message: "slow"))
        #expect(try await engine.assets().map(\.id) == ["a", "b"])
        try await read(engine, [asset("b")])
        #expect(try await engine.assets().map(\.id) == ["b"])
    }

    @Test func `every change has a number of its own, in order`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, (0..<1100).map { asset("vpc-\($0)") })
        let account = try await engine.account()
        let batches = try await stream(engine, after: 0, epoch: "")
        let changes = batches.flatMap(\.assets).map(\.change)
        #expect(changes.count == 1100)
        #expect(Set(changes).count == 1100)
        #expect(changes == changes.sorted())
        #expect(batches.allSatisfy { $0.assets.count <= 500 })
        #expect(batches.map(\.isLast) == [false, false, true])
        #expect(batches.last?.change == account.change)
        #expect(batches.first?.coverage.map(\.scope) == [Self.scope])
        #expect(batches.dropFirst().allSatisfy { $0.coverage.isEmpty })
    }

    @Test func `a stream after a number holds what came later, tombstones included`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, [asset("a"), asset("b"), asset("c")])
        let first = try await engine.account()
        try await read(engine, [asset("b", ["x": 1]), asset("c")])
        let batches = try await stream(engine, after: first.change, epoch: first.epoch)
        let assets = batches.flatMap(\.assets)
        #expect(assets.map(\.id) == ["b", "a"])
        #expect(assets.map(\.isDeleted) == [false, true])
        #expect(String(decoding: assets[0].body, as: UTF8.self) == #"{"x":1}"#)
        // Coverage stayed complete, so none of it is sent.
        #expect(batches.first?.coverage.isEmpty == true)
        let all = try await stream(engine, after: 0, epoch: "").flatMap(\.assets)
        #expect(all.map(\.id) == ["c", "b"])
    }

    @Test(arguments: ["another", ""])
    func `a number of another incarnation, or beyond the last, gives all there is`(epoch: String) async throws {
        let engine = try await EngineFixture()
        try await read(engine, [asset("a")])
        let account = try await engine.account()
        #expect(try await stream(engine, after: account.change, epoch: epoch).flatMap(\.assets).map(\.id) == ["a"])
        #expect(try await stream(engine, after: account.change, epoch: account.epoch).flatMap(\.assets).isEmpty)
        let beyond = try await stream(engine, after: account.change + 5, epoch: account.epoch)
        #expect(beyond.flatMap(\.assets).map(\.id) == ["a"])
    }

    @Test func `an account that is purged comes back with another epoch and no assets`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, [asset("a"), asset("b")])
        let epoch = try await engine.account().epoch
        #expect(try await engine.store.purge(accountID: "acct-1") == 2)
        #expect(try await engine.store.purge(accountID: "acct-1") == 0)
        #expect(try await stream(engine, after: 3, epoch: epoch).map(\.isLast) == [true])
        #expect(try await engine.account().epoch != epoch)
        #expect(try await engine.assets().isEmpty)
    }

    @Test func `a gap that comes or goes is a change, and its message alone is not`() async throws {
        let engine = try await EngineFixture()
        let gap = AssetGap(call: "C", code: "AccessDenied", message: "request 1")
        try await read(engine, [asset("a", gaps: [gap])])
        let change = try await engine.change()
        try await read(engine, [asset("a", gaps: [AssetGap(call: "C", code: "AccessDenied", message: "request 2")])])
        #expect(try await engine.change() == change)
        try await read(engine, [asset("a")])
        #expect(try await engine.change() == change + 1)
    }

    @Test func `coverage takes a number when its state or code changes, and none for a later time`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, [])
        let complete = try await engine.coverage("aws_vpc", "eu-central-1")
        engine.clock.advance(by: .seconds(60))
        try await read(engine, [])
        let again = try await engine.coverage("aws_vpc", "eu-central-1")
        #expect(again?.change == complete?.change)
        #expect(again?.completeTime != complete?.completeTime)
        try await read(engine, [], ReadFailure(.denied, code: "AccessDenied", message: "no"))
        let denied = try await engine.coverage("aws_vpc", "eu-central-1")
        #expect((denied?.change ?? 0) > (complete?.change ?? 0))
        #expect(denied?.completeTime == again?.completeTime)
    }

    @Test func `assets are found by tag, text, name and region`() async throws {
        let engine = try await EngineFixture()
        let tagged = PreparedAsset(
            ObservedAsset(
                id: "i-1", arn: "arn:aws:x:::web_1", name: "web 100%", region: "eu-central-1",
                tags: ["env": "prod", "a.b": "x"], configuration: [:]), redactor: Redactor(externalID: ""))
        try await read(engine, [tagged, asset("other")])
        let found: [(AssetFilter, Int)] = [
            (AssetFilter(tagKey: "env"), 1), (AssetFilter(tagKey: "env", tagValue: "prod"), 1),
            (AssetFilter(tagKey: "env", tagValue: "dev"), 0), (AssetFilter(tagKey: "a.b", tagValue: "x"), 1),
            (AssetFilter(text: "WEB_1"), 1), (AssetFilter(text: "100%"), 1), (AssetFilter(text: "web%1"), 0),
            (AssetFilter(text: "PROD"), 1), (AssetFilter(name: "web 100%"), 1), (AssetFilter(region: "global"), 0),
            (AssetFilter(type: "aws_vpc"), 2),
        ]
        for (filter, count) in found {
            #expect(try await engine.assets(filter).count == count, "\(filter)")
        }
    }

    @Test func `a stream that nobody reads ends its reading`() async throws {
        let engine = try await EngineFixture()
        try await read(engine, (0..<3000).map { asset("vpc-\($0)") })
        struct Enough: Error {}
        await #expect(throws: (any Error).self) {
            try await engine.store.stream(account: "acct-1", after: 0, epoch: "") { _ async throws(Enough) in
                throw Enough()
            }
        }
    }

    @Test func `tidying keeps current versions, drops old ones, and renames the store when tombstones go`() async throws
    {
        let engine = try await EngineFixture()
        try await read(engine, [asset("a"), asset("b"), asset("c")])
        engine.clock.advance(by: .seconds(500 * 86_400))
        try await read(engine, [asset("a", ["new": 1])])
        let epoch = try await engine.account().epoch
        engine.clock.advance(by: .seconds(500 * 86_400))
        try await engine.store.tidy(Retention())
        #expect(try await engine.account().epoch == epoch)
        #expect(
            try await stream(engine, after: 1, epoch: epoch).flatMap(\.assets).map(\.isDeleted) == [false, true, true])
        let versions = try await engine.store.writer.read { connection throws(StorageError) in
            try connection.first("SELECT count(*) FROM version") { $0.int(0) }
        }
        #expect(versions == 1)
        try await engine.store.tidy(Retention(tombstones: 1))
        #expect(try await engine.account().epoch != epoch)
        #expect(try await stream(engine, after: 1, epoch: epoch).flatMap(\.assets).map(\.id) == ["a"])
    }
}
