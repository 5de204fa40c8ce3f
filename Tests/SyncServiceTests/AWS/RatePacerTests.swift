import EventLoop
import Synchronization
import Testing

@testable import SyncService

@Suite struct RatePacerTests {
    private let start = ContinuousClock.now

    @Test func `after a rest a quarter of a second's calls go at once, then evenly`() {
        var pacer = RatePacer(ceiling: 20)
        let waits = (0..<20).map { _ in pacer.turn(at: start) }
        #expect(waits[..<6].allSatisfy { $0 == .zero })
        #expect(waits[19] > .milliseconds(690) && waits[19] < .milliseconds(710))
    }

    @Test func `a throttle halves the rate once for calls that were under way together`() {
        var pacer = RatePacer(ceiling: 100)
        for _ in 0..<32 { pacer.throttled(at: start) }
        #expect(pacer.rate == 50)
        let waits = (0..<3).map { _ in pacer.turn(at: start) }
        #expect(waits == [.zero, .milliseconds(20), .milliseconds(40)])
        for second in 1...50 { pacer.throttled(at: start + .seconds(second)) }
        #expect(pacer.rate == 0.5)
    }

    @Test func `successes raise the rate by the time that passes and not by their number`() {
        var pacer = RatePacer(ceiling: 100)
        pacer.throttled(at: start)
        for call in 1...1000 { pacer.succeeded(at: start + .milliseconds(call)) }
        #expect(pacer.rate > 54.9 && pacer.rate < 55.1)
        pacer.succeeded(at: start + .seconds(60))
        #expect(pacer.rate > 59.9 && pacer.rate < 60.1, "a rest raises it by one step")
        for second in 61...80 { pacer.succeeded(at: start + .seconds(second)) }
        #expect(pacer.rate == 100)
    }

    /// Calls come at random, are late by random times between their turn and their sending, and meet random throttles.
    @Test(arguments: [0.7, 1, 2.5, 4, 20, 100])
    func `no second holds more than the ceiling, whatever happens`(ceiling: Double) {
        var random = SeededRandom(seed: UInt64(ceiling * 10))
        for _ in 0..<40 {
            var pacer = RatePacer(ceiling: ceiling)
            var pending: [ContinuousClock.Instant] = []
            var sent: [ContinuousClock.Instant] = []
            var arrival = start
            for _ in 0..<300 {
                arrival += .milliseconds(Int.random(in: 0...(Bool.random(using: &random) ? 5 : 400), using: &random))
                pending.append(arrival + pacer.turn(at: arrival) + late(&random))
                if Int.random(in: 0..<20, using: &random) == 0 { pacer.throttled(at: arrival) }
                if Int.random(in: 0..<3, using: &random) == 0 { pacer.succeeded(at: arrival) }
            }
            while let now = pending.min(), let index = pending.firstIndex(of: now) {
                if let wait = pacer.admit(at: now) {
                    pending[index] = now + wait + late(&random)
                } else {
                    pending.remove(at: index)
                    sent.append(now)
                }
            }
            #expect(sent.count == 300)
            #expect(Double(most(sent)) <= max(1, ceiling))
        }
    }

