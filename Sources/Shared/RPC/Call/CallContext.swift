import Synchronization

/// What a handler knows of its call besides the request.
public final class CallContext: Sendable {
    /// As `parapet.account.v1.AccountService`.
    public let service: String
    /// As `GetAccount`.
    public let method: String
    /// The client's custom headers.
    public let metadata: Metadata
    public let peer: Peer
    /// When the client gives up; nil when it waits for ever. Past it the call has been answered and its task cancelled.
    public let deadline: ContinuousClock.Instant?

    private let state: Mutex<State>
    private let cancelled = Atomic(false)

    private struct State {
        var caller: Caller
        var responseHeaders = Metadata()
        var responseTrailers = Metadata()
    }

    /// Also for tests, which call handlers with a context of their own.
    public init(
        service: String = "", method: String = "", metadata: Metadata = Metadata(),
        peer: Peer = Peer(address: "test"), deadline: ContinuousClock.Instant? = nil, caller: Caller = .anonymous
    ) {
        self.service = service
        self.method = method
        self.metadata = metadata
        self.peer = peer
        self.deadline = deadline
        state = Mutex(State(caller: caller))
    }

    /// Who calls; set by the server's authorizer before the handler runs.
    public var caller: Caller {
        get { state.withLock { $0.caller } }
        set { state.withLock { $0.caller = newValue } }
    }

    /// Sent with the first message; later changes have no effect.
    public var responseHeaders: Metadata {
        get { state.withLock { $0.responseHeaders } }
        set { state.withLock { $0.responseHeaders = newValue } }
    }

    /// Sent with the status.
    public var responseTrailers: Metadata {
        get { state.withLock { $0.responseTrailers } }
        set { state.withLock { $0.responseTrailers = newValue } }
    }

    /// Whether nobody waits for the answer any more: the client cancelled or left, or the deadline passed.
    public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Marks the call as given up. The handler's task is cancelled by whoever runs it.
    public func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Throws what a handler should end with when the call has been given up.
    public func checkCancelled() throws(RPCError) {
        if isCancelled { throw RPCError(.cancelled, "the call was cancelled") }
    }
}
