/// How long a client waits between attempts to connect: gRPC's connection-backoff document, with its numbers.
public struct BackoffPolicy: Sendable, Equatable {
    /// From the start of the first attempt to the start of the second.
    public var initial: Duration
    public var multiplier: Double
    /// The part by which a wait is made longer or shorter at random.
    public var jitter: Double
    public var max: Duration
    /// The least time that an attempt gets: name look-up, TCP, TLS and the server's SETTINGS together.
    public var minConnectTimeout: Duration

    public init(
        initial: Duration = .seconds(1), multiplier: Double = 1.6, jitter: Double = 0.2, max: Duration = .seconds(120),
        minConnectTimeout: Duration = .seconds(20)
    ) {
        self.initial = initial
        self.multiplier = multiplier
        self.jitter = jitter
        self.max = max
        self.minConnectTimeout = minConnectTimeout
    }
}

/// Decides when a client may try to connect again. Performs no I/O; the time and chance are arguments.
struct ConnectionBackoff {
    let policy: BackoffPolicy
    private var wait: Duration?
    /// When the next attempt may begin; nil for at once.
    private(set) var nextAttempt: ContinuousClock.Instant?

    init(_ policy: BackoffPolicy) { self.policy = policy }

    func allows(_ now: ContinuousClock.Instant) -> Bool {
        guard let nextAttempt else { return true }
        return now >= nextAttempt
    }

    /// Begins an attempt.
    ///
    /// - Parameter random: Uniform in `0..<1`.
    /// - Returns: When it is to be given up.
    mutating func begin(at now: ContinuousClock.Instant, random: Double) -> ContinuousClock.Instant {
        let next: Duration
        if let last = wait {
            let grown = min(last * policy.multiplier, policy.max)
            wait = grown
            next = grown * (1 + policy.jitter * (2 * random - 1))
        } else {
            wait = policy.initial
            next = policy.initial
        }
        nextAttempt = now + next
        return now + Swift.max(next, policy.minConnectTimeout)
    }

    /// The server has sent its SETTINGS.
    mutating func succeeded() {
        wait = nil
        nextAttempt = nil
    }
}
