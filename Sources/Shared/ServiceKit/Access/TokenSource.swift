import API
public import Platform
public import RPC
import Synchronization
import Wire

/// Knows whose a bearer token is, by the token's hash alone.
public protocol TokenSource: Sendable {
    /// - Parameter hash: SHA-256 of the token.
    /// - Returns: Its holder; nil for a token that is not known.
    /// - Throws: UNAVAILABLE when that cannot be found out now.
    func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller?
}

/// Several sources, asked in order until one knows the token.
public struct TokenSources: TokenSource {
    private let sources: [any TokenSource]

    public init(_ sources: [any TokenSource]) {
        self.sources = sources
    }

    public func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        for source in sources {
            if let caller = try await source.holder(ofTokenHash: hash) { return caller }
        }
        return nil
    }
}

/// Remembers answers of another source, so that not every call asks the account service; also that a token is unknown.
public final class CachedTokenSource: TokenSource {
    private struct Answer {
        var caller: Caller?
        var expires: WallTime
    }

    private let source: any TokenSource
    private let clock: any WallClock
    private let lifetime: Duration
    private let answers = Mutex<[[UInt8]: Answer]>([:])
    /// Unknown tokens fill the cache as well: beyond this it starts anew.
    private let limit = 10_000

    /// - Parameter lifetime: How long a revoked token may still be accepted.
    public init(_ source: any TokenSource, clock: any WallClock = SystemWallClock(), lifetime: Duration = .seconds(30))
    {
        self.source = source
        self.clock = clock
        self.lifetime = lifetime
    }

    public func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        let now = clock.now()
        if let answer = answers.withLock({ $0[hash] }), now < answer.expires { return answer.caller }
        let caller = try await source.holder(ofTokenHash: hash)
        answers.withLock { answers in
            if answers.count >= limit { answers.removeAll() }
            answers[hash] = Answer(caller: caller, expires: now + lifetime)
        }
        return caller
    }
}

/// Asks the account service.
public struct RemoteTokenSource: TokenSource {
    private let client: AccountClient

    /// - Parameter client: A connection to the account service under this service's own certificate.
    public init(_ client: RPCClient) {
        self.client = AccountClient(client)
    }

    public func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        do throws(RPCError) {
            let response = try await client.checkToken(.with { $0.tokenSha256 = hash }, timeout: .seconds(5))
            return Role(response.role).map { Caller(kind: .person($0), name: response.name) }
        } catch {
            if error.code == .notFound { return nil }
            throw .passing(.unavailable, "the token cannot be checked: the account service does not answer")
        }
    }
}
