import Synchronization

/// How each scope of a run ended, for those that depend on it.
final class ScopeBoard: Sendable {
    private struct State {
        /// Nil inside: the scope completed.
        var ends: [Scope: ReadFailure?] = [:]
        var waiting: [Scope: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    /// Notes an end; nil as the failure: the scope completed.
    func post(_ scope: Scope, _ failure: ReadFailure?) {
        let waiting = state.withLock { state in
            state.ends[scope] = .some(failure)
            return state.waiting.removeValue(forKey: scope) ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the scope has ended. Every scope that began posts its end, also when it is cancelled.
    func end(of scope: Scope) async -> ReadFailure? {
        await withCheckedContinuation { continuation in
            let isKnown = state.withLock { state in
                if state.ends[scope] != nil { return true }
                state.waiting[scope, default: []].append(continuation)
                return false
            }
            if isKnown { continuation.resume() }
        }
        return state.withLock { $0.ends[scope] ?? nil }
    }
}
