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

/// Progress of one service in one region.
struct ServiceCount: Sendable, Equatable {
    var region: String
    var service: String
    var total = 0
    var done = 0
    var gaps = 0
}

/// A run under way, as others see and stop it.
final class RunControl: Sendable {
    let runID: String
    let accountKey: Int64
    /// What the run called since it began or was resumed.
    let meter = AWSMeter()

    private struct State {
        var reason: StopReason?
        /// Ordered by region and service.
        var services: [ServiceCount] = []
        var ended: [ScopeEnd] = []
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

    func begin(_ services: [ServiceCount]) { state.withLock { $0.services = services } }

    /// Notes a scope's end. `service` lists its type.
    func finished(_ end: ScopeEnd, service: String) {
        state.withLock { state in
            state.ended.append(end)
            let index = state.services.firstIndex { $0.region == end.scope.region && $0.service == service }
            guard let index else { return }
            state.services[index].done += 1
            if end.isGap { state.services[index].gaps += 1 }
        }
    }

    /// Progress by region and service, in this order.
    var services: [ServiceCount] { state.withLock { $0.services } }

    /// The scopes that ended, from the `count`th on, in the order in which they did.
    func ended(from count: Int) -> [ScopeEnd] { state.withLock { Array($0.ended.dropFirst(count)) } }
}
