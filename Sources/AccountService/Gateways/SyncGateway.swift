import RPC

/// What this service asks of the sync service.
protocol SyncGateway: Sendable {
    /// The policies that a role needs, and the identity that will assume it.
    func permissions() async throws(RPCError) -> RolePermissions

    /// Tries a connection.
    ///
    /// - Parameter progress: Hears what is being done; what it throws ends the probe.
    func probe(
        _ probe: ProbeOrder, progress: (String) async throws(RPCError) -> Void
    ) async throws(RPCError) -> ProbeFindings

    /// Asks for a run. The same key again is the same wish.
    func startSync(_ account: AccountID, key: String) async throws(RPCError)

    /// Ends all runs of an account.
    func cancelSyncs(_ account: AccountID) async throws(RPCError)

    /// Deletes all that is stored of an account.
    func purge(_ account: AccountID) async throws(RPCError)

    /// The run that runs, else the one that waits, else the newest; nil before the first.
    func currentRun(_ account: AccountID) async throws(RPCError) -> RunStatus?
}

/// What this service asks of the assessment service.
protocol AssessmentGateway: Sendable {
    func posture(_ account: AccountID) async throws(RPCError) -> PostureCounts

    /// Deletes all that is stored of an account.
    func purge(_ account: AccountID) async throws(RPCError)
}

/// What a role has to grant, and to whom.
struct RolePermissions: Sendable {
    /// What the catalogue needs beyond SecurityAudit; empty when nothing.
    var customPolicy = ""
    /// Exactly what the catalogue calls.
    var minimalPolicy = ""
    /// Empty when it is not known.
    var principal = ""
    /// Why it is not known.
    var principalError = ""
    /// What SecurityAudit lets the role read though Parapet never does.
    var notices: [String] = []
}

/// What to probe.
struct ProbeOrder: Equatable, Sendable {
    var account: AccountID
    /// 0: the connection in use.
    var revision: Int64
    var regions = false
    /// Without the checks of the external ID and without patience for a new role.
    var quick = false
}

/// What a probe found.
struct ProbeFindings: Sendable {
    var report: TestReport
    /// AWS's opt-in status by region, where it was asked for and could be read.
    var regions: [String: String] = [:]
    /// Why the regions could not be read.
    var regionsError = ""
}

/// How a run stands or ended.
struct RunStatus: Equatable, Sendable {
    enum State: Equatable, Sendable { case queued, running, succeeded, partial, failed, cancelled, interrupted }
    enum Assessment: Equatable, Sendable { case none, pending, running, done }

    var id: String
    var state: State
    var scopesTotal: Int32 = 0
    var scopesDone: Int32 = 0
    var scopesWithGaps: Int32 = 0
    var assets: Int64 = 0
    var problem = ""
    var assessment = Assessment.none
    var assessmentID = ""

    /// Whether it reads, or will.
    var isOpen: Bool { state == .queued || state == .running || state == .interrupted }
}

/// What the newest assessment counted.
struct PostureCounts: Equatable, Sendable {
    var openAlerts: Int64 = 0
    var unknownFindings: Int64 = 0
}
