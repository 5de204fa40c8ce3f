/// A call whose caller has been named. Handlers take nothing else, and only its authorizer's answer makes one: so no
/// handler can be reached around the authorizer.
struct AuthorizedCall: Sendable {
    let call: ServerCall
    let context: CallContext

    private init(call: ServerCall, context: CallContext) {
        self.call = call
        self.context = context
    }

    /// Nil when the authorizer has to wait.
    static func authorizeNow(
        _ call: ServerCall, _ context: CallContext, by authorizer: any ServerInterceptor
    ) throws(RPCError) -> AuthorizedCall? {
        guard let caller = try authorizer.authorizeNow(context) else { return nil }
        context.caller = caller
        return AuthorizedCall(call: call, context: context)
    }

    static func authorize(
        _ call: ServerCall, _ context: CallContext, by authorizer: any ServerInterceptor
    ) async throws(RPCError) -> AuthorizedCall {
        context.caller = try await authorizer.authorize(context)
        return AuthorizedCall(call: call, context: context)
    }
}
