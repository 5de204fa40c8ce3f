import Testing

@testable import EventLoop

struct TimerHeapTests {
    private let start = ContinuousClock.now

    @Test func `timers fire in the order of their instants, not before`() {
        var heap = TimerHeap()
        var fired: [Int] = []
        let delays = [5, 3, 9, 1, 7, 2, 8, 4, 6, 0]
        for delay in delays { _ = heap.insert(at: start + .seconds(delay)) { fired.append(delay) } }
        while let action = heap.takeDue(start + .seconds(6)) { action() }
        #expect(fired == [0, 1, 2, 3, 4, 5, 6])
        #expect(heap.count == 3)
    }

    @Test func `a removed timer does not fire, also among thousands`() {
        var heap = TimerHeap()
        var fired = 0
        let timers = (0..<5000).map { delay in
            heap.insert(at: start + .milliseconds((delay * 7919) % 5000)) { fired += 1 }
        }
        for timer in timers where timer.number % 10 != 0 { heap.remove(timer) }
        while let action = heap.takeDue(start + .seconds(10)) { action() }
        #expect(fired == 500)
    }

    @Test func `the time to wait is rounded up, never negative, and unlimited without timers`() {
        var heap = TimerHeap()
        #expect(heap.timeoutMilliseconds() == -1)
        let timer = heap.insert(at: .now + .milliseconds(1500)) {}
        let wait = heap.timeoutMilliseconds()
        #expect(wait > 1000 && wait <= 1500)
        heap.remove(timer)
        #expect(heap.timeoutMilliseconds() == -1)
        _ = heap.insert(at: start - .seconds(1)) {}
        #expect(heap.timeoutMilliseconds() == 0)
    }
}
