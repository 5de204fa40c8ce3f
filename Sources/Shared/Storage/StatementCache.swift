import CSQLite

/// Prepared statements by their text, kept for the next use. A statement in use is not in the cache, so that a query
/// may run inside the closure of the same query.
///
/// Confined to the database's thread, as the connection that owns it is.
final class StatementCache {
    private var idle: [String: OpaquePointer] = [:]
    private let limit = 128

    func take(_ sql: String) -> OpaquePointer? {
        idle.removeValue(forKey: sql)
    }

    func give(_ statement: OpaquePointer, back sql: String) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
        if idle.count >= limit { clear() }
        if let other = idle.updateValue(statement, forKey: sql) { sqlite3_finalize(other) }
    }

    func clear() {
        for statement in idle.values { sqlite3_finalize(statement) }
        idle.removeAll()
    }

    deinit { clear() }
}
