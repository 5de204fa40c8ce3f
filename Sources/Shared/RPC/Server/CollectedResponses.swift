import Synchronization
public import Wire

/// The responses that a handler under test has sent.
public final class CollectedResponses<Response: Message>: Sendable {
    private let state = Mutex<(responses: [Response], isCancelled: Bool)>(([], false))

    public init() {}

    public var responses: [Response] { state.withLock { $0.responses } }

    /// From now on, `send` throws CANCELLED.
    public func cancel() { state.withLock { $0.isCancelled = true } }

    func append(_ response: Response) throws(RPCError) {
        let refused = state.withLock { state in
            if !state.isCancelled { state.responses.append(response) }
            return state.isCancelled
        }
        if refused { throw RPCError(.cancelled, "the call was cancelled") }
    }
}
