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

    private let windows = Mutex<[Place: RateWindow]>([:])
    private let counts = Mutex<[Key: Counts]>([:])

    func add(_ key: Key, _ change: (inout Counts) -> Void) {
        counts.withLock { change(&$0[key, default: Counts()]) }
        if let run = Self.ofRun, run !== self { run.add(key, change) }
    }

    /// Notes that a call is sent.
    func began(service: String, region: String, at now: ContinuousClock.Instant) {
        let place = Place(service: service, region: region)
        windows.withLock { $0[place, default: RateWindow()].add(now) }
        if let run = Self.ofRun, run !== self { run.began(service: service, region: region, at: now) }
    }

    /// The most calls that any second held, by place.
    func peaks() -> [Place: Int] { windows.withLock { $0.mapValues(\.peak) } }

    /// Calls sent in the last second.
    func rate(at now: ContinuousClock.Instant) -> Int {
        windows.withLock { $0.values.reduce(0) { $0 + $1.count(at: now) } }
    }

    /// What was counted so far, by place.
    func places() -> [Place: Counts] {
        counts.withLock { counts in
            counts.reduce(into: [:]) { sums, entry in
                sums[Place(service: entry.key.service, region: entry.key.region), default: Counts()] += entry.value
            }
        }
    }

    /// What was counted so far.
    func snapshot() -> [Key: Counts] { counts.withLock { $0 } }

    /// All of it in one.
    func total() -> Counts {
        counts.withLock { $0.values.reduce(into: Counts()) { $0 += $1 } }
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
