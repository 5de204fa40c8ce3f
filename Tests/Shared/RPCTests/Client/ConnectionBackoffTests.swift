import Testing

@testable import RPC

struct ConnectionBackoffTests {
    private let start = ContinuousClock.now

    /// The waits between the starts of attempts that each begin as soon as they may.
    private func waits(_ count: Int, random: Double) -> [Duration] {
        var backoff = ConnectionBackoff(
            BackoffPolicy(initial: .seconds(1), multiplier: 2, jitter: 0.2, max: .seconds(5)))
        var now = start
        return (0..<count).map { _ in
            _ = backoff.begin(at: now, random: random)
            let next = backoff.nextAttempt ?? now
            defer { now = next }
            return now.duration(to: next)
        }
    }

    @Test func `waits grow by the multiplier up to the maximum`() {
        #expect(waits(5, random: 0.5) == [1, 2, 4, 5, 5].map { .seconds($0) })
    }

    @Test(arguments: [(0.0, 0.8), (1.0, 1.2)])
    func `chance changes all waits but the first by a fifth`(random: Double, factor: Double) {
        for (wait, expected) in zip(waits(4, random: random), [1, 2 * factor, 4 * factor, 5 * factor]) {
            let difference = wait - .seconds(expected)
            #expect(max(difference, .zero - difference) < .microseconds(1), "\(wait)")
        }
    }

    @Test func `an attempt has the connect timeout, or the wait when that is longer`() {
        var backoff = ConnectionBackoff(BackoffPolicy(initial: .seconds(15), multiplier: 2, jitter: 0))
        #expect(backoff.begin(at: start, random: 0.5) == start + .seconds(20))
        #expect(backoff.begin(at: start, random: 0.5) == start + .seconds(30))
    }

    @Test func `a success forgets the failures`() {
        var backoff = ConnectionBackoff(BackoffPolicy())
        for _ in 0..<100 { _ = backoff.begin(at: start, random: 0.5) }
        #expect(!backoff.allows(start + .seconds(119)))
        backoff.succeeded()
        #expect(backoff.allows(start))
        _ = backoff.begin(at: start, random: 0)
        #expect(backoff.allows(start + .seconds(1)))
        #expect(!backoff.allows(start + .milliseconds(999)))
    }

    @Test func `the numbers are those of the connection-backoff document`() {
        let policy = BackoffPolicy()
        #expect(policy.initial == .seconds(1))
        #expect(policy.multiplier == 1.6)
        #expect(policy.jitter == 0.2)
        #expect(policy.max == .seconds(120))
        #expect(policy.minConnectTimeout == .seconds(20))
    }
}
