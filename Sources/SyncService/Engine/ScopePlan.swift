/// What the engine has to know of a resource type.
struct PlannedType: Sendable, Equatable {
    var name: String
    var isGlobal: Bool
    /// Types whose assets it is listed for; they are read first.
    var parents: [String] = []
    /// How many calls an item takes: long chains begin first.
    var callsPerItem = 0
}

/// The scopes of one run.
struct ScopePlan: Sendable, Equatable {
    /// In the order in which they begin: a parent always before its children.
    var scopes: [Scope]
    /// Scopes of regions that are off in the account: nothing is called for them.
    var disabled: [Scope]

    /// - Parameters:
    ///   - types: Parents before children.
    ///   - regions: To be read.
    ///   - disabledRegions: Chosen, and off in the account.
    init(types: [PlannedType], regions: [String], disabledRegions: [String] = []) {
        let depths = Self.depths(types)
        let ordered = types.sorted { a, b in
            let (left, right) = (depths[a.name] ?? 0, depths[b.name] ?? 0)
            if left != right { return left < right }
            if a.callsPerItem != b.callsPerItem { return a.callsPerItem > b.callsPerItem }
            return a.name < b.name
        }
        scopes = ordered.flatMap { type in
            Self.regions(of: type, regions).map { Scope(region: $0, type: type.name) }
        }
        disabled = types.filter { !$0.isGlobal }.flatMap { type in
            disabledRegions.map { Scope(region: $0, type: type.name) }
        }
    }

    private static func regions(of type: PlannedType, _ regions: [String]) -> [String] {
        type.isGlobal ? [Scope.global] : regions
    }

    /// How many generations of parents a type has; a cycle counts as far as it has been followed.
    private static func depths(_ types: [PlannedType]) -> [String: Int] {
        var depths: [String: Int] = [:]
        for type in types {
            depths[type.name] = (type.parents.map { (depths[$0] ?? 0) + 1 }.max()) ?? 0
        }
        return depths
    }

    var all: [Scope] { scopes + disabled }

    /// Progress by region at the start.
    func regionCounts(finished: Set<Scope>) -> [RegionCount] {
        var counts: [String: RegionCount] = [:]
        for scope in all {
            var count = counts[scope.region] ?? RegionCount(region: scope.region, total: 0, done: 0)
            count.total += 1
            if finished.contains(scope) { count.done += 1 }
            counts[scope.region] = count
        }
        return Array(counts.values)
    }
}
