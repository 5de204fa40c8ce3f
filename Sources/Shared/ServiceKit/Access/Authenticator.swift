import API
import Crypto
public import RPC

/// A call that was not let through.
public struct Refusal: Sendable {
    public let call: CallContext
    /// Who it was, as far as known.
    public let caller: Caller
    public let error: RPCError

    public init(call: CallContext, caller: Caller, error: RPCError) {
        self.call = call
        self.caller = caller
        self.error = error
    }
}

/// Finds out who calls, by a bearer token or the client's certificate, and whether the method's access option lets them.
public struct Authenticator: ServerInterceptor {
    private let policy: AccessPolicy
    private let tokens: any TokenSource
    private let onRefusal: @Sendable (Refusal) async -> Void
    private let logger: Logger

    /// A token is random and short; more than this is no token.
    private static let tokenLimitBytes = 1024

    /// - Parameters:
    ///   - logger: Told of every call that fails.
    ///   - onRefusal: Hears of every call that is not let through, for the audit log.
    public init(
        policy: AccessPolicy, tokens: any TokenSource, logger: Logger = .silent,
        onRefusal: @escaping @Sendable (Refusal) async -> Void = { _ in }
    ) {
        self.logger = logger
        self.policy = policy
        self.tokens = tokens
        self.onRefusal = onRefusal
    }

    public func authorize(_ call: CallContext) async throws(RPCError) -> Caller {
        RequestID.assign(to: call)
        var caller = Caller.anonymous
        do throws(RPCError) {
            // What is open stays so while the account service, which knows the tokens, is away.
            if let caller = authorizeNow(call) { return caller }
            caller = try await identify(call)
            call.caller = caller
            try policy.check(caller, service: call.service, method: call.method)
            return caller
        } catch {
            if error.code != .unavailable { await onRefusal(Refusal(call: call, caller: caller, error: error)) }
            throw error
        }
    }

    /// What is open needs no look at credentials; anything else has to be waited for, a refusal too: it is recorded.
    public func authorizeNow(_ call: CallContext) -> Caller? {
        policy.access(service: call.service, method: call.method)?.open == true ? .anonymous : nil
    }

    /// A line for each failed call: what went wrong on this side as an error, what the caller did as information.
    public func callFailed(_ call: CallContext, _ error: RPCError) {
        let level: LogLevel =
            switch error.code {
            case .internalError, .unknown, .dataLoss, .resourceExhausted: .error
            default: .info
            }
        logger.log(
            level, "a call failed",
            [
                "method": .string("\(call.service)/\(call.method)"), "code": "\(error.code)",
                "error": .string(error.message), "caller": .string(call.caller.name),
                "request_id": .string(RequestID.of(call) ?? ""), "account": .string(call.account),
            ])
    }

    /// A token that was presented counts, even a bad one; the certificate only without.
    private func identify(_ call: CallContext) async throws(RPCError) -> Caller {
        let credentials = call.metadata.values("authorization")
        if credentials.isEmpty { return try service(call.peer) ?? .anonymous }
        guard credentials.count == 1, let token = Self.bearerToken(credentials[0]) else {
            throw RPCError(.unauthenticated, "authorization: has to be 'Bearer' and a token, once")
        }
        guard let holder = try await tokens.holder(ofTokenHash: SHA256.digest(token)) else {
            throw RPCError(.unauthenticated, "the bearer token is not known, or was revoked")
        }
        return holder
    }

    private static func bearerToken(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= tokenLimitBytes else {
            return nil
        }
        return String(parts[1])
    }

    /// The service that the verified certificate names; nil for one that names none.
    private func service(_ peer: Peer) throws(RPCError) -> Caller? {
        guard peer.isTLS else { return nil }
        let names = peer.uriNames.filter { $0.hasPrefix(ServiceName.uriPrefix) }
            .map { String($0.dropFirst(ServiceName.uriPrefix.utf8.count)) }
        guard let name = names.first else { return nil }
        guard names.count == 1, ServiceName(rawValue: name) != nil else {
            throw RPCError(.unauthenticated, "the client certificate names no service of Parapet")
        }
        return Caller(kind: .service(name), name: name)
    }
}
