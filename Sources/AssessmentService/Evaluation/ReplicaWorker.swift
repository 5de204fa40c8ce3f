import Crypto
import Platform

/// Fills and evaluates replicas on a thread of its own, away from the loops that serve calls. One account at a time.
actor ReplicaWorker {
    private let executor = ThreadExecutor(name: "evaluation")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    /// Where the replicas are.
    nonisolated let directory: String
    private let limits: EvaluationLimits
    private var current: Current?

    /// What is kept between the steps of one assessment.
    private struct Current {
        var path: String
        var schema: ReplicaSchema
        var writer: ReplicaWriter?
        var evaluator: ControlEvaluator?
        var checker: ControlChecker?
        /// What the type's tables rest on, by type.
        var marks: [String: String] = [:]
    }

    init(directory: String, limits: EvaluationLimits = EvaluationLimits()) {
        self.directory = directory
        self.limits = limits
    }

    deinit { executor.stop() }

    /// An account's replica. Ids are opaque, so the file's name is made of their digest.
    nonisolated func path(accountID: String) -> String {
        directory + "/" + Hex.encode(Array(SHA256.digest(accountID).prefix(16))) + ".db"
    }

    /// Opens an account's replica, or makes an empty one.
    ///
    /// - Returns: Up to which change of which incarnation it is filled.
    func open(
        accountID: String, schema: ReplicaSchema, accountNumber: String?
    ) throws(EvaluationError) -> (change: Int64, epoch: String) {
        do throws(FileError) { try Files.createDirectory(directory) } catch { throw .replica("\(error)") }
        let path = path(accountID: accountID)
        let writer = try ReplicaWriter(path: path, schema: schema, accountNumber: accountNumber)
        current = Current(path: path, schema: schema, writer: writer)
        return try writer.position()
    }

    func clear() throws(EvaluationError) { try writer().clear() }

    func apply(_ batch: ReplicaBatch) throws(EvaluationError) { try writer().apply(batch) }

    func keepOnly(scopes: Set<ScopeName>) throws(EvaluationError) { try writer().keepOnly(scopes: scopes) }

    /// From here on the replica is read only.
    ///
    /// - Parameter time: The assessment's time, RFC 3339 in UTC.
    func beginEvaluation(time: String) throws(EvaluationError) {
        guard var current else { throw .replica("it is not open") }
        current.writer = nil
        let evaluator = try ControlEvaluator(path: current.path, schema: current.schema, time: time, limits: limits)
        current.evaluator = evaluator
        current.checker = try ControlChecker(current.schema)
        current.marks = try evaluator.marks()
        self.current = current
    }

    /// What a control rests on: while it is the same, so are the control's verdicts.
    ///
    /// - Returns: nil for a control that cannot be run; its error comes with ``evaluate(_:)``.
    func fingerprint(_ control: ControlDefinition, day: String) -> String? {
        guard control.problem == nil, let program = try? program(control), let current else { return nil }
        var parts = ["\(ReplicaLayout.version)", control.resourceType, program.sql, program.usesTime ? day : ""]
        let types = Set(program.tables.compactMap { current.schema.tables[$0]?.typeName } + [control.resourceType])
        parts += types.sorted().map { "\($0)=\(current.marks[$0] ?? "")" }
        return Hex.encode(SHA256.digest(parts.joined(separator: "\u{0}")))
    }

    func evaluate(_ control: ControlDefinition) throws(EvaluationError) -> ControlOutcome {
        if let problem = control.problem { throw .refused(problem) }
        let program = try program(control)
        guard let evaluator = current?.evaluator else { throw .replica("it is not open") }
        return try evaluator.evaluate(program)
    }

    /// The assets of a type, by ARN their regions.
    func present(_ type: String) throws(EvaluationError) -> [String: String] {
        guard let evaluator = current?.evaluator else { throw .replica("it is not open") }
        return try evaluator.regions(type)
    }

    func endEvaluation() { current = nil }

    /// Deletes an account's replica.
    func remove(accountID: String) {
        let path = path(accountID: accountID)
        if current?.path == path { current = nil }
        for suffix in ["", "-journal"] where Files.exists(path + suffix) { try? Files.remove(path + suffix) }
    }

    private func writer() throws(EvaluationError) -> ReplicaWriter {
        guard let writer = current?.writer else { throw .replica("it is not open") }
        return writer
    }

    private func program(_ control: ControlDefinition) throws(EvaluationError) -> ControlProgram {
        guard let checker = current?.checker else { throw .replica("it is not open") }
        return try checker.program(sql: control.sql, resourceType: control.resourceType)
    }
}

extension ControlEvaluator {
    /// What a type's tables rest on: their last change and what of them is not known.
    func marks() throws(EvaluationError) -> [String: String] {
        let meta = Dictionary(
            try own("SELECT key, value FROM _meta", []) { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { $1 })
        let revisions = Dictionary(
            try own("SELECT type, revision FROM _table", []) { ($0.text(0), $0.int(1)) }, uniquingKeysWith: { $1 })
        var marks: [String: String] = [:]
        let common = [meta["epoch"], meta["schema"], meta["account"]].map { $0 ?? "" }.joined(separator: "\u{1}")
        for (index, type) in schemaTypes.enumerated() {
            let unread = gaps.types[index].unread.map { "\($0.region ?? "")\u{1}\($0.reason)" }
            marks[type.name] = ([common, "\(revisions[type.name] ?? 0)"] + unread).joined(separator: "\u{2}")
        }
        return marks
    }

    /// The assets of a type, by ARN their regions.
    func regions(_ type: String) throws(EvaluationError) -> [String: String] {
        let assets = try population(type).list
        return Dictionary(assets.map { ($0.arn, $0.region) }, uniquingKeysWith: { $1 })
    }
}
