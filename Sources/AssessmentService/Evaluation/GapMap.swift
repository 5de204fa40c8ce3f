/// What of a replica is not known: scopes that were not read, rows of which a call was not answered, stale rows.
struct GapMap: Sendable, Equatable {
    struct UnreadScope: Sendable, Equatable {
        /// Where the listing was made; nil: anywhere.
        var region: String?
        /// In AWS's words where AWS spoke.
        var reason: String
    }

    struct HiddenAsset: Sendable, Equatable {
        var number: Int64
        var arn: String
        var region: String
        var gaps: Int64
    }

    struct TypeGaps: Sendable, Equatable {
        var unread: [UnreadScope] = []
        /// Fresh assets of which a call was not answered.
        var hidden: [HiddenAsset] = []
        var hasStale = false
        /// Every asset is in the region where it was listed, so an unread region hides assets of that region alone.
        var isListedInPlace = true

        var isEmpty: Bool { unread.isEmpty && hidden.isEmpty && !hasStale }
    }

    /// In the schema's order.
    var types: [TypeGaps]

    init(_ handle: SQLiteHandle, _ schema: ReplicaSchema) throws(EvaluationError) {
        var coverage: [String: [String: ScopeCoverage]] = [:]
        for scope in try Self.coverage(handle) { coverage[scope.type, default: [:]][scope.region] = scope }
        let regions = Set(coverage.values.flatMap(\.keys)).subtracting(["global"]).sorted()
        var stale: [String: Set<String>] = [:]
        let staleScopes = try handle.rows("SELECT DISTINCT type, scope FROM _asset WHERE stale <> 0") {
            ($0.text(0), $0.text(1))
        }
        for (type, scope) in staleScopes { stale[type, default: []].insert(scope) }
        let moved = Set(
            try handle.rows("SELECT DISTINCT type FROM _asset WHERE region <> scope") { $0.text(0) })
        types = []
        for type in schema.types {
            var gaps = TypeGaps()
            gaps.unread = Self.unread(type, coverage[type.name] ?? [:], regions, stale[type.name] ?? [])
            gaps.hasStale = stale[type.name] != nil
            gaps.isListedInPlace = !type.isGlobal && !moved.contains(type.name)
            gaps.hidden = try handle.rows(
                "SELECT id, arn, region, gaps FROM _asset WHERE type = ?1 AND gaps <> 0 AND stale = 0 ORDER BY id",
                [type.name]
            ) { HiddenAsset(number: $0.int(0), arn: $0.text(1), region: $0.text(2), gaps: $0.int(3)) }
            types.append(gaps)
        }
    }

    private static func coverage(_ handle: SQLiteHandle) throws(EvaluationError) -> [ScopeCoverage] {
        try handle.rows("SELECT type, region, complete, code, message FROM _coverage ORDER BY type, region") {
            ScopeCoverage(
                type: $0.text(0), region: $0.text(1), isComplete: $0.int(2) != 0, code: $0.text(3),
                message: $0.text(4))
        }
    }

    /// A scope that nothing was heard of was not read: silence is not emptiness.
    private static func unread(
        _ type: ReplicaType, _ coverage: [String: ScopeCoverage], _ regions: [String], _ stale: Set<String>
    ) -> [UnreadScope] {
        let expected = type.isGlobal ? ["global"] : regions
        if expected.isEmpty { return [UnreadScope(region: nil, reason: "\(type.name) was not read yet")] }
        return Set(expected).union(coverage.keys).union(stale).sorted().compactMap { region in
            let scope = coverage[region]
            if scope?.isComplete == true && !stale.contains(region) { return nil }
            let why = Self.words(scope?.code ?? "", scope?.message ?? "")
            let end = scope == nil ? " yet" : why.isEmpty ? "" : ": \(why)"
            return UnreadScope(region: region, reason: "\(type.name) in \(region) was not read\(end)")
        }
    }

    /// AWS's code and message as one text.
    static func words(_ code: String, _ message: String) -> String {
        [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
