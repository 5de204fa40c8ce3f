public import EventLoop
import Synchronization
public import Wire

/// Calls methods of one server over one connection, which is made at the first call and again after it broke.
public final class RPCClient: Sendable {
    public let configuration: ClientConfiguration

    private enum State {
        /// With the loop that was handed in.
        case idle(EventLoop?)
        case open(ClientChannel, ownsLoop: Bool)
        case closed
    }

    private let state: Mutex<State>

    /// - Parameter loop: Nil for a loop of its own, started at the first call. On the loop of a server, that server's
    ///   handlers call without changing threads.
    public init(_ configuration: ClientConfiguration, loop: EventLoop? = nil) {
        self.configuration = configuration
        state = Mutex(.idle(loop))
    }

    deinit { close() }

    /// One request, one response. Cancelling the task cancels the call.
    public func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> Response {
        let call = try unaryCall(method.path, try frame(request), keepsMetadata: false, completed(options, for: method))
        return try Self.decode(try Self.only(await call.next()).bytes)
    }

    /// As ``unary(_:_:_:)``, for those who look at more than the message.
    public func unaryResponse<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions = CallOptions()
    ) async throws(RPCError) -> UnaryResponse<Response> {
        let batch = await
            (try unaryCall(
                method.path, try frame(request), keepsMetadata: true, completed(options, for: method))).next()
        let response = try Self.only(batch)
        return UnaryResponse(
            message: try Self.decode(response.bytes), headers: batch.end?.headers ?? Metadata(),
            trailers: batch.end?.trailers ?? Metadata(), wasCompressed: response.wasCompressed)
    }

    /// - Parameter timeout: Sent to the server too; past it the call fails with DEADLINE_EXCEEDED. Nil waits for ever.
    public func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) async throws(RPCError) -> Response {
        try await unary(method, request, CallOptions(timeout: timeout, metadata: metadata))
    }

    /// Begins a call of any kind.
    ///
    /// - Throws: UNAVAILABLE when the client is closed; whatever comes later is told by the stream.
    public func open<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ options: CallOptions = CallOptions()
    ) throws(RPCError) -> ClientStream<Request, Response> {
        let call = ClientCall(
            try channel(), path: method.path, requests: [], isFinished: false, isUnary: false,
            options: completed(options, for: method))
        return ClientStream(self, call)
    }

    /// Any number of requests, one response. `body` sends them; when it returns, the requests are at their end.
    public func clientStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ options: CallOptions = CallOptions(),
        _ body: (ClientStream<Request, Response>) async throws(RPCError) -> Void
    ) async throws(RPCError) -> Response {
        let stream = try open(method, options)
        do throws(RPCError) {
            try await body(stream)
        } catch {
            // The server may answer before it has seen all requests.
            guard error == ClientCall.endedByServer else { throw error }
        }
        return try await stream.only()
    }

    /// One request, any number of responses; the call starts when the sequence is iterated, and is cancelled when the
    /// iterator is given up or its task is cancelled.
    public func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) -> ResponseSequence<Response> {
        ResponseSequence(
            raw: RawResponseSequence(
                client: self, path: method.path, requests: [request.encoded()],
                options: completed(options, for: method)))
    }

    /// As ``serverStreaming(_:_:_:)``.
    public func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) -> ResponseSequence<Response> {
        serverStreaming(method, request, CallOptions(timeout: timeout, metadata: metadata))
    }

    /// One encoded request, one encoded response, of a method known only by its path (`/package.Service/Method`).
    public func unaryRaw(
        _ path: String, _ request: [UInt8], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) async throws(RPCError) -> [UInt8] {
        let options = CallOptions(timeout: timeout, metadata: metadata)
        let call = try unaryCall(path, try frame([request]), keepsMetadata: false, options)
        return try Self.only(await call.next()).bytes
    }

    /// Encoded requests, then half-close; encoded responses as they come. Serves streaming in either direction as far
    /// as all requests are known beforehand.
    public func streamRaw(
        _ path: String, _ requests: [[UInt8]], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) -> RawResponseSequence {
        RawResponseSequence(
            client: self, path: path, requests: requests, options: CallOptions(timeout: timeout, metadata: metadata))
    }

    /// Ends the connection; calls under way fail with CANCELLED, later ones with UNAVAILABLE. Idempotent.
    public func close() {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .open(let channel, let ownsLoop) = last else { return }
        channel.loop.execute {
            channel.close()
            if ownsLoop { channel.loop.stop() }
        }
    }

    // MARK: Calls

    /// With the policy that holds for the method where the options name none.
    private func completed<Request, Response>(
        _ options: CallOptions, for method: Method<Request, Response>
    ) -> CallOptions {
        guard options.retries == nil, method.isReadOnly else { return options }
        var options = options
        options.retries = configuration.readRetryPolicy
        return options
    }

    private func unaryCall(
        _ path: String, _ frame: [UInt8], keepsMetadata: Bool, _ options: CallOptions
    ) throws(RPCError) -> ClientCall {
        ClientCall(
            try channel(), path: path, requests: frame, isFinished: true, isUnary: true,
            keepsMetadata: keepsMetadata, options: options)
    }

    func stream(_ path: String, _ requests: [[UInt8]], _ options: CallOptions) throws(RPCError) -> ClientCall {
        ClientCall(
            try channel(), path: path, requests: try frame(requests), isFinished: true, isUnary: false,
            options: options)
    }

    /// The one response of a call that has ended with OK.
    private static func only(_ batch: ClientCall.Batch) throws(RPCError) -> ClientCall.Incoming {
        if let error = batch.end?.error { throw error }
        guard let response = batch.messages.first else { throw ClientCall.none }
        return response
    }

    func frame(_ request: some Message) throws(RPCError) -> [UInt8] {
        let size = request.encodedSize()
        guard size <= configuration.sendLimitBytes else {
            throw MessageFraming.tooLarge(size, configuration.sendLimitBytes, "request")
        }
        return MessageFraming.frame(request, size: size)
    }

    func frame(_ requests: [[UInt8]]) throws(RPCError) -> [UInt8] {
        var output: [UInt8] = []
        for request in requests {
            let refused = MessageFraming.append(
                to: &output, limitBytes: configuration.sendLimitBytes, what: "request"
            ) { $0.append(contentsOf: request) }
            if let refused { throw refused }
        }
        return output
    }

    static func decode<Response: Message>(_ bytes: [UInt8]) throws(RPCError) -> Response {
        do {
            return try Response(decoding: bytes)
        } catch {
            throw RPCError(.internalError, "the response is no \(Response.protoName): \(error)")
        }
    }

    private func channel() throws(RPCError) -> ClientChannel {
        let found: Result<ClientChannel, RPCError> = state.withLock { state in
            switch state {
            case .open(let channel, _): return .success(channel)
            case .closed: return .failure(RPCError(.unavailable, "the client is closed"))
            case .idle(let given):
                do {
                    let loop = try given ?? EventLoop.start(name: "rpc-client")
                    let channel = ClientChannel(configuration, loop: loop)
                    state = .open(channel, ownsLoop: given == nil)
                    return .success(channel)
                } catch {
                    return .failure(RPCError(.unavailable, "no event loop: \(error)"))
                }
            }
        }
        return try found.get()
    }
}
