import CSQLite

/// Owns one prepared statement: cannot be copied, is finalized exactly once.
///
/// For the bulk path: prepare once, then `bind`, `step`, `reset` for each row, all inside one closure of the database.
public struct Statement: ~Copyable {
    let handle: OpaquePointer
    private let database: OpaquePointer

    init(_ sql: String, on connection: borrowing Connection) throws(StorageError) {
        let handle = try connection.prepareHandle(sql)
        self.database = connection.handle
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds all parameters, from ?1 on; a wrong number of values is a misuse.
    public borrowing func bind(_ values: [SQLValue]) throws(StorageError) {
        try bindAll(values, to: handle, database)
    }

    /// Binds one parameter; `index` counts from 1.
    public borrowing func bind(_ value: SQLValue, at index: Int32) throws(StorageError) {
        try bindOne(value, at: index, to: handle, database)
    }

    /// Moves to the next row. False when there is none.
    public borrowing func step() throws(StorageError) -> Bool {
        try stepHandle(handle, database)
    }

    /// Reads the row that the last `step` came to.
    public borrowing func row<T>(_ read: (borrowing Row) throws(StorageError) -> T) throws(StorageError) -> T {
        try read(Row(statement: handle))
    }

    /// Makes the statement ready to run again; the bound values stay.
    public borrowing func reset() {
        sqlite3_reset(handle)
    }

    /// `bind`, `step` to the end, `reset`: one row of a bulk write.
    public borrowing func run(_ values: [SQLValue]) throws(StorageError) {
        defer { reset() }
        try bind(values)
        while try step() {}
    }
}

// MARK: On bare handles, for the statement cache

func bindAll(_ values: [SQLValue], to statement: OpaquePointer, _ database: OpaquePointer) throws(StorageError) {
    let wanted = Int(sqlite3_bind_parameter_count(statement))
    guard wanted == values.count else {
        throw StorageError(.misuse, "the statement takes \(wanted) values, \(values.count) were given")
    }
    for (index, value) in values.enumerated() {
        try bindOne(value, at: Int32(index + 1), to: statement, database)
    }
}

func bindOne(
    _ value: SQLValue, at index: Int32, to statement: OpaquePointer, _ database: OpaquePointer
) throws(StorageError) {
    let code =
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .real(let number): sqlite3_bind_double(statement, index, number)
        case .text(let text): bindText(text, at: index, to: statement)
        case .blob(let bytes):
            bytes.withUnsafeBytes { csqlite_bind_blob(statement, index, $0.baseAddress, UInt64($0.count)) }
        }
    if code != SQLITE_OK { throw storageError(code, database) }
}

private func bindText(_ text: String, at index: Int32, to statement: OpaquePointer) -> Int32 {
    var text = text
    return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) {
            csqlite_bind_text(statement, index, $0.baseAddress, UInt64($0.count))
        }
    }
}

func stepHandle(_ statement: OpaquePointer, _ database: OpaquePointer) throws(StorageError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw storageError(code, database)
    }
}

func storageError(_ code: Int32, _ database: OpaquePointer?) -> StorageError {
    let text = database.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    return StorageError(StorageError.kind(ofCode: code), text.map { String(cString: $0) } ?? "code \(code)")
}
