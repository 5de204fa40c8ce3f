import JSON
import Storage

/// Assets of one scope that are new or changed.
struct AssetBatch: Sendable {
    /// The scope's row.
    var scope: Int64
    var type: String
    /// With the rows of those that are stored.
    var assets: [(asset: PreparedAsset, known: Int64?)] = []
}

extension SyncStore {
    /// Writes new and changed assets, each under a change number of its own, and then ends scopes, in one transaction.
    func commit(
        account: Int64, run: Int64, _ batches: [AssetBatch], ends: [ScopeEnd] = []
    ) async throws(StorageError) {
        let time = now()
        let codec = writerCodec
        do throws(StorageError) {
            try await writer.write { connection throws(StorageError) in
                var changes = try ChangeCounter(account: account, on: connection)
                for batch in batches { try SyncStore.write(batch, time: time, codec, &changes, connection) }
                for end in ends { try SyncStore.close(end, run: run, time: time, &changes, connection) }
                try changes.save(on: connection)
            }
        } catch {
            codec.forget()
            throw error
        }
    }

    private static func write(
        _ batch: AssetBatch, time: Int64, _ codec: BodyCodec, _ changes: inout ChangeCounter,
        _ connection: borrowing Connection
    ) throws(StorageError) {
        let dictionary = try BodyDictionary.forWriting(
            account: changes.account, type: batch.type, batch.assets.map(\.asset.body), connection)
        var rows = try AssetRows(
            account: changes.account, scope: batch.scope, type: batch.type, time: time, codec: codec,
            dictionary: dictionary, connection)
        for (asset, known) in batch.assets {
            if let known {
                try rows.update(known, asset, change: changes.next(), connection)
            } else {
                try rows.insert(asset, change: changes.next(), connection)
            }
        }
    }

    /// Replaces assets by tombstones.
    static func remove(
        _ keys: [Int64], scope: Scope, time: Int64, _ changes: inout ChangeCounter, _ connection: borrowing Connection
    ) throws(StorageError) {
        guard !keys.isEmpty else { return }
        var tags = try TagIndex(account: changes.account, connection)
        for key in keys {
            try connection.execute(
                """
                INSERT INTO tombstone (account, change, asset, type, arn, id, name, region, scope, time, tags, gaps,
                  first_seen)
                SELECT place.account, ?2, asset.k, place.type, arn, id, name, place.region, ?3, ?4, tags, gaps, first_seen
                FROM asset JOIN place ON place.k = asset.place WHERE asset.k = ?1
                """, [.integer(key), .integer(changes.next()), .text(scope.region), .integer(time)])
            let indexed = try connection.first("SELECT tags, name FROM asset WHERE k = ?1", [.integer(key)]) { row in
                TagIndex.pairs(row.text(0), name: row.text(1))
            }
            try tags.change(key, from: indexed ?? [], to: [], connection)
            try connection.execute("DELETE FROM asset WHERE k = ?1", [.integer(key)])
        }
    }

    /// Brings a scope's counts of assets up to date.
    static func recount(_ scope: Int64, _ connection: borrowing Connection) throws(StorageError) {
        try connection.execute(
            """
            UPDATE scope SET assets = (SELECT count(*) FROM asset WHERE scope = ?1),
              assets_with_gaps = (SELECT count(*) FROM asset WHERE scope = ?1 AND gaps IS NOT NULL) WHERE k = ?1
            """, [.integer(scope)])
    }
}

/// Writes the rows of assets of one scope within one transaction.
private struct AssetRows: ~Copyable {
    private let account: Int64
    private let scope: Int64
    private let type: String
    private let time: Int64
    private let codec: BodyCodec
    private let dictionary: Int64?
    private let insertAsset: Statement
    private let insertVersion: Statement
    private var tags: TagIndex
    private var places: [String: Int64] = [:]
    private var lastVersion: Int64

