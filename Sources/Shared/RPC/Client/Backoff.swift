/// Decides when a client may try to connect again. Performs no I/O; the time and chance are arguments.
struct Backoff: Sendable {
    let initial: Duration
    let cap: Duration
    private(set) var failures = 0
    private(set) var retryAt: ContinuousClock.Instant?

    init(initial: Duration, cap: Duration) {
        self.initial = initial
        self.cap = cap
    }

    /// Whether an attempt may begin now.
    func allows(_ now: ContinuousClock.Instant) -> Bool {
        guard let retryAt else { return true }
        return now >= retryAt
    }

    /// Doubles the wait, up to the cap.
    ///
    /// - Parameter random: Uniform in `0..<1`; spreads clients over the second half of the wait.
    mutating func failed(at now: ContinuousClock.Instant, random: Double) {
        let wait = min(cap, initial * (1 << min(failures, 16)))
        failures += 1
        retryAt = now + wait * (0.5 + random / 2)
    }

    mutating func succeeded() {
        failures = 0
        retryAt = nil
    }
}
