import ServiceKit
import Synchronization
import Testing

@Suite struct BoundedFanOutTests {
    @Test func `results keep their order and no more than the limit run at once`() async throws {
        let running = Mutex((now: 0, most: 0))
        let results = try await mapBounded(Array(0..<40), limit: 4) { number in
            running.withLock {
                $0.now += 1; $0.most = max($0.most, $0.now)
            }
            for _ in 0..<(number % 5) { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return number * 2
        }
        #expect(results == (0..<40).map { $0 * 2 })
        #expect(running.withLock { $0.most } <= 4)
    }

    @Test func `a cancelled fan-out throws and begins nothing more`() async {
        let begun = Collected<Int>()
        let task = Task {
            try await mapBounded(Array(0..<100), limit: 2) { number in
                begun.add(number)
                try? await Task.sleep(for: .seconds(60))
            }
        }
        #expect(await eventually { begun.all.count == 2 })
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(begun.all.count == 2)
    }
}

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()

    @Test func `the wait grows, is capped and jittered`() throws {
        #expect(policy.delay(attempt: 0, random: 1) == .milliseconds(100))
        #expect(policy.delay(attempt: 3, random: 0.5) == .milliseconds(400))
        #expect(policy.delay(attempt: 1000, random: 1) == .seconds(20))
        #expect(policy.delay(attempt: -1, random: 1) == .milliseconds(100))
        #expect(policy.delay(attempt: 5, random: 0) == .zero)
    }

    @Test func `a wait that outlasts the deadline is not begun`() throws {
        #expect(try policy.delay(attempt: 3, remaining: .seconds(1), random: 1) == .milliseconds(800))
        #expect(throws: DeadlineExceeded.self) {
            try policy.delay(attempt: 3, remaining: .milliseconds(800), random: 1)
        }
    }
}
