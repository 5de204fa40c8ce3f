/// Opens when calls have failed to connect, or were not answered, for a while, several and none between that did not, so
/// that an endpoint that hangs costs seconds and not minutes; then lets one call through at a time to try.
struct Breaker: Sendable {
    let failureLimit: Int
    let span: Duration
    let pause: Duration
    private var failures = 0
    private var firstBegan: ContinuousClock.Instant?
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
        firstBegan = nil
        triesAt = nil
    }

    /// - Parameter began: When the call was sent: one that hung has lasted already when it fails.
    mutating func failed(at now: ContinuousClock.Instant, began: ContinuousClock.Instant) {
        failures += 1
        let first = min(firstBegan ?? began, began)
        firstBegan = first
        if failures >= failureLimit, first.duration(to: now) >= span { triesAt = now + pause }
    }
}
