import JSON
import Storage

/// Which assets are wanted; a filter that is empty matches all.
struct AssetFilter: Sendable, Equatable {
    var region = ""
    var type = ""
    var tagKey = ""
    /// Nil: any value.
    var tagValue: String?
    var name = ""
    var text = ""
}

/// Where a page of assets begins: after this asset.
struct AssetCursor: Sendable, Equatable {
    var type: String
    var arn: String
    var key: Int64
}

extension SyncStore {
    private static let columns = """
        asset.k, account.id, scope.region, asset.type, asset.id, asset.arn, asset.name, asset.region, asset.tags,
        asset.hash, asset.change, asset.first_seen, asset.version_time, asset.gaps, scope.state
        """
    private static let tables = """
        asset JOIN scope ON scope.k = asset.scope JOIN account ON account.k = asset.account
        """

    private static func readAsset(_ row: borrowing Row) -> StoredAsset {
        StoredAsset(
            key: row.int(0), accountID: row.text(1), scope: Scope(region: row.text(2), type: row.text(3)),
            id: row.text(4), arn: row.text(5), name: row.text(6), region: row.text(7), tags: row.text(8),
            hash: row.blob(9), change: row.int(10), firstSeen: row.int(11), versionTime: row.int(12),
            gaps: row.optionalText(13), isStale: ScopeState(rawValue: row.int(14))?.isStale ?? false)
    }

    /// A page of assets ordered by type and ARN, without bodies, and how many match on all pages.
    func assets(
        account: Int64, _ filter: AssetFilter, after: AssetCursor?, limit: Int
    ) async throws(StorageError) -> (page: [StoredAsset], total: Int64) {
        let (condition, values) = Self.condition(account, filter)
        return try await reader.read { connection throws(StorageError) in
            let total = try connection.first(
                "SELECT count(*) FROM asset WHERE \(condition)", values
            ) { row in row.int(0) }
            var paged = condition
            var values = values
            if let after {
                let next = values.count + 1
                paged += " AND (asset.type, asset.arn, asset.k) > (?\(next), ?\(next + 1), ?\(next + 2))"
                values += [.text(after.type), .text(after.arn), .integer(after.key)]
            }
            let page = try connection.rows(
                """
                SELECT \(SyncStore.columns) FROM \(SyncStore.tables) WHERE \(paged)
                ORDER BY asset.type, asset.arn, asset.k LIMIT \(limit)
                """, values
            ) { row in SyncStore.readAsset(row) }
            return (page, total ?? 0)
        }
    }

    private static func condition(_ account: Int64, _ filter: AssetFilter) -> (String, [SQLValue]) {
        var terms = ["asset.account = ?1"]
        var values: [SQLValue] = [.integer(account)]
        func add(_ value: SQLValue, _ term: (String) -> String) {
            values.append(value)
            terms.append(term("?\(values.count)"))
        }
        if !filter.region.isEmpty { add(.text(filter.region)) { "asset.region = \($0)" } }
        if !filter.type.isEmpty { add(.text(filter.type)) { "asset.type = \($0)" } }
        if !filter.name.isEmpty { add(.text(filter.name)) { "asset.name = \($0)" } }
        if !filter.tagKey.isEmpty {
            if let value = filter.tagValue {
                values.append(.text(value))
                let equals = "value = ?\(values.count)"
                add(.text(filter.tagKey)) {
                    "EXISTS (SELECT 1 FROM json_each(asset.tags) WHERE key = \($0) AND \(equals))"
                }
            } else {
                add(.text(filter.tagKey)) { "EXISTS (SELECT 1 FROM json_each(asset.tags) WHERE key = \($0))" }
            }
        }
        if !filter.text.isEmpty {
            add(.text("%" + escaped(filter.text) + "%")) { value in
                "("
                    + ["arn", "id", "name", "tags"].map { "asset.\($0) LIKE \(value) ESCAPE '\\'" }
                    .joined(separator: " OR ") + ")"
            }
        }
        return (terms.joined(separator: " AND "), values)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "%_\\".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    /// Assets with an ARN, with their bodies: more than one where types or accounts share it.
    func assets(arn: String, account: Int64?, type: String) async throws(StorageError) -> [StoredAsset] {
        try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(SyncStore.columns), version.body FROM \(SyncStore.tables)
                JOIN version ON version.k = asset.version
                WHERE asset.arn = ?1 AND (?2 IS NULL OR asset.account = ?2) AND (?3 = '' OR asset.type = ?3)
                ORDER BY asset.account, asset.type, asset.k LIMIT 100
                """, [.text(arn), SQLValue(account), .text(type)]
            ) { row throws(StorageError) in
                var asset = SyncStore.readAsset(row)
                asset.body = try SyncStore.expand(row.blob(15))
                return asset
            }
        }
    }

    /// Hands each asset and tombstone with a change after `change` to `body`, in order of change, until it refuses.
    ///
    /// - Parameter tombstones: False: only what exists.
    static func changes(
        account: StoredAccount, after change: Int64, tombstones: Bool, _ connection: borrowing Connection,
        _ body: (StoredAsset) throws(StorageError) -> Bool
    ) throws(StorageError) {
        try connection.query(
            """
            SELECT \(columns), version.body FROM \(tables) JOIN version ON version.k = asset.version
            WHERE asset.account = ?1 AND asset.change > ?2
            UNION ALL
            SELECT asset, ?3, scope, type, id, arn, name, region, NULL, NULL, change, 0, time, NULL, 1, NULL
            FROM tombstone WHERE account = ?1 AND change > ?2 AND ?4
            ORDER BY 11
            """, [.integer(account.key), .integer(change), .text(account.id), SQLValue(tombstones)]
        ) { row throws(StorageError) in
            var asset = readAsset(row)
            asset.isDeleted = row.isNull(15)
            if !asset.isDeleted { asset.body = try expand(row.blob(15)) }
            return try body(asset)
        }
    }
}
