import Storage
import Synchronization

/// What a run writes: assets and ends of its scopes, those of several in one transaction. Each transaction writes the
/// pages that it touches anew, and the fewer there are the more each page has changed.
///
/// Assets are written when enough have gathered. A scope's end is in the store within `patience` of its reading, at once
/// where another scope waits for it, and at the latest when the run's scopes have ended; its assets are written before it
/// or with it. Until then nothing of it counts: a run that is killed reads the scope again.
final class RunWrites: Sendable {
    /// So many ends, assets or bytes of configurations are not kept back any longer.
    private static let mostEnds = 32
    private static let mostAssets = 4000
    private static let mostBytes = 4 << 20

    private struct State {
        var batches: [Int64: AssetBatch] = [:]
        var assets = 0
        var bytes = 0
        var ends: [ScopeEnd] = []
        var isFlushing = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The store's: assets are lost then, so no scope that ends later may count as complete.
        var failure: StorageError?

        var isFull: Bool { ends.count >= mostEnds || assets >= mostAssets || bytes >= mostBytes }

        mutating func add(_ batch: AssetBatch) {
            batches[batch.scope, default: AssetBatch(scope: batch.scope, type: batch.type)].assets += batch.assets
            assets += batch.assets.count
            bytes += batch.assets.reduce(0) { $0 + $1.asset.body.count }
        }

        mutating func take() -> (batches: [AssetBatch], ends: [ScopeEnd]) {
            defer { (batches, assets, bytes, ends) = ([:], 0, 0, []) }
            return (batches.values.sorted { $0.scope < $1.scope }, ends)
        }
    }

    private let store: SyncStore
    private let account: Int64
    private let run: Int64
    private let patience: Duration
    /// Called for each scope whose end was committed.
    private let closed: @Sendable (ScopeEnd) -> Void
    private let state = Mutex(State())

    init(
        store: SyncStore, account: Int64, run: Int64, patience: Duration = .milliseconds(500),
        closed: @escaping @Sendable (ScopeEnd) -> Void = { _ in }
    ) {
        self.store = store
        self.account = account
        self.run = run
        self.patience = patience
        self.closed = closed
    }

    func put(_ batch: AssetBatch) async throws(StorageError) {
        let isFull = state.withLock { state in
            state.add(batch)
            return state.isFull
        }
        if isFull { try await flush() }
    }

    /// - Parameter isAwaited: Whether another scope cannot begin before this one's end is committed.
    func end(_ end: ScopeEnd, isAwaited: Bool) async throws(StorageError) {
        let isFull = state.withLock { state in
            state.ends.append(end)
            return state.isFull
        }
        if isFull || isAwaited || patience == .zero { try await flush() }
    }

    /// Commits what has gathered. One after another, so that no scope ends before its assets are there.
    func flush() async throws(StorageError) {
        await enter()
        defer { leave() }
        let (failure, work) = state.withLock { ($0.failure, $0.take()) }
        if let failure { throw failure }
        if work.batches.isEmpty && work.ends.isEmpty { return }
        do throws(StorageError) {
            try await store.commit(account: account, run: run, work.batches, ends: work.ends)
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
        for end in work.ends { closed(end) }
    }

    /// Flushes ends now and then until the task is cancelled, or the store fails: the last flush says so then.
    func keepFlushing(sleep: Sleep) async {
        while patience > .zero, !Task.isCancelled {
            do throws(CancellationError) { try await sleep(patience) } catch { return }
            guard state.withLock({ !$0.ends.isEmpty }) else { continue }
            do throws(StorageError) { try await flush() } catch { return }
        }
    }

    /// Waits for its turn, also when the task is cancelled: what completed stays completed.
    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isFlushing else {
                    state.isFlushing = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.isFlushing = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
