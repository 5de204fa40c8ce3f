import Storage

/// An asset that differs between two change numbers.
struct StoredDifference: Sendable {
    enum Kind: Sendable { case added, removed, changed }

    var kind: Kind
    var type: String
    var id: String
    /// The later state; of a removed asset its last one.
    var facts: VersionFacts
    /// When it last changed, and at which change.
    var time: Int64
    var change: Int64
    var values: [ValueDifference] = []
    var isCut = false
}

/// What of an account is compared.
struct DifferenceRange: Sendable {
    var account: Int64
    /// Change numbers: what was then, and what is otherwise now.
    var from: Int64
    var to: Int64
    /// Empty filters match all.
    var region = ""
    var type = ""
}

/// A page of differences, or that they cannot be told.
enum DifferencePage: Sendable {
    /// - Parameter next: The change after which the next page begins; nil on the last one.
    case page([StoredDifference], next: Int64?)
    /// What was at the beginning of the range is no longer kept.
    case forgotten
}

extension SyncStore {
    /// How many changes a page looks at, whatever it finds.
    private static let examinedChanges = 2000

    /// What differs between two change numbers, in the order in which it last changed.
    func differences(
        _ range: DifferenceRange, after cursor: Int64?, limit: Int
    ) async throws(StorageError) -> DifferencePage {
        let codec = codec
        return try await reader.read { connection throws(StorageError) in
            let history: Int64? = try connection.first(
                "SELECT history FROM account WHERE k = ?1", [.integer(range.account)]
            ) { row in row.int(0) }
            guard let history, range.from >= history else { return .forgotten }
            var found: [StoredDifference] = []
            var search = DifferenceExaminer(range: range, codec: codec)
            let changes = try SyncStore.changedAssets(range, after: cursor ?? range.from, connection)
            for change in changes {
                if let difference = try search.examine(change, connection) { found.append(difference) }
                if found.count >= limit || search.bytes >= SyncStore.comparedBytes {
                    return .page(found, next: change.moment.change)
                }
            }
            return .page(found, next: changes.count < SyncStore.examinedChanges ? nil : changes.last?.moment.change)
        }
    }

    /// Which assets changed, with the versions and the removals of each, in order.
    private static func changedAssets(
        _ range: DifferenceRange, after change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) -> [ChangedAsset] {
        try connection.rows(
            """
            SELECT change, time, asset FROM version WHERE account = ?1 AND change > ?2 AND change <= ?3
            UNION ALL
            SELECT change, time, asset FROM tombstone WHERE account = ?1 AND change > ?2 AND change <= ?3
            ORDER BY 1 LIMIT ?4
            """,
            [
                .integer(range.account), .integer(change), .integer(range.to), .integer(Int64(examinedChanges)),
            ]
        ) { row in
            ChangedAsset(moment: AssetLife.Moment(change: row.int(0), time: row.int(1)), asset: row.int(2))
        }
    }

    /// The earliest ended run of an account whose state can still be told; nil where there is none.
    func earliestComparable(account: Int64) async throws(StorageError) -> StoredRun? {
        try await reader.read { connection throws(StorageError) in
            try SyncStore.runs(
                """
                run.account = ?1 AND run.state NOT IN (1, 2, 7) AND run.change >= account.history
                ORDER BY run.k LIMIT 1
                """, [.integer(account)], connection
            ).first
        }
    }
}

private struct ChangedAsset {
    var moment: AssetLife.Moment
    var asset: Int64
}

/// Says of one change whether its asset differs at the ends of the range.
private struct DifferenceExaminer {
    let range: DifferenceRange
    let codec: BodyCodec
    /// Of the configurations that were looked at.
    private(set) var bytes = 0

    mutating func examine(
        _ change: ChangedAsset, _ connection: borrowing Connection
    ) throws(StorageError) -> StoredDifference? {
        guard try isLast(change, connection), let life = try SyncStore.life(change.asset, connection),
            range.type.isEmpty || life.type == range.type
        else { return nil }
        let after = try state(of: life, at: range.to, connection)
        var before = try state(of: life, at: range.from, connection)
        // An asset that went and came back is one to whoever compares.
        if before == nil || after == nil {
            for other in try SyncStore.lives(
                arn: life.facts.arn, account: range.account, type: life.type, connection) where other.key != life.key
            {
                if after == nil, try state(of: other, at: range.to, connection) != nil { return nil }
                if before == nil { before = try state(of: other, at: range.from, connection) }
            }
        }
        guard isWanted(before, after) else { return nil }
        return difference(life, change.moment, before, after)
    }

    private func isWanted(_ before: AssetState?, _ after: AssetState?) -> Bool {
        guard !range.region.isEmpty else { return true }
        return before?.facts.region == range.region || after?.facts.region == range.region
    }

    private func difference(
        _ life: AssetLife, _ moment: AssetLife.Moment, _ before: AssetState?, _ after: AssetState?
    ) -> StoredDifference? {
        guard let facts = (after ?? before)?.facts else { return nil }
        var found = StoredDifference(
            kind: .changed, type: life.type, id: life.id, facts: facts, time: moment.time,
            change: moment.change)
        guard let before else {
            found.kind = .added
            return found
        }
        guard let after else {
            found.kind = .removed
            return found
        }
        (found.values, found.isCut) = before.differences(to: after, limit: SyncStore.differenceLimit)
        return found.values.isEmpty ? nil : found
    }

    /// Whether the asset changed no more until the end of the range.
    private func isLast(_ change: ChangedAsset, _ connection: borrowing Connection) throws(StorageError) -> Bool {
        let later = try connection.first(
            """
            SELECT EXISTS (SELECT 1 FROM version WHERE asset = ?1 AND change > ?2 AND change <= ?3)
              OR EXISTS (SELECT 1 FROM tombstone WHERE asset = ?1 AND change > ?2 AND change <= ?3)
            """, [.integer(change.asset), .integer(change.moment.change), .integer(range.to)]
        ) { row in row.bool(0) }
        return later == false
    }

    private mutating func state(
        of life: AssetLife, at change: Int64, _ connection: borrowing Connection
    ) throws(StorageError) -> AssetState? {
        let state = try SyncStore.state(of: life, at: change, codec, connection)
        bytes += state?.body.count ?? 0
        return state
    }
}
