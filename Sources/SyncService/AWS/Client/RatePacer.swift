/// Spaces calls so that their rate stays under a ceiling, and halves the rate at a throttle. Reads no clock.
struct RatePacer: Sendable {
    let ceiling: Double
    private(set) var rate: Double
    /// When the next call would be due if calls came evenly.
    private var due: ContinuousClock.Instant?

    /// Seconds of calls that may come at once after a rest.
    private static let burstSeconds = 1.0
    private static let floor = 0.5

    /// - Parameter ceiling: Calls a second.
    init(ceiling: Double) {
        self.ceiling = max(ceiling, Self.floor)
        rate = self.ceiling
    }

    /// Takes the next place and returns how long to wait for it.
    mutating func reserve(at now: ContinuousClock.Instant) -> Duration {
        let interval = Duration.seconds(1 / rate)
        let earliest = now - .seconds(Self.burstSeconds)
        let start = max(due ?? earliest, earliest)
        due = start + interval
        return max(.zero, now.duration(to: start))
    }

    /// AWS asked to slow down: half the rate from here, and no burst.
    mutating func throttled(at now: ContinuousClock.Instant) {
        rate = max(Self.floor, rate / 2)
        due = max(due ?? now, now)
    }

    /// A call that went well raises the rate by a hundredth of the ceiling.
    mutating func succeeded() { rate = min(ceiling, rate + ceiling / 100) }
}

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

/// Opens when calls have failed to connect for a while, several and none between that did not, so that an endpoint that
/// cannot be reached costs seconds and not minutes; then lets one call through at a time to try.
struct Breaker: Sendable {
    let failureLimit: Int
    let span: Duration
    let pause: Duration
    private var failures = 0
    private var firstFailure: ContinuousClock.Instant?
    private var triesAt: ContinuousClock.Instant?

    init(failureLimit: Int, span: Duration, pause: Duration) {
        self.failureLimit = failureLimit
        self.span = span
        self.pause = pause
    }

    /// Whether a call may be made.
    mutating func allows(at now: ContinuousClock.Instant) -> Bool {
        guard let triesAt else { return true }
        guard now >= triesAt else { return false }
        self.triesAt = now + pause
        return true
    }

    mutating func succeeded() {
        failures = 0
        firstFailure = nil
        triesAt = nil
    }

    mutating func failed(at now: ContinuousClock.Instant) {
        failures += 1
        let first = firstFailure ?? now
        firstFailure = first
        if failures >= failureLimit, first.duration(to: now) >= span { triesAt = now + pause }
    }
}
