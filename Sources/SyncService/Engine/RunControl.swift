import Synchronization

/// Why a run stops before its end.
enum StopReason: Sendable, Equatable {
    /// Somebody asked for it; the text says who or why.
    case cancelled(String)
    /// The account may not be read any more: disabled or deleted.
    case forbidden(String)
    /// The lease could not be renewed in time.
    case leaseLost(String)
}

/// Progress of one region.
struct RegionCount: Sendable, Equatable {
    var region: String
    var total: Int
    var done: Int
}

/// A run under way, as others see and stop it.
final class RunControl: Sendable {
    let runID: String
    let accountKey: Int64

    private struct State {
        var reason: StopReason?
        var regions: [String: RegionCount] = [:]
        var counts: (@Sendable () -> CallCounts)?
    }

    private let state = Mutex(State())
    private let stopped: AsyncStream<Void>
    private let stopping: AsyncStream<Void>.Continuation

    init(runID: String, accountKey: Int64) {
        self.runID = runID
        self.accountKey = accountKey
        (stopped, stopping) = AsyncStream.makeStream(of: Void.self)
    }

    /// Asks the run to end; the first reason counts.
    func stop(_ reason: StopReason) {
        state.withLock { state in
            if state.reason == nil { state.reason = reason }
        }
        stopping.yield()
    }

    var reason: StopReason? { state.withLock { $0.reason } }

    /// Returns when the run is to stop, or when the waiting task is cancelled. For one waiter.
    func waitForStop() async {
        for await _ in stopped { return }
    }

    func setRegions(_ regions: [RegionCount]) {
        state.withLock { state in
            state.regions = Dictionary(regions.map { ($0.region, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    func finished(_ scope: Scope) {
        state.withLock { $0.regions[scope.region]?.done += 1 }
    }

    /// Regions that still have scopes to read, by name.
    var regions: [RegionCount] {
        state.withLock { $0.regions.values.filter { $0.done < $0.total }.sorted { $0.region < $1.region } }
    }

    func count(by counts: @escaping @Sendable () -> CallCounts) {
        state.withLock { $0.counts = counts }
    }

    /// What the run called since it began or was resumed.
    var calls: CallCounts {
        let counts = state.withLock { $0.counts }
        return counts?() ?? CallCounts()
    }
}
