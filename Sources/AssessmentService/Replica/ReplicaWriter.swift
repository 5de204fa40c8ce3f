import CSQLite
import JSON
import Platform

/// Fills one account's replica. Each batch is one transaction that also moves the change number, so a process that
/// is killed leaves the state after some batch, and the next one goes on from there.
final class ReplicaWriter {
    private let handle: SQLiteHandle
    private let schema: ReplicaSchema
    /// The AWS account's number, 12 digits; empty where it is not known.
    private let accountNumber: String
    private var rows: [String: TypeStatements] = [:]
    private let known: SQLiteStatement
    private let insertAsset: SQLiteStatement
    private let deleteAsset: SQLiteStatement
    private let insertGap: SQLiteStatement
    private let deleteGaps: SQLiteStatement
    private let touchTable: SQLiteStatement

    private struct TypeStatements {
        var type: ReplicaType
        var deletes: [SQLiteStatement]
        var inserts: [SQLiteStatement]
    }

    /// Opens the replica at `path` if it was made for this schema and account, else makes an empty one there.
    ///
    /// - Parameter accountNumber: nil: whichever it was made for.
    init(path: String, schema: ReplicaSchema, accountNumber: String?) throws(EvaluationError) {
        var fits = ["layout": "\(ReplicaLayout.version)", "schema": schema.hash]
        fits["account"] = accountNumber
        if let existing = try Self.existing(path, fits) {
            handle = existing
        } else {
            handle = try Self.empty(path, schema, fits)
        }
        self.schema = schema
        self.accountNumber = try Self.meta(handle)["account"] ?? ""
        known = try handle.prepare("SELECT id, resource, scope FROM _asset WHERE type = ?1 AND arn = ?2")
        insertAsset = try handle.prepare(
            "INSERT OR REPLACE INTO _asset (id, type, arn, region, scope, gaps, stale, change, configuration, resource) "
                + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7 OR EXISTS (SELECT 1 FROM _coverage "
                + "WHERE type = ?2 AND region = ?5 AND complete = 0), ?8, ?9, ?10)")
        deleteAsset = try handle.prepare("DELETE FROM _asset WHERE id = ?1")
        insertGap = try handle.prepare("INSERT OR REPLACE INTO _gap VALUES (?1, ?2, ?3, ?4, ?5)")
        deleteGaps = try handle.prepare("DELETE FROM _gap WHERE asset = ?1")
        touchTable = try handle.prepare("INSERT OR REPLACE INTO _table VALUES (?1, ?2)")
    }

    /// The change number up to which the replica is filled, and the incarnation it belongs to; 0 and empty at first.
    func position() throws(EvaluationError) -> (change: Int64, epoch: String) {
        let meta = try Self.meta(handle)
        return (meta["change"].flatMap { Int64($0) } ?? 0, meta["epoch"] ?? "")
    }

    /// Empties the replica, for a store that began anew.
    func clear() throws(EvaluationError) {
        try handle.transaction { () throws(EvaluationError) in
            for table in schema.tables.keys { try handle.script("DELETE FROM \"\(table)\"") }
            try handle.script(
                """
                DELETE FROM _asset; DELETE FROM _gap; DELETE FROM _coverage; DELETE FROM _table;
                DELETE FROM _meta WHERE key IN ('change', 'epoch', 'complete')
                """)
        }
    }

    /// Writes a batch; assets of types that the schema lacks are left out.
    func apply(_ batch: ReplicaBatch) throws(EvaluationError) {
        try handle.transaction { () throws(EvaluationError) in
            // Coverage first: whether an asset is stale depends on it.
            for scope in batch.coverage { try write(scope) }
            var touched: [String: Int64] = [:]
            for asset in batch.assets where schema.type(asset.type) != nil {
                try write(asset)
                touched[asset.type] = max(touched[asset.type] ?? 0, asset.change)
            }
            for (type, revision) in touched {
                touchTable.bind(type, at: 1)
                touchTable.bind(revision, at: 2)
                try touchTable.run()
            }
            try setMeta("epoch", batch.epoch)
            try setMeta("change", "\(batch.change)")
            try setMeta("complete", batch.isComplete ? "1" : "0")
        }
    }

    /// Forgets scopes that are not read any more, such as those of a region that was taken out.
    func keepOnly(scopes: Set<ScopeName>) throws(EvaluationError) {
        let stored = try handle.rows("SELECT type, region FROM _coverage") {
            ScopeName(type: $0.text(0), region: $0.text(1))
        }
        let superfluous = stored.filter { !scopes.contains($0) }
        if superfluous.isEmpty { return }
        try handle.transaction { () throws(EvaluationError) in
            let delete = try handle.prepare("DELETE FROM _coverage WHERE type = ?1 AND region = ?2")
            for scope in superfluous {
                delete.bind(scope.type, at: 1)
                delete.bind(scope.region, at: 2)
                try delete.run()
            }
        }
    }

    private func write(_ asset: ReplicaAsset) throws(EvaluationError) {
        let statements = try statements(for: asset.type)
        let id = try find(asset)
        // A resource that was deleted and made again has its ARN, and may come before the tombstone of the first.
        if asset.isDeleted, id?.isSame == false { return }
        if let id { try remove(id.number, statements) }
        if asset.isDeleted { return }
        let number = if let id { id.number } else { try nextNumber() }
        let gaps = asset.gaps.reduce(Int64(0)) { $0 | statements.type.gapBits(of: $1.call) }
        var (asset, configuration) = (asset, asset.configuration)
        if try !isValid(configuration) {
            // Then nothing is known of it, as of an asset that could not be read any more.
            asset.isStale = true
            configuration = "{}"
        }
        try writeRow(asset, number, gaps: gaps, configuration)
        for insert in statements.inserts {
            insert.bind(number, at: 1)
            insert.bind(accountNumber, at: 2)
            insert.bind(asset.region, at: 3)
            insert.bind(asset.arn, at: 4)
            insert.bind(configuration, at: 5)
        }
        if let own = statements.inserts.first {
            own.bind(asset.id, at: 6)
            own.bind(asset.name, at: 7)
            own.bind(Self.json(asset.tags), at: 8)
        }
        for insert in statements.inserts { try insert.run() }
    }

    private func writeRow(
        _ asset: ReplicaAsset, _ number: Int64, gaps: Int64, _ configuration: String
    ) throws(EvaluationError) {
        insertAsset.bind(number, at: 1)
        for (index, text) in [asset.type, asset.arn, asset.region, asset.scope].enumerated() {
            insertAsset.bind(text, at: Int32(index + 2))
        }
        insertAsset.bind(gaps, at: 6)
        insertAsset.bind(asset.isStale ? 1 : 0, at: 7)
        insertAsset.bind(asset.change, at: 8)
        insertAsset.bind(configuration, at: 9)
        insertAsset.bind(asset.id, at: 10)
        try insertAsset.run()
        for (position, gap) in asset.gaps.enumerated() {
            insertGap.bind(number, at: 1)
            insertGap.bind(Int64(position), at: 2)
            insertGap.bind(gap.call, at: 3)
            insertGap.bind(gap.code, at: 4)
            insertGap.bind(gap.message, at: 5)
            try insertGap.run()
        }
    }

    private func write(_ scope: ScopeCoverage) throws(EvaluationError) {
        let statement = try handle.prepare("INSERT OR REPLACE INTO _coverage VALUES (?1, ?2, ?3, ?4, ?5)")
        statement.bind(scope.type, at: 1)
        statement.bind(scope.region, at: 2)
        statement.bind(scope.isComplete ? 1 : 0, at: 3)
        statement.bind(scope.code, at: 4)
        statement.bind(scope.message, at: 5)
        try statement.run()
        // A scope's assets are not sent again when only its coverage changes.
        let stale = try handle.prepare("UPDATE _asset SET stale = ?3 WHERE type = ?1 AND scope = ?2 AND stale <> ?3")
        stale.bind(scope.type, at: 1)
        stale.bind(scope.region, at: 2)
        stale.bind(scope.isComplete ? 0 : 1, at: 3)
        try stale.run()
    }

    /// The row with the asset's ARN, and whether it is of the same resource.
    private func find(_ asset: ReplicaAsset) throws(EvaluationError) -> (number: Int64, isSame: Bool)? {
        known.bind(asset.type, at: 1)
        known.bind(asset.arn, at: 2)
        defer { known.reset() }
        guard try known.step() else { return nil }
        return (known.int(0), known.text(1) == asset.id && known.text(2) == asset.scope)
    }

    private func remove(_ id: Int64, _ statements: TypeStatements) throws(EvaluationError) {
        for delete in statements.deletes + [deleteAsset, deleteGaps] {
            delete.bind(id, at: 1)
            try delete.run()
        }
    }

    private func nextNumber() throws(EvaluationError) -> Int64 {
        try handle.rows("SELECT coalesce(max(id), 0) + 1 FROM _asset") { $0.int(0) }.first ?? 1
    }

    private func isValid(_ json: String) throws(EvaluationError) -> Bool {
        try handle.rows("SELECT iif(json_valid(?1), json_type(?1) = 'object', 0)", [json]) { $0.int(0) == 1 }.first
            ?? false
    }

    private func statements(for name: String) throws(EvaluationError) -> TypeStatements {
        if let found = rows[name] { return found }
        guard let type = schema.type(name) else { throw .replica("no type \(name)") }
        var made = TypeStatements(type: type, deletes: [], inserts: [])
        for table in schema.tables(of: type) {
            let range =
                table.isChild
                ? "rowid >= ?1 * \(ReplicaTable.positions) AND rowid < (?1 + 1) * \(ReplicaTable.positions)"
                : "rowid = ?1"
            made.deletes.append(try handle.prepare("DELETE FROM \"\(table.name)\" WHERE \(range)"))
            made.inserts.append(try handle.prepare(Projection.insert(into: table)))
        }
        rows[name] = made
        return made
    }

    private func setMeta(_ key: String, _ value: String) throws(EvaluationError) {
        try Self.setMeta(handle, key, value)
    }
}

extension ReplicaWriter {
    private static func existing(_ path: String, _ fits: [String: String]) throws(EvaluationError) -> SQLiteHandle? {
        guard path != ":memory:", Files.exists(path) else { return nil }
        do throws(EvaluationError) {
            let handle = try SQLiteHandle(path: path, readOnly: false)
            let meta = try meta(handle)
            if fits.allSatisfy({ meta[$0.key] == $0.value }) { return handle }
        } catch {
            // Not a replica, or damaged: it is made anew from the sync service.
        }
        for suffix in ["", "-journal", "-wal", "-shm"] where Files.exists(path + suffix) {
            do throws(FileError) { try Files.remove(path + suffix) } catch { throw .replica("\(error)") }
        }
        return nil
    }

