import Storage

/// An asset that the store holds: what a listing is compared with.
struct KnownAsset: Sendable {
    var key: Int64
    var fingerprint: Fingerprint
}

/// The 16 bytes by which a listed asset is known to be unchanged, without an array for each.
struct Fingerprint: Sendable, Equatable {
    private var halves: (UInt64, UInt64)

    /// Of fewer bytes: one that no asset has.
    init(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 16 else {
            halves = (0, 0)
            return
        }
        halves = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        )
    }

    init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { Fingerprint($0) } }

    static func == (left: Self, right: Self) -> Bool { left.halves == right.halves }
}

extension SyncStore {
    /// Makes rows for scopes that have none, in state pending, and takes up again those that were no longer collected.
    func planScopes(account: Int64, _ scopes: [Scope]) async throws(StorageError) {
        try await writer.write { connection throws(StorageError) in
            var changes = try ChangeCounter(account: account, on: connection)
            for scope in scopes {
                let known: Bool? = try connection.first(
                    "SELECT removed FROM scope WHERE account = ?1 AND region = ?2 AND type = ?3",
                    [.integer(account), .text(scope.region), .text(scope.type)]
                ) { row in row.bool(0) }
                guard known != false else { continue }
                try connection.execute(
                    """
                    INSERT INTO scope (account, region, type, state, change) VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT (account, region, type) DO UPDATE SET
                      state = excluded.state, code = '', message = '', operation = '', change = excluded.change, removed = 0
                    """,
                    [
                        .integer(account), .text(scope.region), .text(scope.type),
                        .integer(ScopeState.pending.rawValue), .integer(changes.next()),
                    ])
            }
            try changes.save(on: connection)
        }
    }

    /// The scopes of an account that are collected.
    func scopes(account: Int64) async throws(StorageError) -> [Scope] {
        try await writer.read { connection throws(StorageError) in
            try connection.rows(
                "SELECT region, type FROM scope WHERE account = ?1 AND NOT removed ORDER BY region, type",
                [.integer(account)]
            ) { row in Scope(region: row.text(0), type: row.text(1)) }
        }
    }

    /// What the scope holds, by id, and the scope's row.
    func open(account: Int64, _ scope: Scope) async throws(StorageError) -> (key: Int64, known: [String: KnownAsset]) {
        // Through the writer, so that rows of an interrupted reading are seen whatever the reader's state.
        try await writer.read { connection throws(StorageError) in
            guard let key = try SyncStore.scopeKey(account, scope, connection) else {
                throw StorageError(.other, "the scope was not planned")
            }
            var known: [String: KnownAsset] = [:]
            let count = try connection.first("SELECT assets FROM scope WHERE k = ?1", [.integer(key)]) { $0.int(0) }
            known.reserveCapacity(Int(clamping: count ?? 0))
            try connection.query("SELECT id, k, fingerprint FROM asset WHERE scope = ?1", [.integer(key)]) {
                row throws(StorageError) in
                known[row.text(0)] = KnownAsset(key: row.int(1), fingerprint: row.withBytes(2) { Fingerprint($0) })
                return true
            }
            return (key, known)
        }
    }

    static func scopeKey(
        _ account: Int64, _ scope: Scope, _ connection: borrowing Connection
    ) throws(StorageError) -> Int64? {
        try connection.first(
            "SELECT k FROM scope WHERE account = ?1 AND region = ?2 AND type = ?3",
            [.integer(account), .text(scope.region), .text(scope.type)]
        ) { row in row.int(0) }
    }

    /// The configurations of a scope's assets, as stored.
    func configurations(account: Int64, _ scope: Scope) async throws(StorageError) -> [[UInt8]] {
        let codec = codec
        return try await reader.read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT version.body, version.dictionary FROM scope JOIN asset ON asset.scope = scope.k JOIN version ON version.k = asset.version
                WHERE scope.account = ?1 AND scope.region = ?2 AND scope.type = ?3 ORDER BY asset.id
                """, [.integer(account), .text(scope.region), .text(scope.type)]
            ) { row throws(StorageError) in try codec.expand(row, 0, connection) }
        }
    }

    /// Drops what is no longer collected: whole scopes, and of the others the assets in regions that are not chosen.
    /// Returns how many assets went.
    ///
    /// - Parameters:
    ///   - isCollected: Whether a scope is still to be read.
    ///   - isChosen: Whether assets of a region are kept.
    func dropUncollected(
        account: Int64, isCollected: @Sendable (Scope) -> Bool, isChosen: @Sendable (String) -> Bool
    ) async throws(StorageError) -> Int {
        let time = now()
        return try await writer.write { connection throws(StorageError) in
            var changes = try ChangeCounter(account: account, on: connection)
            var dropped = 0
            let scopes = try connection.rows(
                "SELECT k, region, type FROM scope WHERE account = ?1 AND NOT removed", [.integer(account)]
            ) { row in (key: row.int(0), scope: Scope(region: row.text(1), type: row.text(2))) }
            for (key, scope) in scopes {
                let isKept = isCollected(scope)
                let elsewhere = try connection.rows(
                    """
                    SELECT asset.k, place.region FROM asset JOIN place ON place.k = asset.place
                    WHERE asset.scope = ?1 AND (?2 OR place.region <> ?3)
                    """,
                    [.integer(key), SQLValue(!isKept), .text(scope.region)]
                ) { row in (key: row.int(0), region: row.text(1)) }
                let gone = elsewhere.filter { !isKept || ($0.region != Scope.global && !isChosen($0.region)) }
                try SyncStore.remove(gone.map(\.key), scope: scope, time: time, &changes, connection)
                dropped += gone.count
                if !isKept {
                    try connection.execute(
                        """
                        UPDATE scope SET removed = 1, state = ?2, code = '', message = '', operation = '', assets = 0,
                          assets_with_gaps = 0, complete_time = NULL, attempt_time = NULL, change = ?3 WHERE k = ?1
                        """,
                        [.integer(key), .integer(ScopeState.regionDisabled.rawValue), .integer(changes.next())])
                } else if !gone.isEmpty {
                    try SyncStore.recount(key, connection)
                }
            }
            try changes.save(on: connection)
            return dropped
        }
    }
}
