import CSQLite

/// One connection to a database: what a closure of ``Database`` works with, on the database's thread. It cannot leave it.
public struct Connection: ~Copyable {
    let handle: OpaquePointer
    private let cache = StatementCache()
    let hooks = CommitHooks()

    init(taking handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        cache.clear()
        sqlite3_close_v2(handle)
    }

    /// Runs one statement to its end.
    ///
    /// - Parameter values: For the parameters ?1, ?2, … in order.
    /// - Returns: How many rows it inserted, changed or deleted.
    @discardableResult
    public borrowing func execute(_ sql: String, _ values: [SQLValue] = []) throws(StorageError) -> Int {
        let before = sqlite3_total_changes64(handle)
        try query(sql, values) { (_: borrowing Row) throws(StorageError) in true }
        // `sqlite3_changes64` keeps the count of an earlier statement when this one writes nothing.
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    /// All rows of a query, each read by `map`.
    public borrowing func rows<T>(
        _ sql: String, _ values: [SQLValue] = [], _ map: (borrowing Row) throws(StorageError) -> T
    ) throws(StorageError) -> [T] {
        var rows: [T] = []
        try query(sql, values) { row throws(StorageError) in
            rows.append(try map(row))
            return true
        }
        return rows
    }

    /// The first row of a query, read by `map`; nil when there is none.
    public borrowing func first<T>(
        _ sql: String, _ values: [SQLValue] = [], _ map: (borrowing Row) throws(StorageError) -> T
    ) throws(StorageError) -> T? {
        var found: T?
        try query(sql, values) { row throws(StorageError) in
            found = try map(row)
            return false
        }
        return found
    }

    /// Hands each row to `body` without gathering them, until `body` returns false.
    public borrowing func query(
        _ sql: String, _ values: [SQLValue] = [], _ body: (borrowing Row) throws(StorageError) -> Bool
    ) throws(StorageError) {
        let statement: OpaquePointer
        if let idle = cache.take(sql) { statement = idle } else { statement = try prepareHandle(sql) }
        defer { cache.give(statement, back: sql) }
        try bindAll(values, to: statement, handle)
        while try stepHandle(statement, handle) {
            guard try body(Row(statement: statement)) else { break }
        }
    }

    /// Prepares a statement that the caller runs many times.
    public borrowing func prepare(_ sql: String) throws(StorageError) -> Statement {
        try Statement(sql, on: self)
    }

    /// Runs any number of statements that take no values and whose rows do not matter.
    public borrowing func script(_ sql: String) throws(StorageError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw error(code) }
    }

    /// The ROWID of the latest insert.
    public var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs `action` once the current write has been committed; never if it is rolled back.
    ///
    /// It runs on the database's thread: only wake somebody in it.
    public borrowing func afterCommit(_ action: @escaping @Sendable () -> Void) {
        hooks.actions.append(action)
    }

    borrowing func prepareHandle(_ sql: String) throws(StorageError) -> OpaquePointer {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK else { throw error(code) }
        guard let statement else { throw StorageError(.misuse, "the statement is empty") }
        return statement
    }

    borrowing func error(_ code: Int32) -> StorageError {
        storageError(code, handle)
    }
}

/// What waits for the commit of the current write.
final class CommitHooks {
    var actions: [@Sendable () -> Void] = []
}