    private static func empty(
        _ path: String, _ schema: ReplicaSchema, _ fits: [String: String]
    ) throws(EvaluationError) -> SQLiteHandle {
        let handle = try SQLiteHandle(path: path, readOnly: false)
        try handle.script("PRAGMA synchronous = NORMAL")
        try handle.transaction { () throws(EvaluationError) in
            try handle.script(ReplicaLayout.tables(schema))
            try handle.script(ReplicaLayout.indexes(schema))
            for (key, value) in fits { try setMeta(handle, key, value) }
            if fits["account"] == nil { try setMeta(handle, "account", "") }
        }
        return handle
    }

    private static func meta(_ handle: SQLiteHandle) throws(EvaluationError) -> [String: String] {
        let rows = try handle.rows("SELECT key, value FROM _meta") { ($0.text(0), $0.text(1)) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    private static func setMeta(_ handle: SQLiteHandle, _ key: String, _ value: String) throws(EvaluationError) {
        let statement = try handle.prepare("INSERT OR REPLACE INTO _meta VALUES (?1, ?2)")
        statement.bind(key, at: 1)
        statement.bind(value, at: 2)
        try statement.run()
    }

    private static func json(_ tags: [String: String]) -> String {
        let members = tags.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.string($0.value)) }
        return JSONValue.object(JSONObject(members)).text()
    }
}

/// Names a scope.
struct ScopeName: Hashable, Sendable {
    var type: String
    var region: String
}
