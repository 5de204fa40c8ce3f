public import Wire

/// Calls methods of one server over one connection, which is made at the first call and again after it broke.
public final class RPCClient: Sendable {
    public let configuration: ClientConfiguration

    public init(_ configuration: ClientConfiguration) {
        self.configuration = configuration
    }

    /// One request, one response. Cancelling the task cancels the call.
    ///
    /// - Parameter timeout: Sent to the server too; past it the call fails with DEADLINE_EXCEEDED. Nil waits for ever.
    public func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) async throws(RPCError) -> Response {
        throw RPCError(.unimplemented, "not there yet")
    }

    /// One request, any number of responses; the call starts when the sequence is iterated, and is cancelled when the
    /// iterator is given up or its task is cancelled.
    public func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) -> ResponseSequence<Response> {
        ResponseSequence()
    }

    /// One encoded request, one encoded response, of a method known only by its path (`/package.Service/Method`).
    public func unaryRaw(
        _ path: String, _ request: [UInt8], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) async throws(RPCError) -> [UInt8] {
        throw RPCError(.unimplemented, "not there yet")
    }

    /// Encoded requests, then half-close; encoded responses as they come. Serves streaming in either direction as far
    /// as all requests are known beforehand.
    public func streamRaw(
        _ path: String, _ requests: [[UInt8]], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) -> RawResponseSequence {
        RawResponseSequence()
    }

    /// Ends the connection; calls under way fail with CANCELLED, later ones with UNAVAILABLE. Idempotent.
    public func close() {}
}
