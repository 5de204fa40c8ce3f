/// Names a scheduled timer.
public struct TimerID: Hashable, Sendable {
    let number: UInt64
}

/// The pending timers of a loop: a binary heap by instant. A removed timer stays in the heap, without its action,
/// until its time comes or removed ones outnumber the others.
struct TimerHeap {
    private struct Entry {
        var instant: ContinuousClock.Instant
        var number: UInt64
    }

    private var entries: [Entry] = []
    private var actions: [UInt64: () -> Void] = [:]
    private var next: UInt64 = 0

    var count: Int { actions.count }

    mutating func insert(at instant: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerID {
        next += 1
        actions[next] = action
        entries.append(Entry(instant: instant, number: next))
        siftUp(entries.count - 1)
        return TimerID(number: next)
    }

    mutating func remove(_ timer: TimerID) {
        guard actions.removeValue(forKey: timer.number) != nil else { return }
        if entries.count > 64, entries.count > actions.count * 2 { compact() }
    }

    mutating func removeAll() {
        entries.removeAll()
        actions.removeAll()
    }

    /// Takes the action of the earliest timer that is due at `now`.
    mutating func takeDue(_ now: ContinuousClock.Instant) -> (() -> Void)? {
        while let first = entries.first {
            guard let action = actions[first.number] else {
                removeFirst()
                continue
            }
            guard first.instant <= now else { return nil }
            removeFirst()
            actions.removeValue(forKey: first.number)
            return action
        }
        return nil
    }

    /// What `epoll_wait` takes: -1 without a timer, else milliseconds until the earliest, rounded up.
    mutating func timeoutMilliseconds() -> Int32 {
        while let first = entries.first, actions[first.number] == nil { removeFirst() }
        guard let first = entries.first else { return -1 }
        let wait = ContinuousClock.now.duration(to: first.instant)
        if wait <= .zero { return 0 }
        let (seconds, attoseconds) = wait.components
        if seconds >= 60 { return 60_000 }
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private mutating func compact() {
        entries.removeAll { actions[$0.number] == nil }
        // A sorted array is a heap.
        entries.sort { $0.instant < $1.instant }
    }

    private mutating func removeFirst() {
        guard let last = entries.popLast() else { return }
        guard !entries.isEmpty else { return }
        entries[0] = last
        siftDown(0)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index].instant < entries[parent].instant else { return }
            entries.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count {
                if entries[child].instant < entries[least].instant { least = child }
            }
            guard least != index else { return }
            entries.swapAt(index, least)
            index = least
        }
    }
}
