/// Decides who may make a call. The server asks it once for each call, before the handler and before the request is
/// decoded; no handler runs without its answer.
public protocol ServerInterceptor: Sendable {
    /// - Returns: Who calls.
    /// - Throws: UNAUTHENTICATED or PERMISSION_DENIED; the client gets it as it is.
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller

    /// The same for a call that waits for nothing (``Router/synchronous(_:_:)``). Nil when the answer has to be waited
    /// for: then ``authorize(_:)`` is asked.
    func authorizeNow(_ call: CallContext) throws(RPCError) -> Caller?

    /// Told of a call that ends with an error, whoever it came from, on the loop's thread: it must return soon.
    func callFailed(_ call: CallContext, _ error: RPCError)
}

extension ServerInterceptor {
    public func authorizeNow(_ call: CallContext) throws(RPCError) -> Caller? { nil }
    public func callFailed(_ call: CallContext, _ error: RPCError) {}
}
