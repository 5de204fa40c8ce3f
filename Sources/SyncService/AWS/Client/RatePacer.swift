/// Keeps the calls of one account to one service in one region under a ceiling, and slows down when AWS asks for it.
/// Reads no clock.
///
/// A call first takes its turn in line (``turn(at:)``), waits for it, and asks again at the moment of sending
/// (``admit(at:)``): what happens between, such as waiting for a connection, must not push calls together.
struct RatePacer: Sendable {
    /// Calls in any second, at most.
    let ceiling: Double
    /// Calls a second now; AWS's throttles lower it.
    private(set) var rate: Double
    /// When the next call would be due if calls came evenly.
    private var due: ContinuousClock.Instant?
    /// When the latest calls were sent; the oldest of them is at `oldest` once all places are taken.
    private var sent: [ContinuousClock.Instant] = []
    private var oldest = 0
    private var raised: ContinuousClock.Instant?
    private var lowered: ContinuousClock.Instant?

    /// How many calls `window` may hold.
    private let places: Int
    private let window: Duration

    /// Seconds of calls that may come at once after a rest.
    private static let burstSeconds = 0.25
    private static let floor = 0.5
    /// What the way to AWS may push together without a second there holding more than the ceiling.
    private static let margin = Duration.milliseconds(50)
    /// The share of the ceiling that a second of success gives back.
    private static let step = 1.0 / 20
    /// Throttles of calls that were under way together are one.
    private static let throttleSpan = Duration.milliseconds(500)

    /// - Parameter ceiling: Calls a second.
    init(ceiling: Double) {
        self.ceiling = max(ceiling, Self.floor)
        rate = self.ceiling
        let places = max(1, Int(exactly: self.ceiling.rounded(.down)) ?? 1)
        self.places = places
        window = max(.seconds(1), .seconds(Double(places) / self.ceiling)) + Self.margin
    }

    /// Takes the next turn and returns how long to wait for it.
    mutating func turn(at now: ContinuousClock.Instant) -> Duration {
        let earliest = now - .seconds(Self.burstSeconds)
        let start = max(due ?? earliest, earliest)
        due = start + .seconds(1 / rate)
        return max(.zero, now.duration(to: start))
    }

    /// Notes a call that is sent now; or returns how long it must still wait.
    mutating func admit(at now: ContinuousClock.Instant) -> Duration? {
        guard sent.count == places else {
            sent.append(now)
            return nil
        }
        let free = sent[oldest] + window
        if free > now { return now.duration(to: free) }
        sent[oldest] = now
        oldest = (oldest + 1) % places
        return nil
    }

    /// AWS asked to slow down: half the rate from here, and no burst.
    mutating func throttled(at now: ContinuousClock.Instant) {
        raised = now
        if let lowered, lowered.duration(to: now) < Self.throttleSpan { return }
        lowered = now
        rate = max(Self.floor, rate / 2)
        due = max(due ?? now, now)
    }

    /// A call went well: the rate rises by a twentieth of the ceiling for each second since it last changed, one at most.
    mutating func succeeded(at now: ContinuousClock.Instant) {
        guard rate < ceiling else { return }
        let since = max(.zero, min(.seconds(1), (raised ?? now).duration(to: now)))
        raised = now
        rate = min(ceiling, rate + ceiling * Self.step * (since / .seconds(1)))
    }
}
