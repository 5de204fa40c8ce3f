public import Wire

/// The methods that a server answers.
public struct Router: Sendable {
    /// Runs one call up to its last message. Only an authorized call can be handed to it.
    typealias Handler = @Sendable (AuthorizedCall) async throws(RPCError) -> Void

    /// Runs one call up to where its handler first waits, and has the rest run by a task of the call.
    typealias Beginning = @Sendable (AuthorizedCall) -> Void

    /// How a method's requests come.
    enum Requests: Sendable { case one, many }

    /// A method; a class, so that a call holds it by one reference.
    final class Entry: Sendable {
        let name: CallName
        let path: [UInt8]
        let requests: Requests
        let handler: Handler
        /// Where there is one, it does what `handler` does, and the call's end as well.
        let begin: Beginning?

        init(
            _ name: CallName, path: [UInt8], requests: Requests, handler: @escaping Handler,
            begin: Beginning?
        ) {
            self.name = name
            self.path = path
            self.requests = requests
            self.handler = handler
            self.begin = begin
        }
    }

    private(set) var entries: [Entry] = []

    public init() {}

    /// Adds all methods of `service`.
    public mutating func add(_ service: some RPCService) {
        service.register(on: &self)
    }

    /// The names of the services, in order.
    public var serviceNames: [String] { Set(entries.map(\.name.service)).sorted() }

    /// Adds a method of one request and one response. A method added twice keeps the later handler.
    public mutating func unary<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) async throws(RPCError) -> Response
    ) {
        let run: Handler = { authorized throws(RPCError) in
            let request: Request = try authorized.call.takeRequest()
            let response = try await handler(request, authorized.context)
            try authorized.call.reply(response)
        }
        // All but the handler outside of its task: each asynchronous function above it would cost changes of executor.
        let begin: Beginning = { authorized in
            let call = authorized.call
            do throws(RPCError) {
                let request: Request = try call.takeRequest()
                call.launch {
                    do throws(RPCError) {
                        call.complete(with: try await handler(request, authorized.context))
                    } catch {
                        call.complete(failing: error)
                    }
                }
            } catch {
                call.finish(error)
            }
        }
        add(method, .one, run, begin)
    }

    /// Adds a method of one request and one response whose handler waits for nothing: no task is made for it.
    /// For cheap reads: meanwhile no other call of the loop goes on.
    ///
    /// A task is made after all where the authorizer has to wait (``ServerInterceptor/authorizeNow(_:)``).
    public mutating func synchronous<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) throws(RPCError) -> Response
    ) {
        let run: Handler = { authorized throws(RPCError) in
            let request: Request = try authorized.call.takeRequest()
            try authorized.call.reply(try handler(request, authorized.context))
        }
        let begin: Beginning = { authorized in
            do throws(RPCError) {
                let request: Request = try authorized.call.takeRequest()
                try authorized.call.reply(try handler(request, authorized.context))
                authorized.call.finish(nil)
            } catch {
                authorized.call.finish(error)
            }
        }
        add(method, .one, run, begin)
    }

    /// Adds a method of one request and any number of responses.
    public mutating func serverStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, ResponseStream<Response>, CallContext) async throws(RPCError) -> Void
    ) {
        let run: Handler = { authorized throws(RPCError) in
            let request: Request = try authorized.call.takeRequest()
            try await handler(request, ResponseStream(authorized.call), authorized.context)
        }
        add(method, .one, run)
    }

    /// Adds a method of any number of requests, which are handed over as they come, and one response. The handler may
    /// answer before the last request.
    public mutating func clientStreaming<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (RequestStream<Request>, CallContext) async throws(RPCError) -> Response
    ) {
        let run: Handler = { authorized throws(RPCError) in
            let call = authorized.call
            try call.reply(try await handler(RequestStream(call), authorized.context))
        }
        add(method, .many, run)
    }

    /// Adds a method of any number of requests, which are handed over as they come, and of responses. Both directions
    /// are independent: one task of the handler may read while another sends.
    public mutating func bidirectional<Request: Message, Response: Message>(
        _ method: Method<Request, Response>,
        _ handler:
            @escaping @Sendable (RequestStream<Request>, ResponseStream<Response>, CallContext) async throws(RPCError)
            -> Void
    ) {
        let run: Handler = { authorized throws(RPCError) in
            let call = authorized.call
            try await handler(RequestStream(call), ResponseStream(call), authorized.context)
        }
        add(method, .many, run)
    }

    private mutating func add<Q, R>(
        _ method: Method<Q, R>, _ requests: Requests, _ handler: @escaping Handler,
        _ begin: Beginning? = nil
    ) {
        entries.removeAll { $0.name.service == method.service && $0.name.method == method.name }
        entries.append(
            Entry(
                CallName(service: method.service, method: method.name), path: Array(method.path.utf8),
                requests: requests, handler: handler, begin: begin))
    }
}
