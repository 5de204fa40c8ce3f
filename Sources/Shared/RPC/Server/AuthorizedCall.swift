/// A call whose caller has been named. Handlers take nothing else, and only ``authorize(_:_:by:)`` makes one: so no
/// handler can be reached around the authorizer.
struct AuthorizedCall: Sendable {
    let call: ServerCall
    let context: CallContext

    private init(call: ServerCall, context: CallContext) {
        self.call = call
        self.context = context
    }

    static func authorize(
        _ call: ServerCall, _ context: CallContext, by authorizer: any ServerInterceptor
    ) async throws(RPCError) -> AuthorizedCall {
        context.caller = try await authorizer.authorize(context)
        return AuthorizedCall(call: call, context: context)
    }
}
