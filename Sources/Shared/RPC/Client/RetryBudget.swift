/// Stops a client's retries while too many of its calls fail (gRFC A6, retry throttling).
///
/// A failed call takes a token, a successful one gives ``tokenRatio`` of a token back; while half of the tokens or less
/// are there, nothing is retried.
public struct RetryBudget: Sendable, Equatable {
    /// 1 to 1000.
    public let maxTokens: Int
    /// To the third decimal.
    public let tokenRatio: Double
    /// Thousandths, so that sums are exact.
    private var tokens: Int

    public init(maxTokens: Int = 10, tokenRatio: Double = 0.1) {
        self.maxTokens = min(max(maxTokens, 1), 1000)
        self.tokenRatio = min(max(tokenRatio, 0.001), 1000)
        tokens = self.maxTokens * 1000
    }

    var allowsRetries: Bool { tokens * 2 > maxTokens * 1000 }

    /// For statuses that are retryable, and for the server's wish that nothing be retried.
    mutating func noteFailure() { tokens = max(tokens - 1000, 0) }

    mutating func noteSuccess() { tokens = min(tokens + Int(tokenRatio * 1000), maxTokens * 1000) }
}
