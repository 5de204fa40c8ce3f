import CSQLite

/// What a control may do: select, and call harmless functions, on the tables of the schema. SQLite asks it at each
/// prepare.
final class ControlAuthorizer {
    /// Columns by table.
    private let tables: [String: Set<String>]
    /// Tables that have a watching stand-in, behind which the control must not look.
    var watched: Set<String> = []
    /// True while the engine itself prepares statements.
    var isOpen = true
    /// Why the last refusal was made.
    private(set) var refusal: String?
    /// A function that tells the time was called.
    private(set) var usesTime = false

    init(_ schema: ReplicaSchema) {
        tables = schema.tables.mapValues { Set($0.columns.map(\.name)) }
    }

    func install(on handle: SQLiteHandle) {
        sqlite3_set_authorizer(handle.pointer, authorizeControl, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Before a control's text is prepared.
    func begin() {
        refusal = nil
        usesTime = false
    }

    fileprivate func decide(_ code: Int32, _ first: String, _ second: String, _ database: String) -> Int32 {
        if isOpen { return SQLITE_OK }
        switch code {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_READ: return read(first.lowercased(), second.lowercased(), database)
        case SQLITE_FUNCTION:
            let name = second.lowercased()
            if Self.timeFunctions.contains(name) { usesTime = true }
            if Self.functions.contains(name) || Self.timeFunctions.contains(name) { return SQLITE_OK }
            return refuse("the function \(name) is not allowed")
        default: return refuse("a control may only select")
        }
    }

    private func read(_ table: String, _ column: String, _ database: String) -> Int32 {
        if table == "json_each" || table == "json_tree" { return SQLITE_OK }
        if column.isEmpty { return scan(table, database) }
        guard let columns = tables[table] else { return refuse("there is no table \(table)") }
        if watched.contains(table), database != "temp" { return refuse("\(table) is named with its schema") }
        if columns.contains(column) { return SQLITE_OK }
        return refuse("\(table) has no column \(column)")
    }

    /// A table of which no column is read: then SQLite tells the name as the text has it, which a WITH may have
    /// defined, and the schema only where the text names one.
    private func scan(_ table: String, _ database: String) -> Int32 {
        if !database.isEmpty, database != "temp" { return refuse("\(table) is named with its schema") }
        if tables[table] != nil { return SQLITE_OK }
        if Self.closed.contains(where: { table.hasPrefix($0) }) { return refuse("there is no table \(table)") }
        return SQLITE_OK
    }

    /// How tables begin that are ours or SQLite's.
    private static let closed = ["_", "sqlite_", "pragma_", "dbstat", "fts", "rtree", "geopoly", "bytecode"]

    private func refuse(_ reason: String) -> Int32 {
        refusal = refusal ?? reason
        return SQLITE_DENY
    }

    private static let timeFunctions: Set = [
        "assessed_at", "date", "time", "datetime", "julianday", "unixepoch", "strftime",
    ]
    private static let functions: Set = [
        // Text, numbers, types
        "abs", "char", "coalesce", "glob", "hex", "ifnull", "iif", "instr", "length", "like", "likelihood", "likely",
        "lower", "ltrim", "max", "min", "nullif", "quote", "replace", "round", "rtrim", "sign", "substr", "substring",
        "trim", "typeof", "unicode", "unlikely", "upper", "ceil", "ceiling", "floor", "mod",
        // JSON
        "json", "json_array", "json_array_length", "json_extract", "json_object", "json_quote", "json_type",
        "json_valid", "->", "->>",
        // Policies
        "policy_statements", "policy_statement_is_open",
        // Aggregates and windows
        "avg", "count", "group_concat", "sum", "total", "json_group_array", "json_group_object", "row_number", "rank",
        "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value",
    ]
}

private func authorizeControl(
    _ context: UnsafeMutableRawPointer?, _ code: Int32, _ first: UnsafePointer<CChar>?,
    _ second: UnsafePointer<CChar>?, _ database: UnsafePointer<CChar>?, _ trigger: UnsafePointer<CChar>?
) -> Int32 {
    guard let context else { return SQLITE_DENY }
    let authorizer = Unmanaged<ControlAuthorizer>.fromOpaque(context).takeUnretainedValue()
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
    return authorizer.decide(code, text(first), text(second), text(database))
}
