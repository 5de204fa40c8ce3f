import JSON
import Platform

/// The service's own credentials, from where AWS's tools look for them, renewed before they end.
///
/// Where they come from is found out anew at each renewal, also after AWS refused them as expired: a rotated file is
/// noticed. Every error names the source, and none of the secrets.
struct CredentialChain: CredentialsProvider {
    private let renewed: RenewedCredentials
    private let settings: AWSSettings

    init(settings: AWSSettings, client: AWSClient, clock: any WallClock = SystemWallClock()) {
        self.settings = settings
        renewed = RenewedCredentials(clock: clock) { () async throws(AWSError) in
            let current = AWSSettings(environment: settings.environment)
            let fetcher = CredentialFetcher(settings: current, client: client, clock: clock)
            return try await fetcher.fetch(try CredentialPlanner(settings: current).plan())
        }
    }

    func credentials() async throws(AWSError) -> AWSCredentials { try await renewed.credentials() }

    func invalidate(_ refused: AWSCredentials) async { await renewed.invalidate(refused) }

    /// What credentials will be taken from, for the log; nobody is asked.
    func source() throws(AWSError) -> String { try CredentialPlanner(settings: settings).plan().description }
}

/// Follows a plan.
struct CredentialFetcher: Sendable {
    let settings: AWSSettings
    let client: AWSClient
    let clock: any WallClock
    var sleep: @Sendable (Duration) async throws(CancellationError) -> Void = {
        duration async throws(CancellationError) in
        do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
    }
    var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// Where STS is asked on the service's own behalf.
    private var region: String { settings.region ?? "us-east-1" }

    func fetch(_ plan: CredentialPlan) async throws(AWSError) -> AWSCredentials {
        do throws(AWSError) { return try await part(plan) } catch {
            guard plan == .instanceMetadata, error.kind != .cancelled else { throw error }
            var none = error
            none.kind = .credentials("no AWS credentials: neither variables, profile nor container; \(error.message)")
            throw none
        }
    }

    /// A plan, or what another one's role is assumed with.
    private func part(_ plan: CredentialPlan) async throws(AWSError) -> AWSCredentials {
        let found: AWSCredentials
        do throws(AWSError) { found = try await credentials(plan) } catch { throw named(error, plan) }
        // What is no header's value would be sent as something else.
        let texts = [found.accessKeyID, found.secretAccessKey, found.sessionToken ?? "-"]
        guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }) else {
            throw AWSError(.credentials("\(plan.description): keys and token are of printable ASCII"))
        }
        return found
    }

    private func credentials(_ plan: CredentialPlan) async throws(AWSError) -> AWSCredentials {
        switch plan {
        case .keys(let keys, _): return keys
        case .role(let role, let source): return try await assume(role, by: source)
        case .webIdentity(let identity): return try await assume(identity)
        case .process(let source): return try await source.credentials(environment: settings.environment)
        case .container(let url):
            return try await ContainerEndpoint(settings: settings, http: client.local, sleep: sleep).credentials(url)
        case .instanceMetadata:
            return try await InstanceMetadata(settings: settings, http: client.local, clock: clock, random: random)
                .credentials()
        }
    }

    private func assume(_ role: ProfileRole, by source: CredentialPlan) async throws(AWSError) -> AWSCredentials {
        let keys = StaticCredentials(try await part(source))
        return try await AssumeRole(client: client, source: keys).assume(
            roleARN: role.roleARN, externalID: role.externalID, sessionName: role.sessionName ?? sessionName,
            region: region, duration: role.duration(by: source))
    }

    private func assume(_ identity: WebIdentity) async throws(AWSError) -> AWSCredentials {
        let token: String
        do { token = String(decoding: try Files.read(identity.tokenFile, limitBytes: 1 << 16), as: UTF8.self) } catch {
            throw AWSError(.credentials("its token: \(error)"))
        }
        return try await AssumeRole(client: client, source: StaticCredentials(.unsigned)).assume(
            roleARN: identity.roleARN, webIdentityToken: token, sessionName: identity.sessionName ?? sessionName,
            region: region)
    }

    private var sessionName: String { "parapet-\(clock.now().unixNanoseconds / 1_000_000_000)" }

    /// An error of our own credentials must not be read as one of the account that is called.
    private func named(_ error: AWSError, _ plan: CredentialPlan) -> AWSError {
        if error.kind == .cancelled { return error }
        let words = if case .credentials(let own) = error.kind { own } else { error.description }
        return AWSError(
            .credentials("\(plan.description): \(words)"), requestID: error.requestID, isTransient: error.isTransient)
    }
}
