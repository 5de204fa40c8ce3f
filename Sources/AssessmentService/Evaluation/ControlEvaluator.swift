import CSQLite

/// What a control said of an account.
struct ControlOutcome: Sendable, Equatable {
    /// Ordered by ARN; at most one an asset.
    var verdicts: [Verdict] = []
    /// Stale assets of which the control said nothing, with what was not read: a finding that they had becomes unknown.
    var silentStale: [String: String] = [:]
}

/// Evaluates controls on one account's replica, which must not change meanwhile.
///
/// Where nothing that a control reads has a gap, its answer is taken as it is. Otherwise it is watched: see
/// ``WatchSession``. Belongs to one thread at a time.
final class ControlEvaluator {
    private let path: String
    private let schema: ReplicaSchema
    private let clock: AssessmentTime
    private let limits: EvaluationLimits
    private let plain: SQLiteHandle
    private let plainAuthorizer: ControlAuthorizer
    private let budget = EvaluationBudget()
    private let valueBytes: Int32
    let gaps: GapMap
    private var watching: Watching?
    private var populations: [String: Population] = [:]

    /// - Parameter time: The assessment's time, RFC 3339 in UTC.
    init(path: String, schema: ReplicaSchema, time: String, limits: EvaluationLimits = EvaluationLimits())
        throws(EvaluationError)
    {
        self.path = path
        self.schema = schema
        self.limits = limits
        clock = AssessmentTime(time)
        plain = try SQLiteHandle(path: path, readOnly: true)
        gaps = try GapMap(plain, schema)
        let longest = try plain.rows("SELECT coalesce(max(length(cast(configuration AS BLOB))), 0) FROM _asset") {
            $0.int(0)
        }.first
        // No cell is longer than the configuration that it comes from. No more than that: what searches long texts
        // cannot be interrupted.
        valueBytes = Int32(clamping: max(Int64(limits.valueBytes), longest ?? 0))
        plainAuthorizer = ControlAuthorizer(schema)
        try ControlConnection.secure(plain, plainAuthorizer, clock, valueBytes: valueBytes)
        budget.install(on: plain)
    }

    /// - Throws: `refused`, `limit` or `answer` when the control cannot be used, `replica` when the file cannot.
    func evaluate(_ program: ControlProgram) throws(EvaluationError) -> ControlOutcome {
        let assets = try population(program.resourceType)
        let hasGaps = program.tables.contains { name in
            schema.tables[name].map { !gaps.types[$0.typeIndex].isEmpty } ?? false
        }
        budget.begin(limits, assets: assets.count)
        defer { budget.end() }
        if !hasGaps && !assets.hasStale {
            return outcome(try runPlain(program, assets), assets)
        }
        var emitted = try Watched(program, assets, try watch(), budget, limits).verdicts()
        var silent: [String: String] = [:]
        if assets.hasStale {
            budget.begin(limits, assets: assets.count)
            let believed = try runPlain(program, assets)
            for (index, asset) in assets.list.enumerated() where asset.isStale {
                let reason = staleReason(program.resourceType, scope: asset.scope)
                if believed[index] != nil {
                    emitted[index] = (.unknown, reason)
                } else {
                    silent[asset.arn] = reason
                }
            }
        }
        return outcome(emitted, assets, silent)
    }

    private func runPlain(_ program: ControlProgram, _ assets: Population) throws(EvaluationError) -> Emission {
        let statement = try ControlConnection.prepare(program.sql, on: plain, plainAuthorizer)
        return try Execution(statement, assets, budget, limits).run()
    }

    private func outcome(
        _ emitted: Emission, _ assets: Population, _ silent: [String: String] = [:]
    ) -> ControlOutcome {
        let verdicts = emitted.map {
            Verdict(arn: assets.list[$0.key].arn, status: $0.value.status, reason: $0.value.reason)
        }
        return ControlOutcome(verdicts: verdicts.sorted { $0.arn < $1.arn }, silentStale: silent)
    }

    private func staleReason(_ type: String, scope: String) -> String {
        let unread = schema.tables[type].map { gaps.types[$0.typeIndex].unread } ?? []
        return unread.first { $0.region == scope }?.reason ?? "\(type) in \(scope) was not read"
    }

    func population(_ type: String) throws(EvaluationError) -> Population {
        if let found = populations[type] { return found }
        let list = try own("SELECT id, arn, region, scope, stale FROM _asset WHERE type = ?1 ORDER BY id", [type]) {
            JudgedAsset(
                number: $0.int(0), arn: $0.text(1), region: $0.text(2), scope: $0.text(3), isStale: $0.int(4) != 0)
        }
        let made = Population(list)
        populations[type] = made
        return made
    }

    /// A query of the engine's own.
    func own<T>(
        _ sql: String, _ values: [String] = [], _ read: (SQLiteStatement) -> T
    ) throws(EvaluationError) -> [T] {
        plainAuthorizer.isOpen = true
        defer { plainAuthorizer.isOpen = false }
        return try plain.rows(sql, values, read)
    }

    var schemaTypes: [ReplicaType] { schema.types }

    private func watch() throws(EvaluationError) -> Watching {
        if let watching { return watching }
        let handle = try SQLiteHandle(path: path, readOnly: true)
        let authorizer = ControlAuthorizer(schema)
        // First, since a pragma in it would drop the stand-ins.
        try ControlConnection.secure(handle, authorizer, clock, valueBytes: valueBytes)
        authorizer.isOpen = true
        let session = try WatchSession(handle, schema, gaps, authorizer)
        authorizer.isOpen = false
        budget.install(on: handle)
        let made = Watching(session: session, authorizer: authorizer)
        watching = made
        return made
    }
}

/// The watched connection and what rules on it; the authorizer and the budget outlive the connection.
struct Watching {
    let session: WatchSession
    let authorizer: ControlAuthorizer
}

struct JudgedAsset {
    var number: Int64
    var arn: String
    var region: String
    var scope: String
    var isStale: Bool
}

/// The assets of a control's resource type.
final class Population {
    let list: [JudgedAsset]
    let hasStale: Bool
    private let positions: [String: Int]

    init(_ list: [JudgedAsset]) {
        self.list = list
        hasStale = list.contains(where: \.isStale)
        positions = Dictionary(list.enumerated().map { ($1.arn, $0) }, uniquingKeysWith: { $1 })
    }

    var count: Int { list.count }

    /// Rows mostly come in the table's order, so the asset after the last one is tried first.
    func position(of arn: String, after last: Int) -> Int? {
        if last + 1 < list.count, list[last + 1].arn == arn { return last + 1 }
        return positions[arn]
    }
}
