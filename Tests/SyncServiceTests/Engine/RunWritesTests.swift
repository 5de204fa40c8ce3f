import JSON
import Storage
import Synchronization
import Testing

@testable import SyncService

@Suite struct RunWritesTests {
    private static let scopes = (0..<6).map { Scope(region: "r\($0)", type: "aws_vpc") }

    private struct Fixture {
        let engine: EngineFixture
        var store: SyncStore { engine.store }
        let account: Int64
        let run: Int64
        let closed = Noted()

        /// A scope's end that names its region.
        final class Noted: Sendable {
            private let regions = Mutex<[String]>([])
            var all: [String] { regions.withLock { $0 } }
            func add(_ end: ScopeEnd) { regions.withLock { $0.append(end.scope.region) } }
        }

        init() async throws {
            engine = try await EngineFixture()
            account = try await engine.account().key
            run = 1
            try await engine.store.planScopes(account: account, RunWritesTests.scopes)
        }

        func writes() -> RunWrites {
            RunWrites(store: store, account: account, run: run) { [closed] in closed.add($0) }
        }

        func finished() async throws -> [String] {
            try await store.finishedScopes(run: run).map(\.region).sorted()
        }
    }

    @Test func `ends gather until one is waited for, and are committed together`() async throws {
        let fixture = try await Fixture()
        let writes = fixture.writes()
        for scope in Self.scopes[..<3] { try await writes.end(ScopeEnd(scope: scope), isAwaited: false) }
        #expect(try await fixture.finished().isEmpty)
        #expect(fixture.closed.all.isEmpty)
        try await writes.end(ScopeEnd(scope: Self.scopes[3]), isAwaited: true)
        #expect(try await fixture.finished() == ["r0", "r1", "r2", "r3"])
        #expect(fixture.closed.all == ["r0", "r1", "r2", "r3"])
        try await writes.flush()
        #expect(fixture.closed.all.count == 4)
    }

    @Test func `ends that nobody waits for are committed after a while`() async throws {
        let fixture = try await Fixture()
        let writes = fixture.writes()
        try await writes.end(ScopeEnd(scope: Self.scopes[0]), isAwaited: false)
        let waits = Mutex<[Duration]>([])
        await writes.keepFlushing { duration async throws(CancellationError) in
            let count = waits.withLock { waits in
                waits.append(duration)
                return waits.count
            }
            if count > 1 { throw CancellationError() }
        }
        #expect(waits.withLock { $0 } == [.milliseconds(500), .milliseconds(500)])
        #expect(try await fixture.finished() == ["r0"])
    }

    @Test func `many scopes at once end with all their assets, each counted once`() async throws {
        let fixture = try await Fixture()
        let writes = fixture.writes()
        await withTaskGroup(of: Void.self) { group in
            for scope in Self.scopes {
                group.addTask {
                    do {
                        let recorder = try await ScopeRecorder(
                            store: fixture.store, account: fixture.account, scope: scope, writes: writes)
                        for number in 0..<1500 {
                            try await recorder.take(StoreFixture.asset("\(scope.region)-\(number)", ["n": 1]))
                        }
                        try await recorder.flush()
                        try await writes.end(await recorder.end(nil), isAwaited: scope.region == "r5")
                    } catch { Issue.record(error) }
                }
            }
        }
        try await writes.flush()
        #expect(fixture.closed.all.sorted() == Self.scopes.map(\.region))
        let counted = try await fixture.store.reader.read { connection throws(StorageError) in
            try connection.rows("SELECT assets, (SELECT count(*) FROM asset WHERE scope = scope.k) FROM scope") { row in
                [row.int(0), row.int(1)]
            }
        }
        #expect(counted == Array(repeating: [1500, 1500], count: 6))
    }

    @Test func `after a write that failed no scope ends`() async throws {
        let fixture = try await Fixture()
        let writes = fixture.writes()
        let lost = AssetBatch(scope: 99, type: "aws_vpc", assets: [(StoreFixture.asset("a"), nil)])
        try await writes.put(lost)
        await #expect(throws: StorageError.self) { try await writes.flush() }
        await #expect(throws: StorageError.self) {
            try await writes.end(ScopeEnd(scope: Self.scopes[0]), isAwaited: true)
        }
        await #expect(throws: StorageError.self) { try await writes.flush() }
        #expect(try await fixture.finished().isEmpty)
        #expect(fixture.closed.all.isEmpty)
    }
}
