/// A call whose caller has been named. Handlers take nothing else, and only its authorizer's answer makes one: so no
/// handler can be reached around the authorizer.
struct AuthorizedCall: Sendable {
    let call: ServerCall
    /// Of the call, while its handler has not ended.
    var context: CallContext { call.context ?? CallContext() }

    private init(call: ServerCall) { self.call = call }

    /// Nil when the authorizer has to wait.
    static func authorizeNow(
        _ call: ServerCall, by authorizer: any ServerInterceptor
    ) throws(RPCError) -> AuthorizedCall? {
        guard let context = call.context, let caller = try authorizer.authorizeNow(context) else { return nil }
        if caller != .anonymous { context.caller = caller }
        return AuthorizedCall(call: call)
    }

    static func authorize(
        _ call: ServerCall, by authorizer: any ServerInterceptor
    ) async throws(RPCError) -> AuthorizedCall {
        guard let context = call.context else { throw ServerCall.cancelled }
        context.caller = try await authorizer.authorize(context)
        return AuthorizedCall(call: call)
    }
}
