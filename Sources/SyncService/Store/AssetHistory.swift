import Crypto
import Storage

/// An asset from its first reading to its removal, or until now. One that comes back under its ARN has another life.
struct AssetLife: Sendable {
    /// Its number in versions.
    var key: Int64
    var accountKey: Int64
    var accountID: String
    var type: String
    var id: String
    /// Of its last version.
    var facts: VersionFacts
    /// 0 where it is not known any more.
    var firstSeen: Int64
    /// Nil: it is there.
    var removal: Moment?

    struct Moment: Sendable, Equatable {
        var change: Int64
        var time: Int64
    }
}

/// A version and what differs in it from the one before.
struct StoredVersion: Sendable {
    var begin: AssetLife.Moment
    /// Nil: it is the current one.
    var end: Int64?
    var isRemoved = false
    var isFirst = false
    var isPreviousForgotten = false
    var state: AssetState
    var differences: [ValueDifference] = []
    var isCut = false

    var hash: [UInt8] { SHA256.digest(state.body) }
}

/// A row of a version, without its body.
private struct VersionRow {
    var key: Int64
    var begin: AssetLife.Moment
    var facts: VersionFacts
}

extension SyncStore {
    /// Differences of one asset that are told; there may be more.
    static let differenceLimit = 500
    /// Bytes of configurations that one page may look at: some tens of milliseconds of comparing.
    static let comparedBytes = 4 << 20

    /// The lives under an ARN, the present one first, then the latest; of all accounts and types unless these are given.
    func lives(arn: String, account: Int64?, type: String) async throws(StorageError) -> [AssetLife] {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.lives(arn: arn, account: account, type: type, connection)
        }
    }

    static func lives(
        arn: String, account: Int64?, type: String, _ connection: borrowing Connection
    ) throws(StorageError) -> [AssetLife] {
        let present = try connection.rows(
            """
            SELECT \(lifeColumns), NULL, NULL FROM place CROSS JOIN asset ON asset.place = place.k AND asset.arn = ?1
            JOIN account ON account.k = place.account
            WHERE (?2 IS NULL OR place.account = ?2) AND (?3 = '' OR place.type = ?3) LIMIT 100
            """, [.text(arn), SQLValue(account), .text(type)]
        ) { row in readLife(row) }
        return present
            + (try connection.rows(
                """
                SELECT \(goneColumns) FROM tombstone JOIN account ON account.k = tombstone.account
                WHERE arn = ?1 AND (?2 IS NULL OR tombstone.account = ?2) AND (?3 = '' OR type = ?3) AND asset > 0
                ORDER BY tombstone.change DESC LIMIT 1000
                """, [.text(arn), SQLValue(account), .text(type)]
            ) { row in readLife(row) })
    }

    static func life(_ asset: Int64, _ connection: borrowing Connection) throws(StorageError) -> AssetLife? {
        let present = try connection.first(
            """
            SELECT \(lifeColumns), NULL, NULL FROM asset JOIN place ON place.k = asset.place
            JOIN account ON account.k = place.account WHERE asset.k = ?1
            """, [.integer(asset)]
        ) { row in readLife(row) }
        if let present { return present }
        return try connection.first(
            "SELECT \(goneColumns) FROM tombstone JOIN account ON account.k = tombstone.account WHERE asset = ?1",
            [.integer(asset)]
        ) { row in readLife(row) }
    }

    private static let lifeColumns = """
        asset.k, place.account, account.id, place.type, asset.id, asset.name, asset.arn, place.region, asset.tags,
        asset.gaps, asset.first_seen
        """
    private static let goneColumns = """
        asset, tombstone.account, account.id, type, tombstone.id, tombstone.name, arn, region, tags, gaps, first_seen,
        tombstone.change, time
        """

    private static func readLife(_ row: borrowing Row) -> AssetLife {
        AssetLife(
            key: row.int(0), accountKey: row.int(1), accountID: row.text(2), type: row.text(3), id: row.text(4),
            facts: VersionFacts(
                name: row.text(5), arn: row.text(6), region: row.text(7), tags: row.text(8), gaps: row.optionalText(9)),
            firstSeen: row.int(10),
            removal: row.optionalInt(11).map { AssetLife.Moment(change: $0, time: row.int(12)) })
    }

    // MARK: Versions

    /// The versions of lives, newest first.
    ///
    /// - Parameters:
    ///   - lives: The latest first.
    ///   - change: Only versions that began before this change; nil: all.
    func versions(
        of lives: [AssetLife], before change: Int64?, limit: Int
    ) async throws(StorageError) -> (page: [StoredVersion], hasMore: Bool) {
        let codec = codec
        return try await reader.read { connection throws(StorageError) in
            var page: [StoredVersion] = []
            var bytes = 0
            for life in lives {
                let rows = try SyncStore.versions(of: life, connection)
                for (index, row) in rows.enumerated() where change.map({ row.begin.change < $0 }) ?? true {
                    if page.count >= limit || bytes >= SyncStore.comparedBytes { return (page, true) }
                    let next = index > 0 ? rows[index - 1] : nil
                    let previous = index + 1 < rows.count ? rows[index + 1] : nil
                    let version = try SyncStore.version(row, of: life, previous, codec, connection)
                    bytes += version.state.body.count
                    page.append(version)
                    page[page.count - 1].end = next?.begin.time ?? life.removal?.time
                    page[page.count - 1].isRemoved = next == nil && life.removal != nil
                }
            }
            return (page, false)
        }
    }

    private static func version(
        _ row: VersionRow, of life: AssetLife, _ previous: VersionRow?, _ codec: BodyCodec,
        _ connection: borrowing Connection
    ) throws(StorageError) -> StoredVersion {
        var version = StoredVersion(begin: row.begin, state: try state(row, codec, connection))
        if let previous {
            (version.differences, version.isCut) = try state(previous, codec, connection).differences(
                to: version.state, limit: differenceLimit)
        } else {
            version.isFirst = row.begin.time == life.firstSeen
            version.isPreviousForgotten = !version.isFirst
        }
        return version
    }

    /// An asset as it was after a change number; nil where it was not there then.
    static func state(
        of life: AssetLife, at change: Int64, _ codec: BodyCodec, _ connection: borrowing Connection
    ) throws(StorageError) -> AssetState? {
        if let removal = life.removal, removal.change <= change { return nil }
        guard let row = try versions(of: life, connection).first(where: { $0.begin.change <= change }) else {
            return nil
        }
        return try state(row, codec, connection)
    }

    /// All versions of a life, newest first; what each says beside its body comes from what the later ones note.
    private static func versions(
        of life: AssetLife, _ connection: borrowing Connection
    ) throws(StorageError) -> [VersionRow] {
        var facts = life.facts
        return try connection.rows(
            "SELECT k, change, time, before FROM version WHERE asset = ?1 ORDER BY k DESC", [.integer(life.key)]
        ) { row in
            defer { facts = facts.before(row.optionalText(3)) }
            return VersionRow(
                key: row.int(0), begin: AssetLife.Moment(change: row.int(1), time: row.int(2)), facts: facts)
        }
    }

    private static func state(
        _ version: VersionRow, _ codec: BodyCodec, _ connection: borrowing Connection
    ) throws(StorageError) -> AssetState {
        let body = try connection.first("SELECT body, dictionary FROM version WHERE k = ?1", [.integer(version.key)]) {
            row throws(StorageError) in try codec.expand(row, 0, connection)
        }
        guard let body else { throw StorageError(.corrupt, "a version has no row") }
        return AssetState(facts: version.facts, body: body)
    }
}
