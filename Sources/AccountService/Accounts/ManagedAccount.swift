import Platform

/// An AWS account as this service keeps it, and the rules by which it changes.
struct ManagedAccount: Equatable, Sendable {
    let id: AccountID
    var name: AccountName
    var lifecycle: Lifecycle
    /// The connection in use.
    var connection: RoleConnection
    var candidate: CandidateConnection?
    var regions: RegionChoice
    var schedule: Schedule
    /// Grows with each change that the sync service must know of.
    var configurationRevision: Int64
    /// Grows with each change of role or external ID, tested or not: a test whose number is not the present
    /// one tested something else.
    var connectionEdits: Int64
    /// Of the connection in use.
    var lastTest: TestReport?
    let created: WallTime
    var updated: WallTime

    /// A new draft.
    init(id: AccountID, name: AccountName, externalID: SealedSecret, now: WallTime) {
        self.id = id
        self.name = name
        lifecycle = Lifecycle(.draft)
        connection = RoleConnection(revision: 1, role: nil, externalID: externalID)
        regions = .all
        schedule = .standard
        configurationRevision = 1
        connectionEdits = 0
        created = now
        updated = now
    }

    /// What the store holds.
    init(
        id: AccountID, name: AccountName, lifecycle: Lifecycle, connection: RoleConnection,
        candidate: CandidateConnection?, regions: RegionChoice, schedule: Schedule, configurationRevision: Int64,
        connectionEdits: Int64, lastTest: TestReport?, created: WallTime, updated: WallTime
    ) {
        self.id = id
        self.name = name
        self.lifecycle = lifecycle
        self.connection = connection
        self.candidate = candidate
        self.regions = regions
        self.schedule = schedule
        self.configurationRevision = configurationRevision
        self.connectionEdits = connectionEdits
        self.lastTest = lastTest
        self.created = created
        self.updated = updated
    }

    var state: Lifecycle.State { lifecycle.state }

    /// The revision that a test concerns: the candidate's while there is one.
    var revisionToTest: Int64 { candidate?.revision ?? connection.revision }
}