    init(
        account: Int64, scope: Int64, type: String, time: Int64, codec: BodyCodec, dictionary: Int64?,
        _ connection: borrowing Connection
    ) throws(StorageError) {
        let insertAsset = try connection.prepare(
            """
            INSERT INTO asset (scope, place, id, arn, name, tags, fingerprint, version, change, first_seen,
              version_time, gaps) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)
            """)
        let insertVersion = try connection.prepare(
            """
            INSERT INTO version (k, account, asset, change, time, before, body, dictionary)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
        let tags = try TagIndex(account: account, connection)
        lastVersion = try connection.first("SELECT max(k) FROM version") { $0.int(0) } ?? 0
        self.account = account
        self.scope = scope
        self.type = type
        self.time = time
        self.codec = codec
        self.dictionary = dictionary
        self.insertAsset = insertAsset
        self.insertVersion = insertVersion
        self.tags = tags
    }

    mutating func insert(
        _ asset: PreparedAsset, change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) {
        lastVersion += 1
        try insertAsset.run([
            .integer(scope), .integer(try place(asset.region, connection)), .text(asset.id), .text(asset.arn),
            .text(asset.name), .text(asset.tagsText), .blob(asset.fingerprint), .integer(lastVersion),
            .integer(change), .integer(time), SQLValue(asset.gapsText),
        ])
        let key = connection.lastInsertedRowID
        let body = try codec.compress(asset.body, dictionary, connection)
        try insertVersion.run([
            .integer(lastVersion), .integer(account), .integer(key), .integer(change), .integer(time), .null,
            .blob(body), SQLValue(dictionary),
        ])
        try tags.change(key, from: [], to: TagIndex.pairs(asset.tagsText, name: asset.name), connection)
    }

    mutating func update(
        _ key: Int64, _ asset: PreparedAsset, change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) {
        let codec = codec
        let current = try connection.first(
            """
            SELECT name, arn, place.region, tags, gaps, body, dictionary
            FROM asset JOIN place ON place.k = asset.place JOIN version ON version.k = asset.version WHERE asset.k = ?1
            """, [.integer(key)]
        ) { row throws(StorageError) in
            (
                facts: VersionFacts(
                    name: row.text(0), arn: row.text(1), region: row.text(2), tags: row.text(3),
                    gaps: row.optionalText(4)),
                body: try codec.expand(row, 5, connection), frame: row.blob(5), dictionary: row.optionalInt(6)
            )
        }
        guard let current else { throw StorageError(.other, "an asset vanished while its scope was read") }
        let isSame = current.body == asset.body
        let body = isSame ? current.frame : try codec.compress(asset.body, dictionary, connection)
        lastVersion += 1
        try insertVersion.run([
            .integer(lastVersion), .integer(account), .integer(key), .integer(change), .integer(time),
            SQLValue(current.facts.differences(from: VersionFacts(asset))), .blob(body),
            SQLValue(isSame ? current.dictionary : dictionary),
        ])
        try connection.execute(
            """
            UPDATE asset SET tags = ?2, fingerprint = ?3, version = ?4, change = ?5, version_time = ?6, gaps = ?7
            WHERE k = ?1
            """,
            [
                .integer(key), .text(asset.tagsText), .blob(asset.fingerprint), .integer(lastVersion),
                .integer(change), .integer(time), SQLValue(asset.gapsText),
            ])
        // SQLite writes the indexes of whatever is named, changed or not, each a page of its own.
        let isFoundElsewhere =
            (asset.region, asset.arn, asset.name) != (current.facts.region, current.facts.arn, current.facts.name)
        if isFoundElsewhere {
            try connection.execute(
                "UPDATE asset SET place = ?2, arn = ?3, name = ?4 WHERE k = ?1",
                [.integer(key), .integer(try place(asset.region, connection)), .text(asset.arn), .text(asset.name)])
        }
        try tags.change(
            key, from: TagIndex.pairs(current.facts.tags, name: current.facts.name),
            to: TagIndex.pairs(asset.tagsText, name: asset.name), connection)
    }

    /// The row of the place of assets of the type in a region, made where there is none.
    private mutating func place(_ region: String, _ connection: borrowing Connection) throws(StorageError) -> Int64 {
        if let known = places[region] { return known }
        let values: [SQLValue] = [.integer(account), .text(type), .text(region)]
        try connection.execute(
            "INSERT INTO place (account, type, region) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", values)
        guard
            let key = try connection.first(
                "SELECT k FROM place WHERE account = ?1 AND type = ?2 AND region = ?3", values, { $0.int(0) })
        else { throw StorageError(.other, "the place was not written") }
        places[region] = key
        return key
    }
}
