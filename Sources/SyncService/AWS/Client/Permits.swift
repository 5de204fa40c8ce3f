import Synchronization

/// A number of places; who finds none waits in line.
///
/// Each key has a line of its own, and the lines take turns: a key with a thousand waiters keeps nobody else waiting for
/// more than one of them. Places are held for a group (a region), and a group that holds its share of them comes after
/// those that do not. With `patience`, it gets no more than its share at all unless one of its holders has given a place
/// back a short while ago: where a region does not answer, its calls do not take the places of the others.
final class Permits: Sendable {
    private struct State {
        let count: Int
        let patience: Duration?
        var free: Int
        /// By key, then by group.
        var lines: [String: [String: [Waiter]]] = [:]
        /// The keys that wait, the next one first.
        var order: [String] = []
        /// Places held, by group.
        var held: [String: Int] = [:]
        /// When a group last gave a place back.
        var returned: [String: ContinuousClock.Instant] = [:]
        /// Waits that were cancelled before they stood in line.
        var cancelled: Set<UInt64> = []
        var next: UInt64 = 0

        /// How many places each group may hold before the others' turn.
        func share(at now: ContinuousClock.Instant) -> Int {
            var groups = held.count
            for (group, last) in returned where last > now - Permits.memory && held[group] == nil { groups += 1 }
            return max(1, count / max(1, groups))
        }

        func mayTake(_ group: String, at now: ContinuousClock.Instant) -> Bool {
            guard let patience else { return true }
            if let last = returned[group], last > now - patience { return true }
            // Half of them at most, where no other group has been heard of yet.
            let taken = held[group] ?? 0
            return taken == 0 || taken < min(share(at: now), max(1, count / 2))
        }

        mutating func take(_ group: String) {
            free -= 1
            held[group, default: 0] += 1
        }

        mutating func giveBack(_ group: String, at now: ContinuousClock.Instant) {
            free += 1
            let left = (held[group] ?? 1) - 1
            held[group] = left > 0 ? left : nil
            returned[group] = now
        }

        mutating func wait(_ waiter: Waiter, _ key: String, _ group: String) {
            if lines[key] == nil { order.append(key) }
            lines[key, default: [:]][group, default: []].append(waiter)
        }

        /// The next waiter, with a place; its key's line goes to the end.
        mutating func takeNext(at now: ContinuousClock.Instant) -> Waiter? {
            guard free > 0, !order.isEmpty else { return nil }
            let share = share(at: now)
            var chosen: (place: Int, group: String)?
            for (place, key) in order.enumerated() {
                guard let group = best(of: lines[key] ?? [:], now) else { continue }
                if chosen == nil { chosen = (place, group) }
                guard (held[group] ?? 0) < share else { continue }
                chosen = (place, group)
                break
            }
            guard let chosen else { return nil }
            let key = order.remove(at: chosen.place)
            let waiter = lines[key]?[chosen.group]?.removeFirst()
            if lines[key]?[chosen.group]?.isEmpty == true { lines[key]?[chosen.group] = nil }
            if lines[key]?.isEmpty == true { lines[key] = nil } else { order.append(key) }
            take(chosen.group)
            return waiter
        }

        /// The group with the fewest places, and of several the one that waits longest.
        private func best(of line: [String: [Waiter]], _ now: ContinuousClock.Instant) -> String? {
            var best: (group: String, held: Int, id: UInt64)?
            for (group, waiters) in line {
                guard let first = waiters.first, mayTake(group, at: now) else { continue }
                let held = held[group] ?? 0
                if let best, (best.held, best.id) < (held, first.id) { continue }
                best = (group, held, first.id)
            }
            return best?.group
        }

        mutating func remove(_ id: UInt64, _ key: String, _ group: String) -> Waiter? {
            guard let index = lines[key]?[group]?.firstIndex(where: { $0.id == id }) else { return nil }
            let waiter = lines[key]?[group]?.remove(at: index)
            if lines[key]?[group]?.isEmpty == true { lines[key]?[group] = nil }
            if lines[key]?.isEmpty == true {
                lines[key] = nil
                order.removeAll { $0 == key }
            }
            return waiter
        }
    }

    private struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<Bool, Never>
    }

    /// How long a group counts that holds nothing any more.
    private static let memory = Duration.seconds(30)

    private let state: Mutex<State>
    private let instant: @Sendable () -> ContinuousClock.Instant

    /// - Parameter patience: Nil: a group may take every place that nobody else waits for.
    init(
        _ count: Int, patience: Duration? = nil,
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        let count = max(1, count)
        state = Mutex(State(count: count, patience: patience, free: count))
        self.instant = instant
    }

    /// Takes a place, or throws when the task is cancelled first.
    ///
    /// - Parameters:
    ///   - key: Whose line to stand in.
    ///   - group: What the place is for; it is given back under the same.
    func acquire(for key: String = "", group: String = "") async throws(AWSError) {
        let now = instant()
        let (id, isFree) = state.withLock { state in
            state.next += 1
            return (state.next, Self.takeFree(group, &state, now))
        }
        if isFree { return }
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(id, key, group, $0) }
        } onCancel: {
            leave(id, key, group)
        }
        _ = state.withLock { $0.cancelled.remove(id) }
        guard granted else { throw AWSError(.cancelled) }
    }

    /// Whoever waits while there is a free place may not take it.
    private static func takeFree(_ group: String, _ state: inout State, _ now: ContinuousClock.Instant) -> Bool {
        guard state.free > 0, state.mayTake(group, at: now) else { return false }
        state.take(group)
        return true
    }

    func release(group: String = "") {
        let now = instant()
        let granted: [Waiter] = state.withLock { state in
            state.giveBack(group, at: now)
            var granted: [Waiter] = []
            while let waiter = state.takeNext(at: now) { granted.append(waiter) }
            return granted
        }
        for waiter in granted { waiter.continuation.resume(returning: true) }
    }

    private func enter(_ id: UInt64, _ key: String, _ group: String, _ continuation: CheckedContinuation<Bool, Never>) {
        let now = instant()
        let outcome: Bool? = state.withLock { state in
            if state.cancelled.remove(id) != nil { return false }
            if Self.takeFree(group, &state, now) { return true }
            state.wait(Waiter(id: id, continuation: continuation), key, group)
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func leave(_ id: UInt64, _ key: String, _ group: String) {
        let waiter: Waiter? = state.withLock { state in
            let waiter = state.remove(id, key, group)
            if waiter == nil { state.cancelled.insert(id) }
            return waiter
        }
        waiter?.continuation.resume(returning: false)
    }

    /// How many wait.
    var waiters: Int {
        state.withLock { $0.lines.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } } }
    }
}
