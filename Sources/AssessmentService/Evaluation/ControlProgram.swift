import CSQLite

/// A control whose text was found fit to run on a schema.
struct ControlProgram: Sendable, Equatable {
    /// One SELECT, without a semicolon at its end.
    let sql: String
    let resourceType: String
    /// Tables that it reads, ordered by name.
    let tables: [String]
    /// Each row that it emits depends on one row of the resource type's table alone, besides the other tables.
    let isRowWise: Bool
    /// It asks for the time, so its verdicts may change from day to day without anything else changing.
    let usesTime: Bool
}

/// Holds controls against a schema, on an empty copy of it.
final class ControlChecker {
    private let schema: ReplicaSchema
    private let handle: SQLiteHandle
    private let authorizer: ControlAuthorizer
    private let clock: AssessmentTime
    private let tableOfRoot: [Int64: String]

    init(_ schema: ReplicaSchema) throws(EvaluationError) {
        self.schema = schema
        handle = try SQLiteHandle(path: ":memory:", readOnly: false)
        authorizer = ControlAuthorizer(schema)
        clock = AssessmentTime("1970-01-01T00:00:00Z")
        try handle.script(ReplicaLayout.tables(schema))
        let roots = try handle.rows("SELECT rootpage, name FROM sqlite_master WHERE type = 'table'") {
            ($0.int(0), $0.text(1))
        }
        tableOfRoot = Dictionary(roots, uniquingKeysWith: { $1 })
        try ControlConnection.secure(handle, authorizer, clock)
    }

    /// - Throws: `refused`, saying what is wrong with the control.
    func program(sql: String, resourceType: String) throws(EvaluationError) -> ControlProgram {
        guard let type = schema.type(resourceType) else {
            throw .refused("there is no resource type \(resourceType)")
        }
        guard !sql.utf8.contains(0) else { throw .refused("the SQL holds a zero byte") }
        let shape = ControlShape(sql)
        if let reason = shape.refusal(tables: Set(schema.tables.keys)) { throw .refused(reason) }
        let text = ControlConnection.withoutEnd(sql)
        let statement = try ControlConnection.prepare(text, on: handle, authorizer)
        guard sqlite3_stmt_readonly(statement.pointer) != 0, sqlite3_stmt_isexplain(statement.pointer) == 0 else {
            throw .refused("a control may only select")
        }
        guard sqlite3_bind_parameter_count(statement.pointer) == 0 else {
            throw .refused("a control takes no parameters")
        }
        let names = (0..<sqlite3_column_count(statement.pointer)).map { index in
            sqlite3_column_name(statement.pointer, index).map { String(cString: $0).lowercased() } ?? ""
        }
        guard names == ["arn", "status", "reason"] else {
            throw .refused("the SELECT must return arn, status, reason, and not \(names.joined(separator: ", "))")
        }
        let usesTime = authorizer.usesTime
        let opened = try tablesOpened(by: text)
        let columns = Set(schema.tables[type.name]?.columns.map(\.name) ?? [])
        let opensOnce = opened.filter { $0 == type.name }.count == 1
        return ControlProgram(
            sql: text, resourceType: type.name, tables: Set(opened).sorted(),
            isRowWise: opensOnce && shape.isRowWise(over: type.name, columns: columns), usesTime: usesTime)
    }

    /// From the bytecode: the authorizer is not told of all that is read.
    private func tablesOpened(by sql: String) throws(EvaluationError) -> [String] {
        authorizer.isOpen = true
        defer { authorizer.isOpen = false }
        let program = try handle.rows("EXPLAIN " + sql) { ($0.text(1), $0.int(3)) }
        return program.filter { $0.0 == "OpenRead" }.compactMap { tableOfRoot[$0.1] }
    }
}
