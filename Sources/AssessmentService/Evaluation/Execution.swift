import CSQLite

/// Verdicts by the asset's position in its population.
typealias Emission = [Int: (status: Verdict.Status, reason: String)]

/// Runs a control's statement and reads what it says.
struct Execution {
    private let statement: SQLiteStatement
    private let assets: Population
    private let budget: EvaluationBudget
    private let limits: EvaluationLimits

    init(_ statement: SQLiteStatement, _ assets: Population, _ budget: EvaluationBudget, _ limits: EvaluationLimits) {
        self.statement = statement
        self.assets = assets
        self.budget = budget
        self.limits = limits
    }

    func run() throws(EvaluationError) -> Emission {
        sqlite3_reset(statement.pointer)
        defer { sqlite3_reset(statement.pointer) }
        var emitted: Emission = [:]
        var rowsLeft = limits.rowsPerAsset * assets.count + 100
        var last = -1
        while try step() {
            rowsLeft -= 1
            guard rowsLeft > 0 else { throw .limit("it emits more than \(limits.rowsPerAsset) rows an asset") }
            let arn = statement.text(0)
            guard let position = assets.position(of: arn, after: last) else {
                throw .answer("it answered for \(arn.prefix(200)), which is no asset of its resource type")
            }
            last = position
            let status = try self.status()
            // A later row counts only if it is graver.
            if let earlier = emitted[position], earlier.status >= status { continue }
            emitted[position] = (status, String(statement.text(2).prefix(2_000)))
        }
        return emitted
    }

    private func status() throws(EvaluationError) -> Verdict.Status {
        switch statement.text(1) {
        case "pass": return .pass
        case "fail": return .fail
        case "unknown": return .unknown
        case let other: throw .answer("a status must be pass, fail or unknown, and not '\(other.prefix(40))'")
        }
    }

    private func step() throws(EvaluationError) -> Bool {
        switch sqlite3_step(statement.pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case SQLITE_INTERRUPT, SQLITE_ABORT:
            throw .limit(budget.exceeded ?? "it was interrupted")
        case SQLITE_NOMEM: throw .limit("it takes more memory than a control may")
        case SQLITE_TOOBIG: throw .limit("a value in it is longer than a control may handle")
        case SQLITE_CORRUPT, SQLITE_IOERR, SQLITE_BUSY, SQLITE_NOTADB: throw .replica(statement.handle.message)
        default: throw .answer(budget.exceeded ?? statement.handle.message)
        }
    }
}
