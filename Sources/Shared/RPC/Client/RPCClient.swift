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
    ///
    /// - Parameter timeout: Sent to the server too; past it the call fails with DEADLINE_EXCEEDED. Nil waits for ever.
    public func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) async throws(RPCError) -> Response {
        let frame = try frame([request.encoded()])
        return try Self.decode(try await unary(method.path, frame, timeout, metadata))
    }

    /// One request, any number of responses; the call starts when the sequence is iterated, and is cancelled when the
    /// iterator is given up or its task is cancelled.
    public func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>, _ request: Request, timeout: Duration? = nil,
        metadata: Metadata = Metadata()
    ) -> ResponseSequence<Response> {
        ResponseSequence(raw: streamRaw(method.path, [request.encoded()], timeout: timeout, metadata: metadata))
    }

    /// One encoded request, one encoded response, of a method known only by its path (`/package.Service/Method`).
    public func unaryRaw(
        _ path: String, _ request: [UInt8], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) async throws(RPCError) -> [UInt8] {
        try await unary(path, try frame([request]), timeout, metadata)
    }

    /// Encoded requests, then half-close; encoded responses as they come. Serves streaming in either direction as far
    /// as all requests are known beforehand.
    public func streamRaw(
        _ path: String, _ requests: [[UInt8]], timeout: Duration? = nil, metadata: Metadata = Metadata()
    ) -> RawResponseSequence {
        RawResponseSequence(client: self, path: path, requests: requests, timeout: timeout, metadata: metadata)
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

    private func unary(
        _ path: String, _ frame: [UInt8], _ timeout: Duration?, _ metadata: Metadata
    ) async throws(RPCError) -> [UInt8] {
        let call = ClientCall(
            try channel(), path: path, request: frame, timeout: timeout, metadata: metadata, isUnary: true)
        let responses = try await call.next().get()
        guard let response = responses.first, responses.count == 1 else {
            throw RPCError(.internalError, "the server sent \(responses.count) responses, the method gives one")
        }
        return response
    }

    func stream(
        _ path: String, _ requests: [[UInt8]], _ timeout: Duration?, _ metadata: Metadata
    ) throws(RPCError) -> ClientCall {
        ClientCall(
            try channel(), path: path, request: try frame(requests), timeout: timeout, metadata: metadata,
            isUnary: false)
    }

    private func frame(_ requests: [[UInt8]]) throws(RPCError) -> [UInt8] {
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
