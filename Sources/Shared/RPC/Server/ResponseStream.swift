public import Wire

/// Where a streaming handler puts its responses.
public struct ResponseStream<Response: Message>: Sendable {
    private enum Target {
        case call(ServerCall, generation: UInt64)
        case collector(CollectedResponses<Response>)
    }

    private let target: Target

    init(_ call: ServerCall) { target = .call(call, generation: call.generation) }

    /// For tests of handlers: what is sent lands in `collector`.
    public init(collectingInto collector: CollectedResponses<Response>) { target = .collector(collector) }

    /// Queues `response`. Suspends while more than the high-water mark (64 KiB unless configured) is queued.
    ///
    /// Cheapest on the call's own loop, where a handler is unless it went elsewhere: from there it crosses no thread.
    ///
    /// - Parameter compressed: Nil for ``CallContext/compressesResponses``. Without effect where the client does not
    ///   accept gzip, or the call's first message announced no encoding.
    /// - Throws: CANCELLED when nobody reads any more, DEADLINE_EXCEEDED past the deadline, RESOURCE_EXHAUSTED for a
    ///   response over the limit.
    public func send(_ response: Response, compressed: Bool? = nil) async throws(RPCError) {
        switch target {
        case .call(let call, let generation): try await call.send(response, generation, compressed)
        case .collector(let collector): try collector.append(response)
        }
    }
}
