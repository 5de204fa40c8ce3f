/// When a failed call is made again (gRFC A6), unless its deadline would pass first.
///
/// A call is not repeated once response headers have come, or once its requests have outgrown the buffer.
public struct RetryPolicy: Sendable, Equatable {
    /// With the first; 1 for no retries. gRFC A6 caps it at 5.
    public var maxAttempts: Int
    public var initialBackoff: Duration
    public var maxBackoff: Duration
    /// At least 1.
    public var backoffMultiplier: Double
    public var retryableStatusCodes: Set<StatusCode>

    public init(
        maxAttempts: Int = 4, initialBackoff: Duration = .milliseconds(100), maxBackoff: Duration = .seconds(1),
        backoffMultiplier: Double = 2, retryableStatusCodes: Set<StatusCode> = [.unavailable]
    ) {
        self.maxAttempts = min(max(maxAttempts, 1), 5)
        self.initialBackoff = max(initialBackoff, .zero)
        self.maxBackoff = max(maxBackoff, .zero)
        self.backoffMultiplier = max(backoffMultiplier, 1)
        self.retryableStatusCodes = retryableStatusCodes
    }

    /// Calls are made once. Those that no server has seen are still made again.
    public static let none = RetryPolicy(maxAttempts: 1)

    /// The wait before a retry: all of it is left to chance, so that clients that failed together spread out.
    ///
    /// - Parameters:
    ///   - retry: Counts from 0, anew after each pushback.
    ///   - random: Uniform in `0..<1`.
    func delay(retry: Int, random: Double) -> Duration {
        var bound = initialBackoff
        for _ in 0..<max(retry, 0) where bound < maxBackoff { bound = bound * backoffMultiplier }
        return min(bound, maxBackoff) * random
    }
}
