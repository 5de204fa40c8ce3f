import HTTP2
import Synchronization

/// What a handler knows of its call besides the request.
public final class CallContext: Sendable {
    /// The call whose handler runs here; nil outside of handlers. The tasks that a handler starts have it too, so that
    /// the calls they make end with this one: a client takes over ``deadline``, and its cancellation.
    public static var current: CallContext? { task }

    @TaskLocal static var task: CallContext?

    /// When the client gives up; nil when it waits for ever. Past it the call has been answered and its task cancelled.
    public let deadline: ContinuousClock.Instant?

    // References where values would do: most handlers look at none of this, and each value copied is counted.
    private let name: CallName
    private let sharedPeer: SharedPeer
    /// The header list that the metadata is read from when it is asked for.
    private let received: HeaderBlock

    private let state: Mutex<State>
    private let cancelled = Atomic(false)
    private let compressedRequest = Atomic(false)
    private let compressing = Atomic(false)
    private let setsResponseMetadata = Atomic(false)

    private struct State {
        var caller: Caller
        /// What most calls have nothing of; made when it is needed.
        private(set) var known: Rest?

        var rest: Rest {
            mutating get {
                if let known { return known }
                let rest = Rest()
                known = rest
                return rest
            }
        }
    }

    private final class Rest {
        var metadata: Metadata?
        var account = ""
        var responseHeaders = Metadata()
        var responseTrailers = Metadata()
        var cancelActions: [UInt64: @Sendable () -> Void] = [:]
        var lastAction: UInt64 = 0
    }

    init(_ name: CallName, headers: HeaderBlock, peer: SharedPeer, deadline: ContinuousClock.Instant?) {
        self.name = name
        received = headers
        sharedPeer = peer
        self.deadline = deadline
        state = Mutex(State(caller: .anonymous))
    }

    /// Also for tests, which call handlers with a context of their own.
    public init(
        service: String = "", method: String = "", metadata: Metadata = Metadata(),
        peer: Peer = Peer(address: "test"), deadline: ContinuousClock.Instant? = nil, caller: Caller = .anonymous
    ) {
        name = CallName(service: service, method: method)
        received = HeaderBlock()
        sharedPeer = SharedPeer(peer)
        self.deadline = deadline
        state = Mutex(State(caller: caller))
        state.withLock { $0.rest.metadata = metadata }
    }

    /// As `parapet.account.v1.AccountService`.
    public var service: String { name.service }
    /// As `GetAccount`.
    public var method: String { name.method }
    public var peer: Peer { sharedPeer.value }

    /// The client's custom headers.
    public var metadata: Metadata {
        state.withLock { state in
            if let known = state.rest.metadata { return known }
            let metadata = RequestHead.metadata(received)
            state.rest.metadata = metadata
            return metadata
        }
    }

    /// Who calls; set by the server's authorizer before the handler runs.
    public var caller: Caller {
        get { state.withLock { $0.caller } }
        set { state.withLock { $0.caller = newValue } }
    }

    /// The account that the call is about, by id or name, for logs; empty until the handler has read that.
    public var account: String {
        get { state.withLock { $0.rest.account } }
        set { state.withLock { $0.rest.account = newValue } }
    }

    /// Sent with the first message; later changes have no effect.
    public var responseHeaders: Metadata {
        get { state.withLock { $0.rest.responseHeaders } }
        set {
            state.withLock { $0.rest.responseHeaders = newValue }
            setsResponseMetadata.store(true, ordering: .relaxed)
        }
    }

    /// Sent with the status.
    public var responseTrailers: Metadata {
        get { state.withLock { $0.rest.responseTrailers } }
        set {
            state.withLock { $0.rest.responseTrailers = newValue }
            setsResponseMetadata.store(true, ordering: .relaxed)
        }
    }

    /// Whether the handler has set any; most set none.
    var hasResponseMetadata: Bool { setsResponseMetadata.load(ordering: .relaxed) }

    /// Whether nobody waits for the answer any more: the client cancelled or left, or the deadline passed.
    public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Marks the call as given up, and runs what ``onCancel(_:)`` was given. The handler's task is cancelled by whoever
    /// runs it.
    public func cancel() {
        guard !cancelled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let actions = state.withLock { state in
            defer { state.known?.cancelActions = [:] }
            return state.known?.cancelActions ?? [:]
        }
        for action in actions.values { action() }
    }

    /// Has `action` run once when the call is given up; at once when it was. Needed only where the handler's task, which
    /// is cancelled too, is not the one that waits. `action` runs on the call's loop, so it must return soon.
    ///
    /// - Returns: For ``forget(_:)``.
    @discardableResult
    public func onCancel(_ action: @escaping @Sendable () -> Void) -> CancelAction {
        let number = state.withLock { state in
            let rest = state.rest
            rest.lastAction += 1
            rest.cancelActions[rest.lastAction] = action
            return rest.lastAction
        }
        // Given up meanwhile: whoever finds the action runs it.
        if isCancelled { state.withLock { $0.known?.cancelActions.removeValue(forKey: number) }?() }
        return CancelAction(number: number)
    }

    /// Forgets an action that is no longer needed; no effect once it has run.
    public func forget(_ action: CancelAction) {
        _ = state.withLock { $0.known?.cancelActions.removeValue(forKey: action.number) }
    }

    /// Throws what a handler should end with when the call has been given up.
    public func checkCancelled() throws(RPCError) {
        if isCancelled { throw RPCError(.cancelled, "the call was cancelled") }
    }

    // MARK: Compression

    /// Whether the message last taken from the client was compressed.
    public internal(set) var requestWasCompressed: Bool {
        get { compressedRequest.load(ordering: .relaxed) }
        set { compressedRequest.store(newValue, ordering: .relaxed) }
    }

    /// Whether responses are compressed where the client accepts gzip. It has to be true before the first message for
    /// any message to be compressed: that is when the encoding is announced.
    public var compressesResponses: Bool {
        get { compressing.load(ordering: .relaxed) }
        set { compressing.store(newValue, ordering: .relaxed) }
    }
}

/// Names an action of ``CallContext/onCancel(_:)``.
public struct CancelAction: Sendable {
    let number: UInt64
}
