/// The scopes that a run has still to begin: in their order, but those of a region that has fewer under way come first.
/// So a region that does not answer holds up its own scopes, and no more places than its share.
struct ScopeQueue {
    private var waiting: [Scope]
    private var byRegion: [String: Int] = [:]
    /// How many are under way.
    private(set) var running = 0

    /// - Parameter scopes: In each region, a parent before its children.
    init(_ scopes: [Scope]) { waiting = scopes }

    mutating func next() -> Scope? {
        var best: (index: Int, running: Int)?
        for (index, scope) in waiting.enumerated() {
            let running = byRegion[scope.region] ?? 0
            if best.map({ running < $0.running }) ?? true { best = (index, running) }
            if running == 0 { break }
        }
        guard let best else { return nil }
        let scope = waiting.remove(at: best.index)
        byRegion[scope.region, default: 0] += 1
        running += 1
        return scope
    }

    mutating func ended(_ scope: Scope) {
        byRegion[scope.region, default: 1] -= 1
        running -= 1
    }
}
