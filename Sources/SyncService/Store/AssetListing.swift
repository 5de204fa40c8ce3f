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
    /// Assets that match are counted up to this number, which then means "more than so many".
    static let countLimit = 10_000

    /// A page of assets ordered by type and ARN, without bodies.
    func assets(
        account: Int64, _ filter: AssetFilter, after: AssetCursor?, limit: Int
    ) async throws(StorageError) -> [StoredAsset] {
        let codec = codec
        return try await reader.read { connection throws(StorageError) in
            let listing = try AssetListing(account: account, filter, connection)
            return try listing.keys(after: after, limit: limit, connection).map { key throws(StorageError) in
                let asset = try connection.first(
                    "SELECT \(SyncStore.assetColumns) FROM \(SyncStore.assetTables) WHERE asset.k = ?1", [.integer(key)]
                ) { row throws(StorageError) in try SyncStore.readAsset(row, codec, connection, keepsBody: false) }
                guard let asset else { throw StorageError(.corrupt, "an asset is found by an index alone") }
                return asset
            }
        }
    }

    /// How many assets match; one more than ``countLimit`` where they are more.
    func count(account: Int64, _ filter: AssetFilter) async throws(StorageError) -> Int {
        try await reader.read { connection throws(StorageError) in
            try AssetListing(account: account, filter, connection).count(upTo: SyncStore.countLimit + 1, connection)
        }
    }
}

/// How the assets that match a filter are found: by the index of what is rarest among them.
struct AssetListing {
    enum Path: Equatable {
        /// Place after place in order, each by ARN. Also for tags that so many assets have that a page is soon full.
        case places
        case name
        case tag
    }

    struct Place: Equatable {
        var key: Int64
        var type: String
    }

    let path: Path
    private let places: [Place]
    /// Tables and conditions of the assets that an index of names or tags finds; empty for ``Path/places``.
    let chosenSQL: String
    /// What else has to hold, each condition after an AND.
    private let condition: String
    /// For both, from ?1 on.
    let values: [SQLValue]

    init(account: Int64, _ filter: AssetFilter, _ connection: borrowing Connection) throws(StorageError) {
        places = try connection.rows(
            """
            SELECT k, type FROM place WHERE account = ?1 AND (?2 = '' OR type = ?2) AND (?3 = '' OR region = ?3)
            ORDER BY type, region
            """, [.integer(account), .text(filter.type), .text(filter.region)]
        ) { row in Place(key: row.int(0), type: row.text(1)) }
        if !filter.name.isEmpty {
            path = .name
        } else {
            path = try Self.isRare(filter, account, connection) ? .tag : .places
        }
        let condition: AssetCondition
        switch path {
        case .places:
            condition = AssetCondition([], filter)
            chosenSQL = ""
        case .name:
            condition = AssetCondition([.integer(account), .text(filter.name)], filter, namesPlace: true)
            chosenSQL = """
                FROM place CROSS JOIN asset ON asset.place = place.k
                WHERE place.account = ?1 AND asset.name = ?2 AND asset.name <> ''\(condition.sql)
                """
        case .tag:
            let candidates = Self.candidates(account, filter)
            condition = AssetCondition(candidates.values, filter, namesPlace: true)
            chosenSQL = """
                FROM (\(candidates.sql)) AS found CROSS JOIN asset ON asset.k = found.k
                CROSS JOIN place ON place.k = asset.place WHERE true\(condition.sql)
                """
        }
        (self.condition, values) = (condition.sql, condition.values)
    }

    /// Whether a tag is asked for that so few assets have that they are best looked at one by one.
    private static func isRare(
        _ filter: AssetFilter, _ account: Int64, _ connection: borrowing Connection
    ) throws(StorageError) -> Bool {
        guard !filter.tagKey.isEmpty else { return false }
        let (candidates, values) = candidates(account, filter)
        let sql = "SELECT count(*) FROM (SELECT 1 FROM (\(candidates)) LIMIT \(SyncStore.countLimit + 1))"
        return try connection.first(sql, values) { $0.int(0) } ?? 0 <= SyncStore.countLimit
    }

    /// The rows of assets that may have the tag, and their values from ?1 on: by the index of tags, and for `Name` by
    /// that of names.
    private static func candidates(_ account: Int64, _ filter: AssetFilter) -> (sql: String, values: [SQLValue]) {
        var values: [SQLValue] = [.integer(account), .text(filter.tagKey)]
        var sql = """
            SELECT asset_tag.asset AS k FROM tag CROSS JOIN asset_tag ON asset_tag.tag = tag.k
            WHERE tag.account = ?1 AND tag.key = ?2
            """
        if let value = filter.tagValue {
            values.append(.text(value))
            sql += " AND tag.value = ?3"
        }
        if filter.tagKey == "Name" {
            sql += """

                UNION SELECT asset.k FROM place CROSS JOIN asset ON asset.place = place.k
                WHERE place.account = ?1 AND asset.name <> '' \(filter.tagValue == nil ? "" : "AND asset.name = ?3")
                """
        }
        return (sql, values)
    }

