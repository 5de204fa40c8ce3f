import Testing

@testable import RPC

struct BackoffTests {
    private let start = ContinuousClock.now

    @Test func `waits double up to the cap`() {
        var backoff = Backoff(initial: .milliseconds(100), cap: .seconds(1))
        var waits: [Duration] = []
        for _ in 0..<6 {
            backoff.failed(at: start, random: 1)
            waits.append(backoff.retryAt.map { start.duration(to: $0) } ?? .zero)
        }
        #expect(waits == [100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
    }

    @Test func `chance shortens a wait to its half at most`() throws {
        var backoff = Backoff(initial: .milliseconds(100), cap: .seconds(1))
        backoff.failed(at: start, random: 0)
        #expect(!backoff.allows(start + .milliseconds(49)))
        #expect(backoff.allows(start + .milliseconds(50)))
    }

    @Test func `a success forgets the failures`() {
        var backoff = Backoff(initial: .milliseconds(100), cap: .seconds(1))
        for _ in 0..<100 { backoff.failed(at: start, random: 0.5) }
        backoff.succeeded()
        #expect(backoff.allows(start))
        backoff.failed(at: start, random: 1)
        #expect(backoff.allows(start + .milliseconds(100)))
    }
}
