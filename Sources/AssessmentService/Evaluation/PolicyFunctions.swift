import CSQLite
import JSON

/// What controls ask of IAM policy documents, which SQL alone says in twenty lines.
///
/// - `policy_statements(policy)`: the array of its statements, as JSON; a policy may hold a single one without an
///   array. NULL for NULL.
/// - `policy_statement_is_open(statement)`: 1 if it allows something to everybody and no condition keeps strangers
///   out, else 0.
///
/// Text that is no JSON is an error of the evaluation.
enum PolicyFunctions {
    static func register(on handle: SQLiteHandle) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        sqlite3_create_function_v2(
            handle.pointer, "policy_statements", 1, flags, nil,
            { context, _, arguments in
                PolicyFunctions.answer(context, arguments) { policy in
                    let text = PolicyStatement.all(of: policy).text()
                    csqlite_result_text(context, text, UInt64(text.utf8.count))
                }
            }, nil, nil, nil)
        sqlite3_create_function_v2(
            handle.pointer, "policy_statement_is_open", 1, flags, nil,
            { context, _, arguments in
                PolicyFunctions.answer(context, arguments) { statement in
                    sqlite3_result_int(context, PolicyStatement(statement).isOpen ? 1 : 0)
                }
            }, nil, nil, nil)
    }

    /// Reads the one argument, and answers NULL for NULL.
    private static func answer(
        _ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?, _ body: (JSONValue) -> Void
    ) {
        guard let argument = arguments?.pointee, let text = sqlite3_value_text(argument) else {
            return sqlite3_result_null(context)
        }
        do {
            body(try JSONValue(parsing: String(cString: text)))
        } catch {
            sqlite3_result_error(context, "malformed JSON", -1)
        }
    }
}
