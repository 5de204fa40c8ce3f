import JSON
import Storage

/// Keeps the tables that find assets by a tag, within one transaction.
struct TagIndex: ~Copyable {
    struct Pair: Hashable {
        var key: String
        var value: String
    }

    private let account: Int64
    private let insert: Statement
    private let delete: Statement
    private var known: [Pair: Int64] = [:]

    init(account: Int64, _ connection: borrowing Connection) throws(StorageError) {
        let insert = try connection.prepare("INSERT OR IGNORE INTO asset_tag (tag, asset) VALUES (?1, ?2)")
        let delete = try connection.prepare("DELETE FROM asset_tag WHERE tag = ?1 AND asset = ?2")
        self.account = account
        self.insert = insert
        self.delete = delete
    }

    /// The tags of an asset that are indexed: all but a name that is found as such.
    static func pairs(_ tags: JSONObject, name: String) -> [Pair] {
        tags.compactMap { member in
            let value = member.value.string ?? ""
            return member.name == "Name" && value == name ? nil : Pair(key: member.name, value: value)
        }
    }

    /// Of the text of a tags object, as stored.
    static func pairs(_ text: String, name: String) -> [Pair] {
        guard text != "{}", let tags = (try? JSONValue(parsing: text))?.object else { return [] }
        return pairs(tags, name: name)
    }

    /// Brings the rows of one asset up to date.
    mutating func change(
        _ asset: Int64, from old: [Pair], to new: [Pair], _ connection: borrowing Connection
    ) throws(StorageError) {
        for pair in old where !new.contains(pair) {
            try delete.run([.integer(try key(pair, connection)), .integer(asset)])
        }
        for pair in new where !old.contains(pair) {
            try insert.run([.integer(try key(pair, connection)), .integer(asset)])
        }
    }

    private mutating func key(_ pair: Pair, _ connection: borrowing Connection) throws(StorageError) -> Int64 {
        if let key = known[pair] { return key }
        let values: [SQLValue] = [.integer(account), .text(pair.key), .text(pair.value)]
        let found = try connection.first(
            "SELECT k FROM tag WHERE account = ?1 AND key = ?2 AND value = ?3", values, { $0.int(0) })
        let key: Int64
        if let found {
            key = found
        } else {
            try connection.execute("INSERT INTO tag (account, key, value) VALUES (?1, ?2, ?3)", values)
            key = connection.lastInsertedRowID
        }
        known[pair] = key
        return key
    }
}
