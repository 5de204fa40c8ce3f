import API
import RPC
import Synchronization

/// The right to read an account, renewed from the account service for as long as the run lasts.
final class Lease: Sendable {
    /// How often it is renewed.
    static let interval = Duration.seconds(30)

    private struct State {
        var end: ContinuousClock.Instant
        var loss: StopReason?
    }

    private let source: any ConnectionSource
    private let account: String
    private let run: String
    private let instant: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// - Parameter granted: The answer that begins the lease.
    init(
        source: any ConnectionSource, run: String, granted: GetConnectionResponse,
        instant: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.source = source
        self.account = granted.accountId
        self.run = run
        self.instant = instant
        state = Mutex(State(end: instant() + Self.length(granted)))
    }

    private static func length(_ granted: GetConnectionResponse) -> Duration {
        .seconds(Int64(max(1, granted.leaseSeconds)))
    }

    /// Renews the lease. A refusal ends it at once; where the account service cannot be reached it holds until its time
    /// is over.
    func renew() async throws(ReadFailure) {
        if let loss = state.withLock({ $0.loss }) { throw Self.failure(loss) }
        let asked = instant()
        do throws(RPCError) {
            let granted = try await source.connection(account: account, revision: 0, run: run)
            state.withLock { $0.end = asked + Self.length(granted) }
        } catch {
            if let loss = Self.loss(error, isOver: instant() >= state.withLock { $0.end }) {
                state.withLock { $0.loss = loss }
                throw Self.failure(loss)
            }
        }
    }

    private static func loss(_ error: RPCError, isOver: Bool) -> StopReason? {
        switch error.code {
        case .failedPrecondition, .notFound, .permissionDenied: .forbidden(error.message)
        default: isOver ? .leaseLost("the account service could not be reached: \(error.message)") : nil
        }
    }

    private static func failure(_ loss: StopReason) -> ReadFailure {
        switch loss {
        case .cancelled(let text), .forbidden(let text), .leaseLost(let text):
            ReadFailure(.cancelled, code: "LeaseLost", message: text)
        }
    }

    /// Renews until the lease is lost, and says why; nil when the task was cancelled.
    func keep(sleep: Sleep, renewed: @Sendable () async -> Void) async -> StopReason? {
        while true {
            do throws(CancellationError) { try await sleep(pause) } catch { return nil }
            do throws(ReadFailure) { try await renew() } catch {
                if Task.isCancelled { return nil }
                return state.withLock { $0.loss }
            }
            await renewed()
        }
    }

    /// Until the next renewal, and no longer than the lease holds.
    private var pause: Duration {
        let left = state.withLock { $0.end } - instant()
        return max(.seconds(1), min(Self.interval, left))
    }

    /// Why the lease was lost, if it was.
    var loss: StopReason? { state.withLock { $0.loss } }
}
