import JSON
import Storage
import Testing

@testable import SyncService

/// A database as the version before wrote it, opened by this one.
@Suite struct MigrationTests {
    private let directory: TemporaryDirectory
    private let engine: EngineFixture

    init() async throws {
        directory = try TemporaryDirectory()
        engine = try await EngineFixture()
    }

    /// Rows as schema 3 had them: an asset whose tags changed without a version, one that was removed, one whose number
    /// a removed one had before it, and versions of each.
    private static let rows = """
        INSERT INTO account (k, id, name, epoch, change) VALUES (1, 'acct-1', 'Production', 'epoch-1', 9);
        INSERT INTO scope (k, account, region, type, state, assets, change)
        VALUES (1, 1, 'eu-central-1', 'aws_vpc', 1, 2, 1), (2, 1, 'global', 'aws_s3_bucket', 1, 1, 2);
        INSERT INTO asset VALUES
          (1, 1, 1, 'vpc-1', 'aws_vpc', 'arn:vpc-1', 'web', 'eu-central-1', '{"Name":"web","env":"prod"}', x'01', x'0a',
           2, 8, 1000, 3000, NULL),
          (3, 1, 2, 'logs', 'aws_s3_bucket', 'arn:logs', 'logs', 'us-east-1', '{}', x'02', x'0b', 5, 9, 4000, 4000,
           '[{"call":"GetX","code":"AccessDenied","message":"no"}]');
        INSERT INTO tombstone VALUES (1, 7, 2, 'aws_vpc', 'arn:vpc-2', 'vpc-2', '', 'eu-central-1', 'eu-central-1', 3500);
        INSERT INTO tombstone VALUES (1, 6, 3, 'aws_vpc', 'arn:vpc-9', 'vpc-9', '', 'eu-central-1', 'eu-central-1', 3400);
        """

    private static let versions: [(key: Int64, asset: Int64, change: Int64, time: Int64, body: String)] = [
        (1, 1, 3, 1000, #"{"n":1}"#), (2, 1, 5, 2000, #"{"n":2}"#), (3, 2, 4, 1000, #"{"gone":true}"#),
        (4, 3, 2, 900, #"{"another":true}"#), (5, 3, 9, 4000, #"{"Name":"logs"}"#),
    ]

    private func migrated() async throws -> SyncStore {
        let path = directory.path + "/sync.db"
        let old = try await Database.open(
            path: path, migrations: Array(Schema.migrations.prefix(2)) + SyncProgram.storeMigrations)
        try await old.write { connection throws(StorageError) in
            try connection.script(Self.rows)
            for version in Self.versions {
                let body = Zstd().compress(Array(version.body.utf8), nil) ?? []
                try connection.execute(
                    "INSERT INTO version VALUES (?1, 1, ?2, ?3, ?4, x'00', ?5)",
                    [
                        .integer(version.key), .integer(version.asset), .integer(version.change),
                        .integer(version.time), .blob(body),
                    ])
            }
        }
        await old.close()
        return try await SyncStore.open(path: path, extra: SyncProgram.storeMigrations, clock: engine.clock)
    }

    @Test func `assets, their bodies and their lists are as before, and are found by tag and name`() async throws {
        let store = try await migrated()
        let all = try await store.assets(account: 1, AssetFilter(), after: nil, limit: 9)
        #expect(all.map(\.id) == ["logs", "vpc-1"])
        #expect(all.map(\.region) == ["us-east-1", "eu-central-1"])
        #expect(all.map(\.scope.region) == ["global", "eu-central-1"])
        #expect(all.map { $0.gaps == nil } == [false, true])
        let found = try await store.assets(arn: "arn:vpc-1", account: nil, type: "")
        #expect(found.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"n":2}"#])
        for filter in [
            AssetFilter(tagKey: "env", tagValue: "prod"), AssetFilter(tagKey: "Name", tagValue: "web"),
            AssetFilter(name: "web"),
        ] {
            #expect(try await store.assets(account: 1, filter, after: nil, limit: 9).map(\.id) == ["vpc-1"])
        }
    }

    @Test func `a replica that stands at a number goes on from it`() async throws {
        let store = try await migrated()
        let collected = CollectedBatches()
        try await store.stream(account: "acct-1", after: 6, epoch: "epoch-1") { batch async throws(Never) in
            await collected.add(batch)
        }
        let assets = await collected.batches.flatMap(\.assets)
        #expect(assets.map(\.id) == ["vpc-2", "vpc-1", "logs"])
        #expect(assets.map(\.change) == [7, 8, 9])
        #expect(assets.map(\.isDeleted) == [true, false, false])
    }

    @Test func `what cannot be told of the past is not told`() async throws {
        let store = try await migrated()
        let (versions, history, sequence) = try await store.writer.read { connection throws(StorageError) in
            (
                try connection.rows("SELECT k FROM version ORDER BY k") { $0.int(0) },
                try connection.first("SELECT history FROM account") { $0.int(0) },
                try connection.first("SELECT seq FROM sqlite_sequence WHERE name = 'asset'") { $0.int(0) }
            )
        }
        #expect(versions == [1, 2, 3, 5])
        #expect(history == 9)
        #expect(sequence == 3)
    }

    @Test func `the next reading of a migrated store writes what differs, with what was before`() async throws {
        let store = try await migrated()
        let scope = Scope(region: "eu-central-1", type: "aws_vpc")
        let (recorder, writes) = try await ScopeRecorder.alone(store, account: 1, scope: scope)
        try await recorder.take(StoreFixture.asset("vpc-1", ["n": 2], name: "web", tags: ["env": "dev"]))
        try await recorder.take(StoreFixture.asset("vpc-3"))
        try await recorder.flush()
        try await writes.flush()
        try await store.closeAll(account: 1, run: 1, [await recorder.end(nil)])
        let rows = try await store.writer.read { connection throws(StorageError) in
            try connection.rows("SELECT asset, change, before FROM version WHERE k > 5 ORDER BY k") {
                [$0.value(0), $0.value(1), $0.value(2)]
            }
        }
        #expect(
            rows == [
                [1, 10, .text(#"{"tags":"{\"Name\":\"web\",\"env\":\"prod\"}"}"#)], [4, 11, .null],
            ])
        #expect(
            try await store.assets(account: 1, AssetFilter(tagKey: "env"), after: nil, limit: 9).map(\.id) == ["vpc-1"])
    }

    private actor CollectedBatches {
        var batches: [ChangeBatch] = []
        func add(_ batch: ChangeBatch) { batches.append(batch) }
    }
}
