import Storage

/// What the bodies of an account's assets of a type have in common, so that each takes a fraction of its size.
///
/// The first is one asset as it is; where enough come at once, a trained one follows and stays. Earlier ones are kept for
/// the bodies that were made with them, until the account is purged.
enum BodyDictionary {
    /// Fewer samples make a poor dictionary, more take longer to train and make none better.
    private static let samples = 64...128
    private static let limitBytes = 8 << 10
    /// A larger sample would be all of the dictionary.
    private static let sampleBytes = 64 << 10

    /// The dictionary for new bodies, made of them where that is worth it; nil for none.
    static func forWriting(
        account: Int64, type: String, _ bodies: [[UInt8]], _ connection: borrowing Connection
    ) throws(StorageError) -> Int64? {
        let current = try connection.first(
            "SELECT k, trained FROM dictionary WHERE account = ?1 AND type = ?2 ORDER BY k DESC",
            [.integer(account), .text(type)]
        ) { row in (key: row.int(0), isTrained: row.bool(1)) }
        if let current, current.isTrained || bodies.count < samples.lowerBound { return current.key }
        guard bodies.count > 1 else { return nil }
        let fit = bodies.lazy.filter { $0.count <= sampleBytes }.prefix(samples.upperBound)
        if fit.count >= samples.lowerBound, let trained = ZstdDictionary.train(Array(fit), limitBytes: limitBytes) {
            return try insert(account, type, trained, isTrained: true, connection)
        }
        if let current { return current.key }
        guard let first = fit.first else { return nil }
        return try insert(account, type, first, isTrained: false, connection)
    }

    private static func insert(
        _ account: Int64, _ type: String, _ bytes: [UInt8], isTrained: Bool, _ connection: borrowing Connection
    ) throws(StorageError) -> Int64 {
        try connection.execute(
            "INSERT INTO dictionary (account, type, trained, bytes) VALUES (?1, ?2, ?3, ?4)",
            [.integer(account), .text(type), SQLValue(isTrained), .blob(bytes)])
        return connection.lastInsertedRowID
    }

    static func bytes(_ key: Int64, _ connection: borrowing Connection) throws(StorageError) -> [UInt8] {
        guard
            let bytes = try connection.first(
                "SELECT bytes FROM dictionary WHERE k = ?1", [.integer(key)], { row in row.blob(0) })
        else { throw StorageError(.corrupt, "a dictionary of bodies is missing") }
        return bytes
    }
}
