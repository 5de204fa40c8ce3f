import Storage

extension SyncStore {
    /// Writes new and changed assets of a scope, each under a change number of its own, in one transaction.
    ///
    /// - Returns: The rows of the new assets by their id.
    func write(
        account: Int64, scope: Int64, type: String, _ assets: [(asset: PreparedAsset, known: Int64?)]
    ) async throws(StorageError) {
        let time = now()
        try await writer.write { connection throws(StorageError) in
            var changes = try ChangeCounter(account: account, on: connection)
            for (asset, known) in assets {
                let change = changes.next()
                if let known {
                    try SyncStore.update(known, asset, account: account, change: change, time: time, connection)
                } else {
                    try SyncStore.insert(
                        asset, account: account, scope: scope, type: type, change: change, time: time, connection)
                }
            }
            try changes.save(on: connection)
        }
    }

    private static func insert(
        _ asset: PreparedAsset, account: Int64, scope: Int64, type: String, change: Int64, time: Int64,
        _ connection: borrowing Connection
    ) throws(StorageError) {
        try connection.execute(
            """
            INSERT INTO asset (account, scope, id, type, arn, name, region, tags, hash, fingerprint, version, change,
              first_seen, version_time, gaps)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?12, ?13)
            """,
            [
                .integer(account), .integer(scope), .text(asset.id), .text(type), .text(asset.arn), .text(asset.name),
                .text(asset.region), .text(asset.tagsText), .blob(asset.hash), .blob(asset.fingerprint),
                .integer(change), .integer(time), SQLValue(asset.gapsText),
            ])
        let key = connection.lastInsertedRowID
        let version = try insertVersion(asset, of: key, account: account, change: change, time: time, connection)
        try connection.execute("UPDATE asset SET version = ?2 WHERE k = ?1", [.integer(key), .integer(version)])
    }

    private static func update(
        _ key: Int64, _ asset: PreparedAsset, account: Int64, change: Int64, time: Int64,
        _ connection: borrowing Connection
    ) throws(StorageError) {
        let current = try connection.first("SELECT version, hash FROM asset WHERE k = ?1", [.integer(key)]) { row in
            (version: row.int(0), hash: row.blob(1))
        }
        guard let current else { throw StorageError(.other, "an asset vanished while its scope was read") }
        // Where only tags' or gaps' rows differ, the body is the same and stays.
        let version =
            current.hash == asset.hash
            ? current.version
            : try insertVersion(asset, of: key, account: account, change: change, time: time, connection)
        try connection.execute(
            """
            UPDATE asset SET arn = ?2, name = ?3, region = ?4, tags = ?5, hash = ?6, fingerprint = ?7, version = ?8,
              change = ?9, version_time = ?10, gaps = ?11 WHERE k = ?1
            """,
            [
                .integer(key), .text(asset.arn), .text(asset.name), .text(asset.region), .text(asset.tagsText),
                .blob(asset.hash), .blob(asset.fingerprint), .integer(version), .integer(change), .integer(time),
                SQLValue(asset.gapsText),
            ])
    }

    private static func insertVersion(
        _ asset: PreparedAsset, of key: Int64, account: Int64, change: Int64, time: Int64,
        _ connection: borrowing Connection
    ) throws(StorageError) -> Int64 {
        guard let body = Compression.compress(asset.body) else { throw StorageError(.other, "no memory") }
        try connection.execute(
            "INSERT INTO version (account, asset, change, time, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            [
                .integer(account), .integer(key), .integer(change), .integer(time), .blob(asset.hash), .blob(body),
            ])
        return connection.lastInsertedRowID
    }

    /// Replaces assets by tombstones.
    static func remove(
        _ keys: [Int64], scope: Scope, time: Int64, _ changes: inout ChangeCounter, _ connection: borrowing Connection
    ) throws(StorageError) {
        for key in keys {
            try connection.execute(
                """
                INSERT INTO tombstone (account, change, asset, type, arn, id, name, region, scope, time)
                SELECT account, ?2, k, type, arn, id, name, region, ?3, ?4 FROM asset WHERE k = ?1
                """, [.integer(key), .integer(changes.next()), .text(scope.region), .integer(time)])
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
