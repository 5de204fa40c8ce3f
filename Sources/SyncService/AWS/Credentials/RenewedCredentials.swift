import Platform
import Synchronization

/// Credentials that end, renewed before they do. However many ask at once, one renewal is under way.
///
/// As in botocore, from 15 minutes before the end one caller renews while others go on with what there is, and from 10
/// minutes before it everybody waits; of a session that is shorter than an hour, from a quarter and a sixth of its
/// time. A failure is not kept: who asks next tries again.
actor RenewedCredentials: CredentialsProvider {
    static let advisory = Duration.seconds(900)
    static let mandatory = Duration.seconds(600)
    /// After a failed renewal of credentials that still work.
    private static let pause = Duration.seconds(30)
    /// Credentials that end sooner are not signed with: the request has to arrive.
    private static let margin = Duration.seconds(60)

    private struct Held {
        var credentials: AWSCredentials
        var advisory: WallTime?
        var mandatory: WallTime?
    }

    private let fetch: @Sendable () async throws(AWSError) -> AWSCredentials
    private let clock: any WallClock
    private var held: Held?
    private var notBefore: WallTime?
    private var waiting: [CheckedContinuation<Result<AWSCredentials, AWSError>, Never>] = []
    private var isRenewing = false

    /// - Parameter fetch: Gets new ones.
    init(clock: any WallClock, fetch: @escaping @Sendable () async throws(AWSError) -> AWSCredentials) {
        self.clock = clock
        self.fetch = fetch
    }

    func credentials() async throws(AWSError) -> AWSCredentials {
        while true {
            if let good = usable() { return good }
            guard isRenewing else { return try await renew() }
            switch await withCheckedContinuation({ waiting.append($0) }) {
            case .success(let renewed): return renewed
            // Whoever renewed was cancelled, not we.
            case .failure(let error) where error.kind == .cancelled && !Task.isCancelled: continue
            case .failure(let error): throw error
            }
        }
    }

    func invalidate(_ refused: AWSCredentials) async {
        if held?.credentials == refused { held = nil }
    }

    /// What is held, unless it has to be renewed now.
    private func usable() -> AWSCredentials? {
        guard let held else { return nil }
        guard let advisory = held.advisory, let mandatory = held.mandatory else { return held.credentials }
        let now = clock.now()
        if now < advisory { return held.credentials }
        if let notBefore, now < notBefore, isValid(held.credentials) { return held.credentials }
        return now < mandatory && isRenewing ? held.credentials : nil
    }

    private func renew() async throws(AWSError) -> AWSCredentials {
        isRenewing = true
        let result = await outcome()
        isRenewing = false
        for continuation in waiting { continuation.resume(returning: result) }
        waiting = []
        return try result.get()
    }

    private func outcome() async -> Result<AWSCredentials, AWSError> {
        do throws(AWSError) {
            let renewed = try await fetch()
            let now = clock.now()
            if let end = renewed.expiration, end <= now {
                throw AWSError(.credentials("the credentials ended at \(end.rfc3339())"))
            }
            held = Self.held(renewed, at: now)
            notBefore = nil
            return .success(renewed)
        } catch {
            guard let held, isValid(held.credentials), bridges(error, held) else { return .failure(error) }
            notBefore = clock.now() + Self.pause
            return .success(held.credentials)
        }
    }

    private static func held(_ credentials: AWSCredentials, at now: WallTime) -> Held {
        guard let end = credentials.expiration else { return Held(credentials: credentials) }
        let lifetime = end - now
        return Held(
            credentials: credentials, advisory: end - min(advisory, lifetime / 4),
            mandatory: end - min(mandatory, lifetime / 6))
    }

    private func isValid(_ credentials: AWSCredentials) -> Bool {
        credentials.expiration.map { clock.now() + Self.margin < $0 } ?? true
    }

    /// Whether a failed renewal may wait: any while there is time, later only one that a moment may mend.
    private func bridges(_ error: AWSError, _ held: Held) -> Bool {
        if error.kind == .cancelled { return false }
        return error.isTransient || held.mandatory.map { clock.now() < $0 } ?? true
    }
}
