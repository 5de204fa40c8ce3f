import Synchronization
public import Wire

/// Where a streaming handler puts its responses.
public struct ResponseStream<Response: Message>: Sendable {
    private let collector: CollectedResponses<Response>?

    /// For tests of handlers: what is sent lands in `collector`.
    public init(collectingInto collector: CollectedResponses<Response>) {
        self.collector = collector
    }

    /// Queues `response`. Suspends while more than the high-water mark (64 KiB unless configured) is queued.
    ///
    /// - Throws: CANCELLED when nobody reads any more, DEADLINE_EXCEEDED past the deadline, RESOURCE_EXHAUSTED for a
    ///   response over the limit.
    public func send(_ response: Response) async throws(RPCError) {
        try collector?.append(response)
    }
}

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
