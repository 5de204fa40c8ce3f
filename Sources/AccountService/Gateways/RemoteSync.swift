import API
import Platform
import RPC
import Wire

/// The sync service over gRPC.
struct RemoteSync: SyncGateway {
    private let client: SyncClient
    private let clock: any WallClock

    init(_ client: RPCClient, clock: any WallClock) {
        self.client = SyncClient(client)
        self.clock = clock
    }

    func permissions() async throws(RPCError) -> RolePermissions {
        let answer = try await client.getPermissions(.with { $0.includePrincipal = true }, timeout: .seconds(30))
        return RolePermissions(
            customPolicy: answer.customPolicy, minimalPolicy: answer.minimalPolicy, principal: answer.principalArn,
            principalError: answer.principalError, notices: answer.notices)
    }

    /// AWS refuses a role made seconds ago for up to a minute, and the checks come after that.
    private static let probeTimeout = Duration.seconds(180)

    func probe(
        _ probe: ProbeOrder, progress: (String) async throws(RPCError) -> Void
    ) async throws(RPCError) -> ProbeFindings {
        let request = ProbeRequest.with {
            $0.accountId = probe.account.description
            $0.revision = probe.revision
            $0.regions = probe.regions
            $0.quick = probe.quick
        }
        var responses = client.probe(request, timeout: Self.probeTimeout).makeAsyncIterator()
        while let response = try await responses.next() {
            if let result = response.result { return findings(result) }
            if !response.progress.isEmpty { try await progress(response.progress) }
        }
        throw RPCError(.internalError, "the probe ended without a result")
    }

    private func findings(_ result: ProbeResult) -> ProbeFindings {
        let report = TestReport(
            checks: result.checks.map { check in
                TestReport.Check(name: check.name, outcome: .init(check.outcome), message: check.message)
            },
            awsAccountID: result.awsAccountId, principal: result.principalArn,
            time: result.time.map { WallTime(unixNanoseconds: $0.unixNanoseconds) } ?? clock.now(),
            revision: result.revision)
        return ProbeFindings(
            report: report,
            regions: Dictionary(
                result.regions.map { ($0.name, $0.optInStatus) }, uniquingKeysWith: { first, _ in first }),
            regionsError: result.regionsError)
    }

    func startSync(_ account: AccountID, key: String) async throws(RPCError) {
        let request = StartSyncRequest.with {
            $0.accountId = account.description
            $0.idempotencyKey = key
            $0.trigger = .change
        }
        _ = try await client.startSync(request, timeout: .seconds(20))
    }

    func cancelSyncs(_ account: AccountID) async throws(RPCError) {
        _ = try await client.cancelSync(.with { $0.accountId = account.description }, timeout: .seconds(20))
    }

    func purge(_ account: AccountID) async throws(RPCError) {
        _ = try await client.purgeAccount(.with { $0.accountId = account.description }, timeout: .seconds(120))
    }

    func currentRun(_ account: AccountID) async throws(RPCError) -> RunStatus? {
        let request = ListSyncsRequest.with {
            $0.accountId = account.description
            $0.pageSize = 10
        }
        let runs = try await client.listSyncs(request, timeout: .seconds(10)).syncs
        let found = runs.first { $0.state == .running } ?? runs.last { $0.state == .queued } ?? runs.first
        return found.map(RunStatus.init)
    }
}

extension TestReport.Outcome {
    fileprivate init(_ outcome: ProbeOutcome) {
        switch outcome {
        case .passed: self = .passed
        case .warning: self = .warning
        case .failed: self = .failed
        case .unspecified, .unknown: self = .unknown
        }
    }
}

extension RunStatus {
    fileprivate init(_ sync: Sync) {
        let state: State =
            switch sync.state {
            case .queued: .queued
            case .unspecified, .running: .running
            case .succeeded: .succeeded
            case .partial: .partial
            case .failed: .failed
            case .cancelled: .cancelled
            case .interrupted: .interrupted
            }
        let assessment: Assessment =
            switch sync.assessment {
            case .unspecified: .none
            case .pending: .pending
            case .running: .running
            case .done: .done
            }
        self.init(
            id: sync.id, state: state, scopesTotal: sync.scopesTotal, scopesDone: sync.scopesDone,
            scopesWithGaps: sync.scopesWithGaps, assets: sync.assetsSeen, problem: sync.problem,
            assessment: assessment, assessmentID: sync.assessmentId)
    }
}
