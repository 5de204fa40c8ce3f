/// How often a peer may do something: at once, and in the long run.
public struct Rate: Sendable, Equatable {
    public var burst: Int
    public var perSecond: Int

    public init(burst: Int, perSecond: Int) {
        self.burst = burst
        self.perSecond = perSecond
    }
}

/// A stock that is used up by events and comes back with time and good conduct, up to its burst. Reads no clock.
struct Allowance: Sendable {
    let rate: Rate
    private(set) var left: Int
    /// Up to when the stock has been given back what time brings; nil before the first event over it.
    private var refilledAt: ContinuousClock.Instant?

    init(_ rate: Rate) {
        self.rate = rate
        left = rate.burst
    }

    /// Notes events of this weight; false when they are too many. Looks at the time only once the stock is used up.
    mutating func take(_ weight: Int = 1, at now: ContinuousClock.Instant) -> Bool {
        if refilledAt == nil { refilledAt = now }
        if left < weight { refill(now) }
        guard left >= weight else { return false }
        left -= weight
        return true
    }

    /// Gives back what good conduct earns.
    mutating func earn(_ weight: Int) { left = min(rate.burst, left + weight) }

    private mutating func refill(_ now: ContinuousClock.Instant) {
        guard let since = refilledAt else { return }
        // A minute fills any stock; more would only risk the arithmetic.
        let elapsed = min(since.duration(to: now), .seconds(60))
        let gained = Int(elapsed / .microseconds(1)) * rate.perSecond / 1_000_000
        guard gained > 0 else { return }
        refilledAt = now
        earn(gained)
    }
}
