import Synchronization
public import Wire

/// A call under way, in both directions at once: any number of requests, any number of responses. Requests and responses
/// may be handled by different tasks; two readers, or two writers that care about the order, exclude each other.
///
/// Cancelled when its last reference goes, unless it has ended.
public final class ClientStream<Request: Message, Response: Message>: Sendable {
    /// Kept open for as long as the call.
    private let client: RPCClient
    private let call: ClientCall
    private let state = Mutex(State())

    private struct State {
        var batch: ArraySlice<ClientCall.Incoming> = []
        var end: ClientCall.Batch.End?
        var wasCompressed = false
    }

    private enum Step {
        case message([UInt8])
        case end(RPCError?)
        case wait
    }

    init(_ client: RPCClient, _ call: ClientCall) {
        self.client = client
        self.call = call
        call.start()
    }

    deinit {
        if state.withLock({ $0.end == nil }) { call.cancel() }
    }

    /// Queues a request; suspends while more than the high-water mark waits to be sent.
    ///
    /// - Parameter compressed: Nil to compress when the call's options say so; true has no effect when they do not.
    /// - Throws: The call's status when the call has failed; CANCELLED when the server has ended it with OK, so that
    ///   what it answered can still be read; RESOURCE_EXHAUSTED, and nothing is sent, over the limit of a request.
    public func send(_ request: Request, compressed: Bool? = nil) async throws(RPCError) {
        let frame = try client.frame(request)
        if let error = await call.send(frame, compressed: compressed ?? true) { throw error }
    }

    /// Ends the requests (half-close). Idempotent.
    public func finish() { call.finish() }

    /// The next response; nil after the last, when the status was OK. Past the end it says the same again.
    ///
    /// - Throws: The call's status; after the responses that came before it.
    public func next() async throws(RPCError) -> Response? {
        while true {
            switch step() {
            case .message(let bytes): return try decode(bytes)
            case .end(nil): return nil
            case .end(let error?): throw error
            case .wait:
                let batch = await call.next()
                state.withLock { state in
                    state.batch = batch.messages[...]
                    state.end = batch.end
                }
            }
        }
    }

    /// A response that is none ends the call.
    private func decode(_ bytes: [UInt8]) throws(RPCError) -> Response {
        do throws(RPCError) {
            return try RPCClient.decode(bytes)
        } catch {
            state.withLock { state in
                state.batch = []
                state.end = ClientCall.Batch.End(error: error)
            }
            call.cancel()
            throw error
        }
    }

    private func step() -> Step {
        state.withLock { state in
            if let message = state.batch.popFirst() {
                state.wasCompressed = message.wasCompressed
                return .message(message.bytes)
            }
            if let end = state.end { return .end(end.error) }
            return .wait
        }
    }

    /// Whether the response last taken crossed the wire compressed.
    public var responseWasCompressed: Bool { state.withLock { $0.wasCompressed } }

    /// The response's custom headers, as soon as they come; empty for a call that ended with OK and had none.
    ///
    /// - Throws: The call's status when it failed before.
    public func headers() async throws(RPCError) -> Metadata {
        try await call.headers().get()
    }

    /// What the server sent with the status; empty before ``next()`` has found the end.
    public var trailers: Metadata { state.withLock { $0.end?.trailers ?? Metadata() } }

    /// Gives up the call; whoever waits for it gets CANCELLED.
    public func cancel() { call.cancel() }

    /// Ends the requests and waits for the one response of a method that gives one.
    ///
    /// - Throws: The call's status; UNIMPLEMENTED for none or several responses.
    func only() async throws(RPCError) -> Response {
        finish()
        guard let response = try await next() else { throw ClientCall.none }
        guard try await next() == nil else {
            cancel()
            throw ClientCall.tooMany
        }
        return response
    }
}
