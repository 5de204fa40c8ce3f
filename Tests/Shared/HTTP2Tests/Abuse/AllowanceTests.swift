import Testing

@testable import HTTP2

struct RateLimitTests {
    private let start = ContinuousClock.now

    @Test func `the limit passes, one more does not`() {
        var limit = RateLimit(perSecond: 3)
        let answers = (0..<5).map { limit.allow(at: start + .milliseconds($0)) }
        #expect(answers == [true, true, true, false, false])
    }

    @Test func `a new second begins anew`() {
        var limit = RateLimit(perSecond: 1)
        let first = limit.allow(at: start)
        let within = limit.allow(at: start + .milliseconds(999))
        let after = limit.allow(at: start + .seconds(1))
        #expect(first)
        #expect(!within)
        #expect(after)
    }
}
