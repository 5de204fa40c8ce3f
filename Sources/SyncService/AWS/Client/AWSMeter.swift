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

    private let counts = Mutex<[Key: Counts]>([:])

    func add(_ key: Key, _ change: (inout Counts) -> Void) {
        counts.withLock { change(&$0[key, default: Counts()]) }
        if let run = Self.ofRun, run !== self { run.add(key, change) }
    }

    /// What was counted so far.
    func snapshot() -> [Key: Counts] { counts.withLock { $0 } }

    /// All of it in one.
    func total() -> Counts {
        counts.withLock { $0.values.reduce(into: Counts()) { $0 += $1 } }
    }
}
