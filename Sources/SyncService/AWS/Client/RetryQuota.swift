/// The SDKs' bucket of retries: when most calls fail, retries stop before they make it worse.
struct RetryQuota: Sendable {
    private(set) var tokens = Self.capacity
    static let capacity = 500
    private static let cost = 5
    private static let timeoutCost = 10

    /// What a retry takes, or nil where nothing is left.
    mutating func take(afterTimeout: Bool) -> Int? {
        let cost = afterTimeout ? Self.timeoutCost : Self.cost
        guard tokens >= cost else { return nil }
        tokens -= cost
        return cost
    }

    /// A call went well: what its last retry took comes back, or one token.
    mutating func succeeded(lastCost: Int?) { tokens = min(Self.capacity, tokens + (lastCost ?? 1)) }
}
