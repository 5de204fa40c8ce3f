import Testing

@testable import SyncService

@Suite struct RatePacerTests {
    private let start = ContinuousClock.now

    @Test func `after a rest a second's calls go at once, then evenly`() {
        var pacer = RatePacer(ceiling: 10)
        let waits = (0..<20).map { _ in pacer.reserve(at: start) }
        #expect(waits[..<11].allSatisfy { $0 == .zero })
        #expect(waits[19] > .milliseconds(850) && waits[19] < .milliseconds(950))
    }

    @Test func `a throttle halves the rate and successes bring it back`() {
        var pacer = RatePacer(ceiling: 100)
        pacer.throttled(at: start)
        #expect(pacer.rate == 50)
        let waits = (0..<3).map { _ in pacer.reserve(at: start) }
        #expect(waits == [.zero, .milliseconds(20), .milliseconds(40)])
        for _ in 0..<100 { pacer.succeeded() }
        #expect(pacer.rate == 100)
        for _ in 0..<50 { pacer.throttled(at: start) }
        #expect(pacer.rate == 0.5)
    }

    @Test func `retries stop when the bucket is empty and come back with successes`() {
        var quota = RetryQuota()
        var taken = 0
        while quota.take(afterTimeout: false) != nil { taken += 1 }
        #expect(taken == 100)
        for _ in 0..<5 { quota.succeeded(lastCost: nil) }
        let more = [quota.take(afterTimeout: false), quota.take(afterTimeout: false)]
        #expect(more == [5, nil])
    }

    @Test func `a breaker opens when calls fail for a while and lets one through after its pause`() {
        var breaker = Breaker(failureLimit: 3, span: .seconds(3), pause: .seconds(30))
        for _ in 0..<20 { breaker.failed(at: start) }
        let atOnce = breaker.allows(at: start)
        #expect(atOnce, "many failures of one moment open nothing")
        breaker.failed(at: start + .seconds(4))
        let later = [33, 34, 35].map { breaker.allows(at: start + .seconds($0)) }
        #expect(later == [false, true, false])
        breaker.succeeded()
        let closed = breaker.allows(at: start + .seconds(35))
        #expect(closed)
        breaker.failed(at: start + .seconds(100))
        breaker.failed(at: start + .seconds(200))
        let few = breaker.allows(at: start + .seconds(200))
        #expect(few, "two failures are not enough")
    }

    @Test func `places are given in order and a cancelled wait takes none`() async throws {
        let permits = Permits(1)
        try await permits.acquire()
        let order = Noted()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let error = await failure { () throws(AWSError) in try await permits.acquire() }
                if error?.kind == .cancelled { order.add(.zero) }
            }
            await Task.yield()
            group.cancelAll()
        }
        #expect(order.all == [.zero])
        permits.release()
        try await permits.acquire()
        permits.release()
    }
}
