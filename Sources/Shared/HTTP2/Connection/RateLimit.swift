/// Counts events in windows of one second and says when there are too many. The time is an argument.
public struct RateLimit: Sendable {
    /// Events per second that are let through.
    public let limit: Int
    private var windowStart: ContinuousClock.Instant?
    private var count = 0

    public init(perSecond limit: Int) { self.limit = limit }

    /// Notes one event; false when it is one too many.
    public mutating func allow(at now: ContinuousClock.Instant) -> Bool {
        if let windowStart, windowStart.duration(to: now) < .seconds(1) {
            count += 1
        } else {
            windowStart = now
            count = 1
        }
        return count <= limit
    }
}