    private func late(_ random: inout SeededRandom) -> Duration {
        .milliseconds(Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0...900, using: &random) : 0)
    }

    /// The most that any second holds.
    private func most(_ sent: [ContinuousClock.Instant]) -> Int {
        sent.indices.map { first in sent[first...].prefix { $0 < sent[first] + .seconds(1) }.count }.max() ?? 0
    }

    @Test func `the client sends no more calls in any second than the ceiling of the service`() async throws {
        let time = Mutex(start)
        let transport = TimedTransport { time.withLock { $0 } }
        let loop = try EventLoop.start(name: "calls")
        defer { loop.stop() }
        var configuration = AWSClientConfiguration(
            loop: loop, shapes: Fixtures.shapes, partitions: try Partitions.load(share: Fixtures.share))
        configuration.rates = try CallRates.load(share: Fixtures.share)
        configuration.instant = { time.withLock { $0 } }
        configuration.sleep = { wait async throws(CancellationError) in time.withLock { $0 += wait } }
        let client = AWSClient(configuration: configuration, transport: transport)
        for _ in 0..<50 {
            _ = try? await client.call(
                service: "cloudtrail", operation: "DescribeTrails", region: "eu-central-1",
                credentials: ClientHarness.credentials, account: "123456789012")
        }
        let sent = transport.sent
        #expect(sent.count == 50)
        #expect(most(sent) == 5)
        #expect(client.meter.peaks() == [.init(service: "cloudtrail", region: "eu-central-1"): 5])
    }

    @Test func `the shared file gives each ceiling with its source`() throws {
        let rates = try CallRates.load(share: Fixtures.share)
        #expect(rates.ceiling(of: "ec2") == 20)
        #expect(rates.ceiling(of: "never-heard-of") == rates.usual)
    }

    @Test func `a rate window forgets what is older than a second`() {
        var window = RateWindow()
        for call in 0..<300 { window.add(start + .milliseconds(call * 10)) }
        #expect(window.peak == 100)
        #expect(window.count(at: start + .milliseconds(2990)) == 100)
        #expect(window.count(at: start + .seconds(10)) == 0)
    }

    @Test func `retries stop when the bucket is empty and come back with successes`() {
        var quota = RetryQuota()
        var taken = 0
        while quota.take(afterThrottle: true) != nil { taken += 1 }
        #expect(taken == 100)
        for _ in 0..<5 { quota.succeeded(lastCost: nil) }
        let more = [quota.take(afterThrottle: true), quota.take(afterThrottle: true)]
        #expect(more == [5, nil])
    }

    @Test func `a breaker opens when calls fail for a while and lets one through after its pause`() {
        var breaker = Breaker(failureLimit: 3, span: .seconds(3), pause: .seconds(30))
        for _ in 0..<20 { breaker.failed(at: start, began: start) }
        let atOnce = breaker.allows(at: start)
        #expect(atOnce, "many failures of one moment open nothing")
        breaker.failed(at: start + .seconds(4), began: start + .seconds(4))
        let later = [33, 34, 35].map { breaker.allows(at: start + .seconds($0)) }
        #expect(later == [false, true, false])
        breaker.succeeded()
        let closed = breaker.allows(at: start + .seconds(35))
        #expect(closed)
        breaker.failed(at: start + .seconds(100), began: start + .seconds(85))
        breaker.failed(at: start + .seconds(200), began: start + .seconds(185))
        let few = breaker.allows(at: start + .seconds(200))
        #expect(few, "two failures are not enough")
    }

    @Test func `calls that hung together open the breaker when they fail, one alone does not`() {
        let limits = AWSLimits()
        func breaker() -> Breaker {
            Breaker(failureLimit: limits.breakerFailures, span: limits.breakerSpan, pause: limits.breakerPause)
        }
        var alone = breaker()
        alone.failed(at: start + .seconds(15), began: start)
        let goesOn = alone.allows(at: start + .seconds(15))
        #expect(goesOn)
        var together = breaker()
        for _ in 0..<2 { together.failed(at: start + .seconds(15), began: start) }
        let stops = together.allows(at: start + .seconds(15))
        #expect(!stops)
    }

    @Test func `an account with a thousand waiters keeps another waiting for one of them`() async throws {
        let permits = Permits(1)
        try await permits.acquire(for: "big")
        let order = NotedKeys()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (key, count) in [("big", 1000), ("small", 1)] {
                for _ in 0..<count {
                    group.addTask {
                        try await permits.acquire(for: key)
                        order.add(key)
                        permits.release()
                    }
                }
                let areWaiting = try await eventually { permits.waiters == (key == "big" ? 1000 : 1001) }
                #expect(areWaiting)
            }
            permits.release()
            try await group.waitForAll()
        }
        #expect(order.all.firstIndex(of: "small") == 1)
        #expect(order.all.count == 1001)
    }

    /// Each of 50 keys wants places for four groups, again and again; of the first group none is given back.
    @Test func `a group that gives nothing back keeps no other from its places`() async throws {
        let time = ManualInstant(start)
        let permits = Permits(12, patience: .seconds(1)) { time.now }
        let taken = NotedKeys()
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<800 {
                tasks.addTask {
                    let group = "group-\(number % 4)"
                    let error = await failure { () throws(AWSError) in
                        try await permits.acquire(for: "key-\(number / 4 % 50)", group: group)
                    }
                    guard error == nil else { return }
                    taken.add(group)
                    if group == "group-0" { return }
                    await Task.yield()
                    time.advance(by: .milliseconds(10))
                    permits.release(group: group)
                }
            }
            let areDone = try? await eventually { taken.all.count { $0 != "group-0" } == 600 }
            #expect(areDone == true)
            #expect(taken.all.count { $0 == "group-0" } <= 6)
            tasks.cancelAll()
        }
    }

    @Test func `a group that answers gets all places, and one that does not its share`() async throws {
        let time = ManualInstant(start)
        let permits = Permits(8, patience: .seconds(1)) { time.now }
        for group in ["one", "two"] {
            try await permits.acquire(group: group)
            permits.release(group: group)
        }
        for _ in 0..<8 { try await permits.acquire(group: "one") }
        for _ in 0..<8 { permits.release(group: "one") }
        time.advance(by: .seconds(2))
        for _ in 0..<4 { try await permits.acquire(group: "one") }
        let fifth = Task { try await permits.acquire(group: "one") }
        let waits = try await eventually { permits.waiters == 1 }
        #expect(waits, "two groups share, and it has given nothing back for two seconds")
        permits.release(group: "one")
        try await fifth.value
        #expect(permits.waiters == 0)
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

/// A generator that gives the same numbers each time (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private final class NotedKeys: Sendable {
    private let keys = Mutex<[String]>([])
    var all: [String] { keys.withLock { $0 } }
    func add(_ key: String) { keys.withLock { $0.append(key) } }
}

/// Notes when each request came, and answers none.
private final class TimedTransport: HTTPTransport {
    private let times = Mutex<[ContinuousClock.Instant]>([])
    private let instant: @Sendable () -> ContinuousClock.Instant

    init(instant: @escaping @Sendable () -> ContinuousClock.Instant) { self.instant = instant }

    var sent: [ContinuousClock.Instant] { times.withLock { $0 } }

    func send(
        _ request: HTTPRequest, timeouts: HTTPTimeouts, into sink: any ReplySink
    ) async throws(AWSError) {
        times.withLock { $0.append(instant()) }
        throw AWSError(.malformed("no answer"))
    }
}

/// A clock that a test sets.
private final class ManualInstant: Sendable {
    private let instant: Mutex<ContinuousClock.Instant>
    init(_ instant: ContinuousClock.Instant) { self.instant = Mutex(instant) }
    var now: ContinuousClock.Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}
