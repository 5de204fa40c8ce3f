import Crypto
import Storage

extension SyncStore {
    static let assetColumns = """
        asset.k, account.id, scope.region, place.type, asset.id, asset.arn, asset.name, place.region, asset.tags,
        asset.change, asset.first_seen, asset.version_time, asset.gaps, scope.state, version.body, version.dictionary
        """
    /// To be followed by a condition on `asset`.
    static let assetTables = """
        asset JOIN place ON place.k = asset.place JOIN scope ON scope.k = asset.scope
        JOIN account ON account.k = place.account JOIN version ON version.k = asset.version
        """

    /// - Parameter keepsBody: False where only the body's hash is wanted.
    static func readAsset(
        _ row: borrowing Row, _ codec: BodyCodec, _ connection: borrowing Connection, keepsBody: Bool
    ) throws(StorageError) -> StoredAsset {
        let body = try codec.expand(row, 14, connection)
        return StoredAsset(
            key: row.int(0), accountID: row.text(1), scope: Scope(region: row.text(2), type: row.text(3)),
            id: row.text(4), arn: row.text(5), name: row.text(6), region: row.text(7), tags: row.text(8),
            hash: SHA256.digest(body), change: row.int(9), firstSeen: row.int(10), versionTime: row.int(11),
            gaps: row.optionalText(12), isStale: ScopeState(rawValue: row.int(13))?.isStale ?? false,
            body: keepsBody ? body : [])
    }

    /// Assets with an ARN, with their bodies: more than one where types or accounts share it.
    func assets(arn: String, account: Int64?, type: String) async throws(StorageError) -> [StoredAsset] {
        let codec = codec
        // An ARN names its region in most services: few places have to be looked at.
        let parts = arn.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        let region = parts.count > 3 ? String(parts[3]) : ""
        return try await reader.read { connection throws(StorageError) in
            for only in region.isEmpty ? [""] : [region, ""] {
                let found = try connection.rows(
                    """
                    SELECT \(SyncStore.assetColumns)
                    FROM place AS at CROSS JOIN \(SyncStore.assetTables)
                    WHERE asset.place = at.k AND asset.arn = ?1 AND (?2 IS NULL OR at.account = ?2)
                      AND (?3 = '' OR at.type = ?3) AND (?4 = '' OR at.region = ?4)
                    ORDER BY at.account, at.type, asset.k LIMIT 100
                    """, [.text(arn), SQLValue(account), .text(type), .text(only)]
                ) { row throws(StorageError) in try SyncStore.readAsset(row, codec, connection, keepsBody: true) }
                if !found.isEmpty { return found }
            }
            return []
        }
    }

    /// Hands each asset with a change after `change`, and each tombstone with one after `tombstones`, to `body`, in order
    /// of change, until it refuses.
    static func changes(
        account: StoredAccount, after change: Int64, tombstones: Int64, _ codec: BodyCodec,
        _ connection: borrowing Connection, _ body: (StoredAsset) throws(StorageError) -> Bool
    ) throws(StorageError) {
        try connection.query(
            changesSQL, [.integer(account.key), .integer(change), .text(account.id), .integer(tombstones)]
        ) { row throws(StorageError) in
            guard row.isNull(14) else { return try body(try readAsset(row, codec, connection, keepsBody: true)) }
            return try body(
                StoredAsset(
                    key: row.int(0), accountID: row.text(1), scope: Scope(region: row.text(2), type: row.text(3)),
                    id: row.text(4), arn: row.text(5), name: row.text(6), region: row.text(7), tags: row.text(8),
                    hash: [], change: row.int(9), firstSeen: row.int(10), versionTime: row.int(11), gaps: nil,
                    isStale: false, isDeleted: true))
        }
    }

    /// The latest version of an asset is its current one: the order of versions is the order of changes.
    static let changesSQL = """
        SELECT \(assetColumns.replacing("asset.change", with: "version.change"))
        FROM version CROSS JOIN asset ON asset.k = version.asset AND asset.version = version.k
        JOIN place ON place.k = asset.place JOIN scope ON scope.k = asset.scope JOIN account ON account.k = ?1
        WHERE version.account = ?1 AND version.change > ?2
        UNION ALL
        SELECT asset, ?3, scope, type, id, arn, name, region, '{}', change, 0, time, NULL, 1, NULL, NULL
        FROM tombstone WHERE account = ?1 AND change > ?4
        ORDER BY 10
        """
}
