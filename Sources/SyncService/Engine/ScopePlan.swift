/// What the engine has to know of a resource type.
struct PlannedType: Sendable, Equatable {
    var name: String
    var isGlobal: Bool
    /// Types whose assets it is listed for; they are read first.
    var parents: [String] = []
    /// How many calls an item takes: long chains begin first.
    var callsPerItem = 0
    /// The AWS service that lists it.
    var service = ""
}

/// What part of an account a run reads; empty sets: all of it.
struct RunFilter: Sendable, Equatable {
    var types: Set<String> = []
    /// Regions' names, or `global`.
    var regions: Set<String> = []

    var isEmpty: Bool { types.isEmpty && regions.isEmpty }
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

    /// The part that a filter leaves. What a type is listed from is read with it.
    func keeping(_ filter: RunFilter, _ types: [PlannedType]) -> ScopePlan {
        var wanted = filter.types
        var added = Array(wanted)
        while let name = added.popLast() {
            for parent in types.first(where: { $0.name == name })?.parents ?? []
            where wanted.insert(parent).inserted { added.append(parent) }
        }
        func isKept(_ scope: Scope) -> Bool {
            (wanted.isEmpty || wanted.contains(scope.type))
                && (filter.regions.isEmpty || filter.regions.contains(scope.region))
        }
        var plan = self
        plan.scopes = scopes.filter(isKept)
        plan.disabled = disabled.filter(isKept)
        return plan
    }

    /// Progress at the start, ordered by region and service.
    func counts(finished: Set<Scope>, types: [PlannedType]) -> [ServiceCount] {
        let services = Dictionary(types.map { ($0.name, $0.service) }, uniquingKeysWith: { first, _ in first })
        var counts: [String: [String: ServiceCount]] = [:]
        for scope in all {
            let service = services[scope.type] ?? ""
            var count =
                counts[scope.region]?[service] ?? ServiceCount(region: scope.region, service: service)
            count.total += 1
            if finished.contains(scope) { count.done += 1 }
            counts[scope.region, default: [:]][service] = count
        }
        return counts.values.flatMap(\.values).sorted { ($0.region, $0.service) < ($1.region, $1.service) }
    }
}
