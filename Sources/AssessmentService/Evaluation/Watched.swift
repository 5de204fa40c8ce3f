/// Evaluates a control where something is not known: asset by asset as far as needed, fewer executions where groups
/// of assets turn out not to depend on it.
struct Watched {
    private let program: ControlProgram
    private let assets: Population
    private let session: WatchSession
    private let authorizer: ControlAuthorizer
    private let budget: EvaluationBudget
    private let limits: EvaluationLimits
    /// What was met by the last group of assets that had to be looked at one by one.
    private let suspicion = Suspicion()

    private final class Suspicion {
        var reason = ""
    }

    init(
        _ program: ControlProgram, _ assets: Population, _ watching: Watching, _ budget: EvaluationBudget,
        _ limits: EvaluationLimits
    ) {
        self.program = program
        self.assets = assets
        session = watching.session
        authorizer = watching.authorizer
        self.budget = budget
        self.limits = limits
    }

    /// The verdicts on the fresh assets. An asset that got no row, and met nothing unknown, has none.
    func verdicts() throws(EvaluationError) -> Emission {
        var verdicts: Emission = [:]
        let fresh = assets.list.indices.filter { !assets.list[$0].isStale }
        if program.isRowWise {
            session.judged = program.resourceType
            try session.watch(program.resourceType)
        }
        defer { session.judged = nil }
        try decide(fresh, into: &verdicts)
        try session.unwatch(program.resourceType)
        return verdicts
    }

    /// Decides all by one execution, or, if that met something unknown, by smaller ones.
    private func decide(_ positions: [Int], into verdicts: inout Emission) throws(EvaluationError) {
        let statement = try prepare(program.sql)
        if try settle(positions, .none, statement, isFirst: true, into: &verdicts) { return }
        if !program.isRowWise {
            let single = try prepare("SELECT * FROM (\n\(program.sql)\n) WHERE arn = ?1")
            for position in positions {
                single.bind(assets.list[position].arn, at: 1)
                _ = try settle([position], .none, single, into: &verdicts)
            }
            return
        }
        let regions = Dictionary(grouping: positions) { assets.list[$0].region }
        for (region, members) in regions.sorted(by: { $0.key < $1.key }) {
            if regions.count > 1, try settle(members, .region(region), statement, into: &verdicts) { continue }
            for position in members {
                _ = try settle([position], .asset(assets.list[position].number), statement, into: &verdicts)
            }
        }
    }

    /// Executes once; if that is enough, writes the verdicts.
    ///
    /// - Returns: False when something unknown was met that cannot be laid to one of several assets.
    private func settle(
        _ positions: [Int], _ restriction: WatchSession.Restriction, _ statement: SQLiteStatement,
        isFirst: Bool = false, into verdicts: inout Emission
    ) throws(EvaluationError) -> Bool {
        session.restriction = restriction
        session.touches.clear()
        defer { session.restriction = .none }
        let emitted: Emission
        do throws(EvaluationError) {
            if budget.exceeded != nil { throw .limit("") }
            emitted = try Execution(statement, assets, budget, limits).run()
        } catch {
            // What is too much at once fails as a whole; what becomes too much by parts stays undecided.
            guard case .limit = error, !isFirst else { throw error }
            let reason = "not decided within the limit of steps; it may depend on: \(suspicion.reason)"
            for position in positions { verdicts[position] = (.unknown, reason) }
            return true
        }
        if !session.touches.foreign.isEmpty, positions.count > 1 {
            suspicion.reason = try session.reason()
            return false
        }
        for position in positions {
            let asset = assets.list[position]
            if session.touches.own[asset.number] != nil || !session.touches.foreign.isEmpty {
                verdicts[position] = (.unknown, try session.reason(own: asset.number))
            } else {
                verdicts[position] = emitted[position]
            }
        }
        return true
    }

    private func prepare(_ sql: String) throws(EvaluationError) -> SQLiteStatement {
        try ControlConnection.prepare(sql, on: session.handle, authorizer)
    }
}
