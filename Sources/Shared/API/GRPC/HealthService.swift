public import RPC
import Synchronization

/// The standard health service: answers from a table that the process keeps up to date. The server as a whole is the
/// service with the empty name.
public final class HealthService: RPCService {
    public static let serviceName = HealthMethods.service

    public typealias Status = HealthCheckResponse.ServingStatus

    private struct State {
        var statuses: [String: Status]
        var watchers: [Int: (service: String, continuation: AsyncStream<Status>.Continuation)] = [:]
        var nextWatcher = 0
        var isEnding = false
    }

    private let state: Mutex<State>

    /// - Parameter services: Their full names; they and the server begin as `status`.
    public init(services: [String], status: Status = .serving) {
        let names = Set(services + [""])
        state = Mutex(State(statuses: Dictionary(uniqueKeysWithValues: names.map { ($0, status) })))
    }

    public func register(on router: inout Router) {
        router.synchronous(HealthMethods.check) { request, _ throws(RPCError) in
            guard let status = self.status(of: request.service) else {
                throw RPCError(.notFound, "service \(request.service.prefix(256))")
            }
            return HealthCheckResponse(status)
        }
        router.serverStreaming(HealthMethods.watch) { request, stream, _ throws(RPCError) in
            try await self.watch(request.service, stream)
        }
    }

    /// Nil for a service that is not in the table.
    public func status(of service: String) -> Status? { state.withLock { $0.statuses[service] } }

    /// Changes a service's status, or adds the service, and tells those who watch it.
    public func set(_ service: String, _ status: Status) {
        state.withLock { state in
            guard state.statuses.updateValue(status, forKey: service) != status else { return }
            for watcher in state.watchers.values where watcher.service == service {
                watcher.continuation.yield(status)
            }
        }
    }

    /// Before a shutdown: every service stops serving, and those who watch are told and let go.
    public func end() {
        state.withLock { state in
            state.isEnding = true
            for service in state.statuses.keys { state.statuses[service] = .notServing }
            for watcher in state.watchers.values {
                watcher.continuation.yield(.notServing)
                watcher.continuation.finish()
            }
        }
    }

    private func watch(_ service: String, _ stream: ResponseStream<HealthCheckResponse>) async throws(RPCError) {
        let (changes, id) = addWatcher(service)
        defer { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        for await status in changes { try await stream.send(HealthCheckResponse(status)) }
        if state.withLock({ $0.isEnding }) { throw RPCError(.unavailable, "the server shuts down") }
    }

    /// The current status, then the newest one whenever the reader is ready for it.
    private func addWatcher(_ service: String) -> (AsyncStream<Status>, Int) {
        let (changes, continuation) = AsyncStream.makeStream(of: Status.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = (service, continuation)
            continuation.yield(state.statuses[service] ?? .serviceUnknown)
            if state.isEnding { continuation.finish() }
            return state.nextWatcher
        }
        return (changes, id)
    }
}

extension HealthCheckResponse {
    init(_ status: ServingStatus) {
        self.init()
        self.status = status
    }
}
