import Synchronization

/// Closed until it is opened; tasks wait for it whether they are cancelled or not.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { done in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(done) }
                return state.isOpen
            }
            if isOpen { done.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for done in waiting { done.resume() }
    }
}
