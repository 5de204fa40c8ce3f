import Testing

@testable import HTTP2

struct AllowanceTests {
    private let start = ContinuousClock.now

    @Test func `events are let through up to the burst`() {
        var allowance = Allowance(Rate(burst: 3, perSecond: 1))
        let taken = (0..<4).map { _ in allowance.take(at: start) }
        #expect(taken == [true, true, true, false])
    }

    @Test func `time gives back what the rate says, and no more than the burst`() {
        var allowance = Allowance(Rate(burst: 10, perSecond: 2))
        let taken = [(10, 0), (2, 1000), (1, 1100), (10, 1_000_000), (1, 1_000_000)].map { weight, milliseconds in
            allowance.take(weight, at: start + .milliseconds(milliseconds))
        }
        #expect(taken == [true, true, false, true, false])
    }

    @Test func `good conduct gives back, up to the burst`() {
        var allowance = Allowance(Rate(burst: 5, perSecond: 0))
        let first = allowance.take(5, at: start)
        allowance.earn(2)
        let second = allowance.take(2, at: start)
        #expect(first && second)
        allowance.earn(100)
        let left = allowance.left
        #expect(left == 5)
    }
}