    // MARK: The page

    /// The rows of the next assets, in order.
    func keys(
        after cursor: AssetCursor?, limit: Int, _ connection: borrowing Connection
    ) throws(StorageError) -> [Int64] {
        guard path == .places else { return try chosenKeys(after: cursor, limit: limit, connection) }
        var keys: [Int64] = []
        var rest = places[...]
        while let first = rest.first, keys.count < limit {
            let sameType = rest.prefix { $0.type == first.type }
            rest = rest.dropFirst(sameType.count)
            if let cursor, first.type.isBefore(cursor.type) { continue }
            let position = cursor?.type == first.type ? cursor : nil
            keys += try merged(sameType, after: position, limit: limit - keys.count, connection)
        }
        return keys
    }

    /// Of the places of one type, each of which is read as far as the page could need.
    private func merged(
        _ places: ArraySlice<Place>, after cursor: AssetCursor?, limit: Int, _ connection: borrowing Connection
    ) throws(StorageError) -> [Int64] {
        var found: [(arn: String, key: Int64)] = []
        for place in places {
            found += try connection.rows(
                placeSQL(hasCursor: cursor != nil) + " LIMIT \(limit)",
                values + [.integer(place.key)] + (cursor.map { [.text($0.arn), .integer($0.key)] } ?? [])
            ) { row in (row.text(0), row.int(1)) }
        }
        if places.count > 1 {
            found.sort { $0.arn == $1.arn ? $0.key < $1.key : $0.arn.isBefore($1.arn) }
        }
        return found.prefix(limit).map(\.key)
    }

    func placeSQL(hasCursor: Bool) -> String {
        let next = values.count + 1
        return """
            SELECT asset.arn, asset.k FROM asset WHERE asset.place = ?\(next)
            \(hasCursor ? "AND (asset.arn, asset.k) > (?\(next + 1), ?\(next + 2))" : "")\(condition)
            ORDER BY asset.arn, asset.k
            """
    }

    /// Of the assets that an index of names or tags names: few enough to be sorted.
    private func chosenKeys(
        after cursor: AssetCursor?, limit: Int, _ connection: borrowing Connection
    ) throws(StorageError) -> [Int64] {
        let next = values.count + 1
        return try connection.rows(
            """
            SELECT asset.k \(chosenSQL)
            \(cursor == nil ? "" : "AND (place.type, asset.arn, asset.k) > (?\(next), ?\(next + 1), ?\(next + 2))")
            ORDER BY place.type, asset.arn, asset.k LIMIT \(limit)
            """, values + (cursor.map { [.text($0.type), .text($0.arn), .integer($0.key)] } ?? [])
        ) { row in row.int(0) }
    }

    // MARK: Counting

    func count(upTo limit: Int, _ connection: borrowing Connection) throws(StorageError) -> Int {
        guard path == .places else {
            let sql = "SELECT count(*) FROM (SELECT 1 \(chosenSQL) LIMIT \(limit))"
            return Int(try connection.first(sql, values) { $0.int(0) } ?? 0)
        }
        var count = 0
        for place in places where count < limit {
            let sql = """
                SELECT count(*) FROM (
                  SELECT 1 FROM asset WHERE asset.place = ?\(values.count + 1)\(condition) LIMIT \(limit - count))
                """
            count += Int(try connection.first(sql, values + [.integer(place.key)]) { $0.int(0) } ?? 0)
        }
        return count
    }
}

/// What a filter asks of an asset's row, as SQL.
private struct AssetCondition {
    private(set) var sql = ""
    private(set) var values: [SQLValue]

    /// - Parameters:
    ///   - values: What is bound already.
    ///   - namesPlace: Whether type and region are to be asked too.
    init(_ values: [SQLValue], _ filter: AssetFilter, namesPlace: Bool = false) {
        self.values = values
        if namesPlace, !filter.type.isEmpty { sql += " AND place.type = \(bound(filter.type))" }
        if namesPlace, !filter.region.isEmpty { sql += " AND place.region = \(bound(filter.region))" }
        if !filter.tagKey.isEmpty {
            let key = bound(filter.tagKey)
            let value = filter.tagValue.map { " AND value = \(bound($0))" } ?? ""
            sql += " AND EXISTS (SELECT 1 FROM json_each(asset.tags) WHERE key = \(key)\(value))"
        }
        if !filter.text.isEmpty {
            let pattern = bound("%" + Self.escaped(filter.text) + "%")
            let columns = ["arn", "id", "name", "tags"].map { "asset.\($0) LIKE \(pattern) ESCAPE '\\'" }
            sql += " AND (\(columns.joined(separator: " OR ")))"
        }
    }

    private mutating func bound(_ value: String) -> String {
        values.append(.text(value))
        return "?\(values.count)"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "%_\\".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}

extension String {
    /// Whether this comes first in the order of SQLite's texts, which is that of their bytes.
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
