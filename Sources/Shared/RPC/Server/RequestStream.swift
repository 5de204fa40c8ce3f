package import Wire

/// The requests of a streaming call, as they come. One reader, on the call's loop.
package struct RequestStream<Request: Message>: Sendable {
    private let call: ServerCall
    private let generation: UInt64

    init(_ call: ServerCall) {
        self.call = call
        generation = call.generation
    }

    /// The next request; nil when the client has ended its side.
    package func next() async throws(RPCError) -> Request? { try await call.nextRequest(generation) }
}
