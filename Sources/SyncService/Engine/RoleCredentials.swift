import Platform
import Synchronization

/// Credentials of a role that a run assumed, renewed before they end. Several who ask at once wait for one renewal.
actor RoleCredentials: CredentialsProvider {
    /// How long before their end they are renewed.
    static let margin = Duration.seconds(300)

    private let assume: @Sendable () async throws(AWSError) -> AWSCredentials
    private let clock: any WallClock
    private var current: AWSCredentials?
    private var waiting: [CheckedContinuation<Result<AWSCredentials, AWSError>, Never>] = []
    private var isRenewing = false

    /// - Parameter assume: Assumes the role; asks for the lease first.
    init(clock: any WallClock, assume: @escaping @Sendable () async throws(AWSError) -> AWSCredentials) {
        self.clock = clock
        self.assume = assume
    }

    func credentials() async throws(AWSError) -> AWSCredentials {
        while true {
            if let current, isFresh(current) { return current }
            guard isRenewing else { return try await renew() }
            switch await withCheckedContinuation({ waiting.append($0) }) {
            case .success(let renewed): return renewed
            // Whoever renewed was cancelled, not we.
            case .failure(let error) where error.kind == .cancelled && !Task.isCancelled: continue
            case .failure(let error): throw error
            }
        }
    }

    private func renew() async throws(AWSError) -> AWSCredentials {
        isRenewing = true
        let result: Result<AWSCredentials, AWSError>
        do throws(AWSError) { result = .success(try await assume()) } catch { result = .failure(error) }
        isRenewing = false
        if case .success(let renewed) = result { current = renewed }
        for continuation in waiting { continuation.resume(returning: result) }
        waiting = []
        return try result.get()
    }

    func invalidate(_ refused: AWSCredentials) async {
        if current == refused { current = nil }
    }

    private func isFresh(_ credentials: AWSCredentials) -> Bool {
        guard let expiration = credentials.expiration else { return true }
        return clock.now() + Self.margin < expiration
    }
}
