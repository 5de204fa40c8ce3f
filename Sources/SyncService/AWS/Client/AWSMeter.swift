import Synchronization

/// Counts calls by service, operation and region, for a run's statistics and for metrics.
final class AWSMeter: Sendable {
    struct Key: Hashable, Sendable {
        var service: String
        var operation: String
        var region: String
    }

    struct Counts: Sendable, Equatable {
        /// Requests sent, repeated ones included.
        var calls = 0
        /// Of these, repetitions.
        var retries = 0
        /// Replies that asked to slow down.
        var throttles = 0
        /// Calls that gave no usable answer in the end.
        var failures = 0
        /// Bytes of the replies' bodies.
        var bytes = 0

        static func += (sum: inout Counts, other: Counts) {
            sum.calls += other.calls
            sum.retries += other.retries
            sum.throttles += other.throttles
            sum.failures += other.failures
            sum.bytes += other.bytes
        }
    }

    /// The meter of the run whose tasks make the calls: it counts them too.
    @TaskLocal static var ofRun: AWSMeter?

    /// A service in a region.
    struct Place: Hashable, Sendable {
        var service: String
        var region: String
    }

    /// Where the calls of one operation in one place are counted.
    final class Spot: Sendable {
        private let counts = Mutex(Counts())
        private let window: Window

        fileprivate init(_ window: Window) { self.window = window }

        func add(_ change: (inout Counts) -> Void) { counts.withLock { change(&$0) } }

        /// Notes that a call is sent.
        func began(at now: ContinuousClock.Instant) { window.calls.withLock { $0.add(now) } }

        var counted: Counts { counts.withLock { $0 } }
    }

    /// The calls of a place in the last second.
    fileprivate final class Window: Sendable {
        let calls = Mutex(RateWindow())
    }

    private struct State {
        var spots: [Key: Spot] = [:]
        var windows: [Place: Window] = [:]
    }

    private let state = Mutex(State())

    func spot(_ key: Key) -> Spot {
        state.withLock { state in
            if let known = state.spots[key] { return known }
            let place = Place(service: key.service, region: key.region)
            let window = state.windows[place] ?? Window()
            state.windows[place] = window
            let spot = Spot(window)
            state.spots[key] = spot
            return spot
        }
    }

    /// The spots of this meter and of the run whose task calls.
    func spots(_ key: Key) -> [Spot] {
        guard let run = Self.ofRun, run !== self else { return [spot(key)] }
        return [spot(key), run.spot(key)]
    }

    private func all() -> State { state.withLock { $0 } }

    /// The most calls that any second held, by place.
    func peaks() -> [Place: Int] { all().windows.mapValues { $0.calls.withLock { $0.peak } } }

    /// Calls sent in the last second.
    func rate(at now: ContinuousClock.Instant) -> Int {
        all().windows.values.reduce(0) { sum, window in sum + window.calls.withLock { $0.count(at: now) } }
    }

    /// What was counted so far, by place.
    func places() -> [Place: Counts] {
        all().spots.reduce(into: [:]) { sums, entry in
            sums[Place(service: entry.key.service, region: entry.key.region), default: Counts()] += entry.value.counted
        }
    }

    /// All of it in one.
    func total() -> Counts {
        all().spots.values.reduce(into: Counts()) { $0 += $1.counted }
    }
}

/// Calls of the last second, and the most that any second held.
struct RateWindow: Sendable {
    private var times: [ContinuousClock.Instant] = []
    private var first = 0
    private(set) var peak = 0

    mutating func add(_ now: ContinuousClock.Instant) {
        while first < times.count, times[first] <= now - .seconds(1) { first += 1 }
        if first > 64, first * 2 > times.count {
            times.removeFirst(first)
            first = 0
        }
        times.append(now)
        peak = max(peak, times.count - first)
    }

    func count(at now: ContinuousClock.Instant) -> Int {
        times[first...].reversed().prefix { $0 > now - .seconds(1) }.count
    }
}
