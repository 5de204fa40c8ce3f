import JSON

/// What a sync takes in calls, at least: by the catalogue, and by what the last sync saw.
struct CallPricing: Sendable {
    struct Place: Hashable, Comparable, Sendable {
        var service: String
        /// Or `global`.
        var region: String

        static func < (a: Place, b: Place) -> Bool { (a.service, a.region) < (b.service, b.region) }
    }

    /// A type's calls.
    struct Entry: Sendable {
        var service: String
        var parents: [String] = []
        /// Listings of the scope, or for each parent; each has a page at least.
        var listings = 1
        var pageSize: Int?
        /// The services of calls that are made once where there is anything.
        var perScope: [String] = []
        /// The services of calls that every asset takes.
        var perItem: [String] = []
        /// Whether assets take further calls that depend on what they are.
        var hasMore = false
    }

    var entries: [String: Entry] = [:]
    var rates = CallRates(usual: 20)

    /// - Parameters:
    ///   - counts: Assets as the last sync left them, by scope and by the region where they are.
    ///   - read: Scopes that were ever read to their end.
    func price(
        _ plan: ScopePlan, _ counts: [Scope: [String: Int]], read: Set<Scope>
    ) -> (calls: [Place: Int], unknowns: [String]) {
        // The role is assumed, and the account's regions are asked for.
        var calls = [Place(service: "sts", region: Scope.global): 1, Place(service: "ec2", region: Scope.global): 1]
        var unread = 0
        var isOpenEnded = false
        for scope in plan.scopes {
            guard let entry = entries[scope.type] else { continue }
            if !read.contains(scope) { unread += 1 }
            let assets = counts[scope] ?? [:]
            let total = assets.values.reduce(0, +)
            var listings = entry.listings
            if !entry.parents.isEmpty {
                listings *= entry.parents.reduce(0) { sum, parent in
                    sum + (counts[Scope(region: scope.region, type: parent)] ?? [:]).values.reduce(0, +)
                }
            }
            let pages = entry.pageSize.map { (total + $0 - 1) / $0 } ?? 1
            calls[Place(service: entry.service, region: scope.region), default: 0] += max(listings, pages)
            if entry.hasMore, total > 0 { isOpenEnded = true }
            guard total > 0 else { continue }
            for service in entry.perScope { calls[Place(service: service, region: scope.region), default: 0] += 1 }
            for (region, count) in assets {
                for service in entry.perItem { calls[Place(service: service, region: region), default: 0] += count }
            }
        }
        var unknowns: [String] = []
        if unread > 0 {
            unknowns.append("what \(unread) of \(plan.scopes.count) scopes hold: they were never read whole")
        }
        if isOpenEnded {
            unknowns.append("calls that depend on an asset's settings: only those that each takes are counted")
        }
        return (calls.filter { $0.value > 0 }, unknowns)
    }
}

extension CallPricing {
    init(_ types: [ResourceType], rates: CallRates) {
        self.rates = rates
        for type in types { entries[type.type] = Entry(type) }
    }
}

extension CallPricing.Entry {
    /// Names under which AWS's services take the size of a page.
    private static let sizes = ["MaxResults", "MaxRecords", "MaxBuckets", "MaxItems", "Limit", "maxResults", "limit"]

    init(_ type: ResourceType) {
        self.init(service: type.list.service, parents: type.list.parents)
        listings = type.list.passes.count
        pageSize = Self.sizes.lazy.compactMap { type.list.params[$0]?.int64 }.first { $0 > 0 }.map { Int(clamping: $0) }
        if type.list.prepare != nil { perScope.append(type.list.service) }
        for call in type.enrich {
            if !call.conditions.isEmpty || call.forEach != nil {
                hasMore = true
            } else if call.per == .region {
                perScope.append(call.service)
            } else {
                perItem.append(call.service)
            }
        }
    }
}
