public import Wire

/// The requests of a streaming call, as they come. One reader, on the call's loop.
public struct RequestStream<Request: Message>: Sendable {
    private let call: ServerCall
    private let generation: UInt64

    init(_ call: ServerCall) {
        self.call = call
        generation = call.generation
    }

    /// The next request; nil when the client has ended its side.
    public func next() async throws(RPCError) -> Request? { try await call.nextRequest(generation) }
}
