import CSQLite

/// A connection to a replica, for what `Storage` does not offer: authorizer, progress handler, functions, modules.
///
/// Belongs to one thread at a time; whoever holds it confines it.
final class SQLiteHandle {
    let pointer: OpaquePointer

    /// - Parameter path: A file, or `:memory:`.
    init(path: String, readOnly: Bool) throws(EvaluationError) {
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var pointer: OpaquePointer?
        let code = sqlite3_open_v2(path, &pointer, access | SQLITE_OPEN_NOMUTEX, nil)
        guard let pointer else { throw .replica("no memory") }
        guard code == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(pointer))
            sqlite3_close_v2(pointer)
            throw .replica(message)
        }
        self.pointer = pointer
        sqlite3_busy_timeout(pointer, 5_000)
    }

    deinit { sqlite3_close_v2(pointer) }

    var message: String { String(cString: sqlite3_errmsg(pointer)) }

    /// Runs statements whose rows do not matter.
    func script(_ sql: String) throws(EvaluationError) {
        guard sqlite3_exec(pointer, sql, nil, nil, nil) == SQLITE_OK else { throw .replica(message) }
    }

    func prepare(_ sql: String) throws(EvaluationError) -> SQLiteStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(pointer, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw .replica(message) }
        return SQLiteStatement(statement, on: self)
    }

    /// Runs a query and reads each row.
    func rows<T>(
        _ sql: String, _ values: [String] = [], _ read: (SQLiteStatement) -> T
    ) throws(EvaluationError) -> [T] {
        let statement = try prepare(sql)
        for (index, value) in values.enumerated() { statement.bind(value, at: Int32(index + 1)) }
        var rows: [T] = []
        while try statement.step() { rows.append(read(statement)) }
        return rows
    }

    /// Runs `body` as one transaction; rolled back when it throws.
    func transaction(_ body: () throws(EvaluationError) -> Void) throws(EvaluationError) {
        try script("BEGIN IMMEDIATE")
        do throws(EvaluationError) {
            try body()
            try script("COMMIT")
        } catch {
            if sqlite3_get_autocommit(pointer) == 0 { sqlite3_exec(pointer, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }
}

/// Owns one prepared statement and keeps its connection open. Columns count from 0, parameters from 1.
///
/// A class, because replicas keep tables of statements and arrays cannot hold what cannot be copied.
final class SQLiteStatement {
    let pointer: OpaquePointer
    let handle: SQLiteHandle

    init(_ pointer: OpaquePointer, on handle: SQLiteHandle) {
        self.pointer = pointer
        self.handle = handle
    }

    deinit { sqlite3_finalize(pointer) }

    func step() throws(EvaluationError) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw .replica(handle.message)
        }
    }

    /// One row of a bulk write: to the end, then ready for the next.
    func run() throws(EvaluationError) {
        defer { sqlite3_reset(pointer) }
        while try step() {}
    }

    func reset() { sqlite3_reset(pointer) }

    func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                _ = csqlite_bind_text(pointer, index, bytes.baseAddress, UInt64(bytes.count))
            }
        }
    }

    func bind(_ number: Int64, at index: Int32) { sqlite3_bind_int64(pointer, index, number) }
    func bindNull(at index: Int32) { sqlite3_bind_null(pointer, index) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }
    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }
    func text(_ column: Int32) -> String { columnText(pointer, column) }
}

/// A column as text; empty for NULL.
func columnText(_ statement: OpaquePointer, _ column: Int32) -> String {
    guard let start = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
}
