import JSON
import Storage

@testable import SyncService

/// A store that scopes are read into, without AWS.
struct StoreFixture {
    let engine: EngineFixture
    static let scope = Scope(region: "eu-central-1", type: "aws_vpc")

    var store: SyncStore { engine.store }

    init() async throws { engine = try await EngineFixture() }

    /// An asset of the scope, at its ARN `arn:ID` unless another is given.
    static func asset(
        _ id: String, _ configuration: JSONValue = [:], name: String = "", tags: [String: String] = [:],
        gaps: [AssetGap] = [], region: String = "eu-central-1", arn: String? = nil
    ) -> PreparedAsset {
        PreparedAsset(
            ObservedAsset(
                id: id, arn: arn ?? "arn:\(id)", name: name, region: region, tags: tags, configuration: configuration,
                gaps: gaps), redactor: Redactor(externalID: ""))
    }

    /// Reads a scope that lists `assets`, and closes it.
    func read(_ assets: [PreparedAsset], _ scope: Scope = Self.scope, account id: String = "acct-1") async throws {
        let account = try await engine.account(id)
        try await store.planScopes(account: account.key, [scope])
        let (recorder, writes) = try await ScopeRecorder.alone(store, account: account.key, scope: scope)
        for asset in assets { try await recorder.take(asset) }
        try await recorder.flush()
        try await writes.flush()
        try await store.closeAll(account: account.key, run: 1, [await recorder.end(nil)])
    }

    func number(_ sql: String, _ values: [SQLValue] = []) async throws -> Int64 {
        try await store.writer.read { connection throws(StorageError) in
            try connection.first(sql, values) { $0.int(0) } ?? -1
        }
    }

    /// How SQLite would answer a query, a line for each step.
    func plan(_ sql: String, _ values: [SQLValue]) async throws -> [String] {
        try await store.reader.read { connection throws(StorageError) in
            try connection.rows("EXPLAIN QUERY PLAN " + sql, values) { $0.text(3) }
        }
    }
}

extension ScopeRecorder {
    /// One that writes by itself, what it has at each flush.
    static func alone(
        _ store: SyncStore, account: Int64, scope: Scope
    ) async throws(StorageError) -> (ScopeRecorder, RunWrites) {
        let writes = RunWrites(store: store, account: account, run: 1)
        return (try await ScopeRecorder(store: store, account: account, scope: scope, writes: writes), writes)
    }
}
