import Synchronization

/// A number of places; who finds none waits in line. Each key has a line of its own, and the lines take turns: a key with
/// a thousand waiters keeps nobody else waiting for more than one of them.
final class Permits: Sendable {
    private struct State {
        var free: Int
        var lines: [String: [Waiter]] = [:]
        /// The keys that wait, the next one first.
        var order: [String] = []
        /// Waits that were cancelled before they stood in line.
        var cancelled: Set<UInt64> = []
        var next: UInt64 = 0

        mutating func wait(_ waiter: Waiter, _ key: String) {
            if lines[key] == nil { order.append(key) }
            lines[key, default: []].append(waiter)
        }

        /// The next waiter, whose line goes to the end.
        mutating func takeNext() -> Waiter? {
            guard !order.isEmpty else { return nil }
            let key = order.removeFirst()
            guard var line = lines.removeValue(forKey: key), !line.isEmpty else { return nil }
            let waiter = line.removeFirst()
            if !line.isEmpty {
                lines[key] = line
                order.append(key)
            }
            return waiter
        }

        mutating func remove(_ id: UInt64, _ key: String) -> Waiter? {
            guard let index = lines[key]?.firstIndex(where: { $0.id == id }) else { return nil }
            let waiter = lines[key]?.remove(at: index)
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

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: max(1, count))) }

    /// Takes a place, or throws when the task is cancelled first.
    func acquire(for key: String = "") async throws(AWSError) {
        let (id, isFree) = state.withLock { state in
            state.next += 1
            guard state.free > 0, state.order.isEmpty else { return (state.next, false) }
            state.free -= 1
            return (state.next, true)
        }
        if isFree { return }
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(id, key, $0) }
        } onCancel: {
            leave(id, key)
        }
        _ = state.withLock { $0.cancelled.remove(id) }
        guard granted else { throw AWSError(.cancelled) }
    }

    func release() {
        let next: Waiter? = state.withLock { state in
            let next = state.takeNext()
            if next == nil { state.free += 1 }
            return next
        }
        next?.continuation.resume(returning: true)
    }

    private func enter(_ id: UInt64, _ key: String, _ continuation: CheckedContinuation<Bool, Never>) {
        let outcome: Bool? = state.withLock { state in
            if state.cancelled.remove(id) != nil { return false }
            if state.free > 0 {
                state.free -= 1
                return true
            }
            state.wait(Waiter(id: id, continuation: continuation), key)
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func leave(_ id: UInt64, _ key: String) {
        let waiter: Waiter? = state.withLock { state in
            let waiter = state.remove(id, key)
            if waiter == nil { state.cancelled.insert(id) }
            return waiter
        }
        waiter?.continuation.resume(returning: false)
    }

    /// How many wait.
    var waiters: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }
}
