import CSQLite
import Glibc

/// The time that controls are told, the same for all of an assessment.
final class AssessmentTime {
    private let bytes: UnsafeMutablePointer<CChar>

    /// - Parameter text: RFC 3339 in UTC.
    init(_ text: String) { bytes = strdup(text) }
    deinit { free(bytes) }

    func register(on handle: SQLiteHandle) {
        sqlite3_create_function_v2(
            handle.pointer, "assessed_at", 0, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, bytes,
            { context, _, _ in
                let text = sqlite3_user_data(context)?.assumingMemoryBound(to: CChar.self)
                sqlite3_result_text(context, text, -1, nil)
            }, nil, nil, nil)
    }
}

/// What every connection that runs a control's text has in common.
enum ControlConnection {
    /// Takes from the connection all that a control does not need. Last step before a control is prepared on it.
    static func secure(
        _ handle: SQLiteHandle, _ authorizer: ControlAuthorizer, _ clock: AssessmentTime,
        valueBytes: Int32 = EvaluationLimits().valueBytes
    ) throws(EvaluationError) {
        clock.register(on: handle)
        PolicyFunctions.register(on: handle)
        try handle.script(
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000"
        )
        // Their declarations want more than the authorizer gives: let them be made before it rules.
        _ = try handle.rows("SELECT 1 FROM json_each('[]'), json_tree('[]')") { $0.int(0) }
        for (limit, value) in limits { sqlite3_limit(handle.pointer, limit, value) }
        sqlite3_limit(handle.pointer, SQLITE_LIMIT_LENGTH, valueBytes)
        authorizer.install(on: handle)
        authorizer.isOpen = false
    }

    private static let limits: [(Int32, Int32)] = [
        (SQLITE_LIMIT_SQL_LENGTH, 100_000), (SQLITE_LIMIT_COLUMN, 200), (SQLITE_LIMIT_EXPR_DEPTH, 100),
        (SQLITE_LIMIT_COMPOUND_SELECT, 50), (SQLITE_LIMIT_FUNCTION_ARG, 16), (SQLITE_LIMIT_ATTACHED, 0),
        (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200), (SQLITE_LIMIT_TRIGGER_DEPTH, 0), (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]

    /// Prepares a control's text under the authorizer.
    static func prepare(
        _ sql: String, on handle: SQLiteHandle, _ authorizer: ControlAuthorizer
    ) throws(EvaluationError) -> SQLiteStatement {
        authorizer.begin()
        var statement: OpaquePointer?
        var rest = ""
        let code = sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                handle.pointer, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &tail)
            rest = tail.map { String(cString: $0) } ?? ""
            return code
        }
        guard code == SQLITE_OK, let statement else {
            if let refusal = authorizer.refusal { throw .refused(refusal) }
            throw .refused(code == SQLITE_OK ? "the control has no SQL" : handle.message)
        }
        let made = SQLiteStatement(statement, on: handle)
        guard SQLTokenizer.tokens(of: rest).isEmpty else { throw .refused("the SQL must be one statement") }
        return made
    }

    /// Without the semicolon, so that it can stand in parentheses.
    static func withoutEnd(_ sql: String) -> String {
        guard let statementEnd = SQLTokenizer.onlyStatementEnd(of: sql) else { return sql }
        return statementEnd
    }
}
