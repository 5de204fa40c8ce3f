import Platform
import RPC
import ServiceKit
import Synchronization

@testable import AccountService

/// A sync service that does as it is told, and remembers what it was asked.
final class FakeSync: SyncGateway {
    struct State {
        var unreachable = false
        var permissions = RolePermissions(
            customPolicy:
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetBucketPolicy"],"Resource":"*"}]}"#,
            minimalPolicy:
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:List*"],"Resource":"*"}]}"#,
            principal: "arn:aws:iam::999988887777:role/parapet", notices: ["SecurityAudit could read more"])
        /// The failing check of the next probes; nil: they pass.
        var failure: String?
        var regions: [String: String] = [:]
        var runs: [AccountID: RunStatus] = [:]
        var startError: RPCError?
        var probes: [ProbeOrder] = []
        /// The keys by which syncs were asked for, one for each delivery.
        var started: [(account: AccountID, key: String)] = []
        var cancelled: [AccountID] = []
        var purged: [AccountID] = []
        /// Runs in the middle of a probe.
        var duringProbe: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private func reach() throws(RPCError) {
        if seen.unreachable { throw RPCError(.unavailable, "connection refused") }
    }

    func permissions() async throws(RPCError) -> RolePermissions {
        try reach()
        return seen.permissions
    }

    func probe(
        _ probe: ProbeOrder, progress: (String) async throws(RPCError) -> Void
    ) async throws(RPCError) -> ProbeFindings {
        try reach()
        set { $0.probes.append(probe) }
        try await progress("assuming the role")
        await seen.duringProbe?()
        let seen = seen
        let failed = seen.failure != nil
        let report = TestReport(
            checks: [
                .init(name: "assume_role", outcome: failed ? .failed : .passed, message: seen.failure ?? "assumed"),
                .init(name: "external_id_omitted", outcome: .warning, message: "not enforced"),
            ],
            awsAccountID: failed ? "" : "111122223333", principal: seen.permissions.principal, time: clock.now(),
            revision: probe.revision)
        return ProbeFindings(report: report, regions: failed ? [:] : seen.regions)
    }

    func startSync(_ account: AccountID, key: String) async throws(RPCError) {
        try reach()
        if let error = seen.startError { throw error }
        set { $0.started.append((account, key)) }
    }

    func cancelSyncs(_ account: AccountID) async throws(RPCError) {
        try reach()
        set { $0.cancelled.append(account) }
    }

    func purge(_ account: AccountID) async throws(RPCError) {
        try reach()
        set { $0.purged.append(account) }
    }

    func currentRun(_ account: AccountID) async throws(RPCError) -> RunStatus? {
        try reach()
        return seen.runs[account]
    }
}

/// An assessment service that does as it is told.
final class FakeAssessment: AssessmentGateway {
    struct State {
        var unreachable = false
        var posture = PostureCounts(openAlerts: 3, unknownFindings: 2)
        var purged: [AccountID] = []
    }

    private let state = Mutex(State())

    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func posture(_ account: AccountID) async throws(RPCError) -> PostureCounts {
        if seen.unreachable { throw RPCError(.unavailable, "connection refused") }
        return seen.posture
    }

    func purge(_ account: AccountID) async throws(RPCError) {
        if seen.unreachable { throw RPCError(.unavailable, "connection refused") }
        set { $0.purged.append(account) }
    }
}

/// A clock that stands still until it is moved.
final class StillClock: WallClock {
    private let time = Mutex(Sample.time)
    func now() -> WallTime { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// Knows one token.
struct OneToken: TokenSource {
    func holder(ofTokenHash hash: [UInt8]) async throws(RPCError) -> Caller? {
        hash == [UInt8](repeating: 1, count: 32) ? Caller(kind: .person(.operator), name: "ci") : nil
    }
}
