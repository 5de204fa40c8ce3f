public import Wire

/// The methods that a server answers.
public struct Router: Sendable {
    public init() {}

    /// Adds all methods of `service`.
    public mutating func add(_ service: some RPCService) {
        service.register(on: &self)
    }

    /// Adds a method of one request and one response. A method added twice keeps the later handler.
    public mutating func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) async throws(RPCError) -> Response
    ) {}

    /// Adds a method of one request and any number of responses.
    public mutating func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, ResponseStream<Response>, CallContext) async throws(RPCError) -> Void
    ) {}
}
