import Platform
import Synchronization
import Testing

@testable import SyncService

/// What is on disk at a call is all that a process which is killed there leaves behind: the files are kept as they are
/// at each call of a first sync, and the run is resumed from each.
@Suite struct EndAtEveryCallTests {
    @Test func `a run that ends at any call resumes to what an undisturbed one stores`() async throws {
        let catalogue = try Catalogue.load(share: Fixtures.share)
        let names: Set = ["aws_vpc", "aws_kms_key", "aws_s3_bucket"]
        let types = catalogue.types.filter { names.contains($0.type) }.map { PlannedType($0) }
        let account = FaultyAccount(catalogue)
        // One scope at a time: nothing is written while a call is made, so that a copy of the files is of one moment.
        let engine = try await EngineFixture(["eu-central-1", "us-east-1"]) { context in
            context = EngineContext(
                store: context.store, aws: account, connections: context.connections, types: types,
                limits: EngineLimits(scopes: 1, scopesPerAccount: 1, commitPatience: .zero))
        }
        let copies = Mutex<[[String: [UInt8]]]>([])
        let path = engine.directory.path
        account.beforeEachCall {
            let files = ["sync.db", "sync.db-wal"].map { ($0, (try? Files.read(path + "/" + $0)) ?? []) }
            copies.withLock { $0.append(Dictionary(files) { first, _ in first }) }
        }
        #expect(try await engine.sync().state == .succeeded)
        account.beforeEachCall(nil)
        let undisturbed = try await rows(engine.store)
        await engine.store.close()
        let moments = copies.withLock { $0 }
        #expect(moments.count > 50)
        var stored: Set<Int> = []
        for (number, files) in moments.enumerated() {
            let directory = try TemporaryDirectory()
            for (name, bytes) in files where !bytes.isEmpty {
                try Files.writeAtomically(bytes, to: directory.path + "/" + name)
            }
            let store = try await SyncStore.open(
                path: directory.path + "/sync.db", extra: SyncProgram.storeMigrations, clock: engine.clock)
            stored.insert(try await rows(store).count)
            let left = try await store.markInterrupted()
            let run = try #require(left.first, "call \(number)")
            let context = EngineContext(store: store, aws: account, connections: engine.connections, types: types)
            await RunExecutor(context: context, control: RunControl(runID: run.id, accountKey: run.accountKey))
                .execute()
            #expect(try await store.run(id: run.id)?.state == .succeeded, "call \(number)")
            #expect(try await rows(store) == undisturbed, "call \(number)")
            await store.close()
        }
        #expect(stored.count > 3, "the moments must differ in what was stored by then: \(stored)")
        print("resumed from \(moments.count) moments, which held \(stored.sorted()) rows")
    }

    /// Assets and coverage without times and change numbers.
    private func rows(_ store: SyncStore) async throws -> [String] {
        guard let account = try await store.knownAccount(id: "acct-1") else { return [] }
        let assets = try await store.assets(account: account.key, AssetFilter(), after: nil, limit: 500)
        let coverage = try await store.coverage(account: account.key)
        return
            (assets.map { "\($0.scope) \($0.id) \($0.arn) \($0.hash) \($0.tags) \($0.gaps ?? "")" }
            + coverage.filter { $0.state == .complete }.map { "\($0.scope) \($0.assets) \($0.assetsWithGaps)" })
            .sorted()
    }
}
