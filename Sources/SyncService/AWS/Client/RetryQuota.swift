/// The SDKs' bucket of retries: when most calls fail, retries stop before they make it worse.
struct RetryQuota: Sendable {
    private(set) var tokens = Self.capacity
    static let capacity = 500
    static let throttlingCost = 5
    static let usualCost = 14

    /// What a retry takes, or nil where nothing is left.
    mutating func take(afterThrottle: Bool) -> Int? {
        let cost = afterThrottle ? Self.throttlingCost : Self.usualCost
        guard tokens >= cost else { return nil }
        tokens -= cost
        return cost
    }

    /// A call went well: what its last retry took comes back, or one token.
    mutating func succeeded(lastCost: Int?) { tokens = min(Self.capacity, tokens + (lastCost ?? 1)) }
}
