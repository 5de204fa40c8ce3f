/// The caller's time is over.
public struct DeadlineExceeded: Error, Equatable {
    public init() {}
}

/// How long to wait before trying again.
public struct RetryPolicy: Sendable, Equatable {
    public var base: Duration
    public var cap: Duration

    public init(base: Duration = .milliseconds(100), cap: Duration = .seconds(20)) {
        self.base = base
        self.cap = cap
    }

    /// The wait before retry `attempt`: exponential, capped, with full jitter.
    ///
    /// - Parameters:
    ///   - attempt: Zero-based; from 10 on the exponent stays at 10.
    ///   - remaining: Time left until the caller's deadline.
    ///   - random: Uniform in `0..<1`; injected so that tests choose it.
    /// - Returns: Between zero and `min(cap, base × 2^attempt)`; `base` is 100 ms and `cap` 20 s unless configured.
    /// - Throws: ``DeadlineExceeded`` when the wait would outlast `remaining`.
    public func delay(attempt: Int, remaining: Duration, random: Double) throws(DeadlineExceeded) -> Duration {
        let delay = delay(attempt: attempt, random: random)
        guard delay < remaining else { throw DeadlineExceeded() }
        return delay
    }

    /// As above, for a caller without a deadline.
    public func delay(attempt: Int, random: Double) -> Duration {
        min(cap, base * (1 << max(0, min(attempt, 10)))) * random
    }
}
