import Synchronization

/// Tells those who watch a run that something of it changed. What changed is read from the store.
final class RunEvents: Sendable {
    private struct State {
        var nextID = 0
        var watchers: [String: [Int: AsyncStream<Void>.Continuation]] = [:]
    }

    private let state = Mutex(State())

    /// An element at each change; changes that come while nobody looks are one.
    func changes(of run: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextID += 1
            state.watchers[run, default: [:]][state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.forget(run, id) }
        return stream
    }

    func notify(_ run: String) {
        let watchers = state.withLock { state in state.watchers[run].map { Array($0.values) } ?? [] }
        for watcher in watchers { watcher.yield() }
    }

    private func forget(_ run: String, _ id: Int) {
        state.withLock { state in
            state.watchers[run]?[id] = nil
            if state.watchers[run]?.isEmpty == true { state.watchers[run] = nil }
        }
    }
}
