/// Decides whether a call is made again after an attempt that brought no response headers. Performs no I/O; the chance
/// is an argument.
struct RetryState {
    /// What the server asks for by `grpc-retry-pushback-ms`.
    enum Pushback: Equatable {
        case none
        case after(Duration)
        case never

        /// A signed number of milliseconds; anything else asks for no retry, as a negative one does.
        init(_ text: String?) {
            guard let text else {
                self = .none
                return
            }
            guard let milliseconds = Int32(text), milliseconds >= 0 else {
                self = .never
                return
            }
            self = .after(.milliseconds(milliseconds))
        }
    }

    enum Failure {
        /// The call has not left this client.
        case unsent
        /// The server says that it has not looked at the call (REFUSED_STREAM, or GOAWAY with a lower number).
        case refused
        case status(Pushback)
    }

    enum Decision: Equatable { case again(after: Duration), giveUp }

    /// A call that was not sent is tried without end, so a server that takes connections and no calls must not keep the
    /// client busy. The first wait is too short to matter.
    private static let unsentPause = RetryPolicy(initialBackoff: .milliseconds(1), maxBackoff: .seconds(1))

    let policy: RetryPolicy
    /// Sent as `grpc-previous-rpc-attempts` when it is not 0. Transparent retries do not count.
    private(set) var previousAttempts = 0
    private var sincePushback = 0
    private var wasRefused = false
    private var unsent = 0

    init(_ policy: RetryPolicy) { self.policy = policy }

    /// - Parameter canReplay: Whether all requests sent so far are still there.
    mutating func afterFailure(
        _ failure: Failure, _ code: StatusCode, canReplay: Bool, budget: inout RetryBudget, random: Double
    ) -> Decision {
        switch failure {
        case .unsent:
            defer { unsent += 1 }
            return canReplay ? .again(after: Self.unsentPause.delay(retry: unsent, random: 1)) : .giveUp
        case .refused where !wasRefused:
            wasRefused = true
            if canReplay { return .again(after: .zero) }
        default: break
        }
        return byPolicy(failure, code, canReplay, &budget, random)
    }

    private mutating func byPolicy(
        _ failure: Failure, _ code: StatusCode, _ canReplay: Bool, _ budget: inout RetryBudget, _ random: Double
    ) -> Decision {
        var pushback = Pushback.none
        if case .status(let asked) = failure { pushback = asked }
        let isRetryable = policy.retryableStatusCodes.contains(code)
        if isRetryable || pushback == .never { budget.noteFailure() }
        guard isRetryable, pushback != .never, canReplay, previousAttempts + 1 < policy.maxAttempts,
            budget.allowsRetries
        else { return .giveUp }
        previousAttempts += 1
        if case .after(let delay) = pushback {
            sincePushback = 0
            return .again(after: delay)
        }
        defer { sincePushback += 1 }
        return .again(after: policy.delay(retry: sincePushback, random: random))
    }
}
