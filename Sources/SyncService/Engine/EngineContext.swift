import API
import Platform
import RPC
import ServiceKit
import Storage

/// Bounds of the engine.
struct EngineLimits: Sendable {
    /// Scopes read at once in this process,
    var scopes = 48
    /// and of one account.
    var scopesPerAccount = 24
    /// Items of one scope; what lists more is a gap, never complete.
    var itemsPerScope = 1_000_000
    /// Items of one scope that are enriched at once: as many as calls can be in flight, for the scope that is largest.
    var itemsAtOnce = 64
    /// How long a run waits for the account service before it gives up.
    var connectPatience = Duration.seconds(300)
    /// How long the end of a scope may wait to be committed with others'; zero: each at once.
    var commitPatience = Duration.milliseconds(500)
}

/// What runs are made with.
struct EngineContext: Sendable {
    let store: SyncStore
    let aws: any AWSAccess
    let connections: any ConnectionSource
    /// The catalogue's types, parents before children.
    let types: [PlannedType]
    let events: RunEvents
    var limits = EngineLimits()
    var logger = Logger.silent
    var sleep: Sleep = systemSleep
    var instant: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    /// Uniform in `0..<1`.
    var random: @Sendable () -> Double = { Double.random(in: 0..<1) }
    /// Where the work of runs is done unless it waits for the store: the loop of the calls, so that no call changes the
    /// thread. Nil: wherever there is room.
    var executor: (any TaskExecutor)?
    /// Writes the command to assess a run's result into the outbox.
    var assess: @Sendable (StoredRun, borrowing Connection) throws(StorageError) -> Void = {
        _, _ throws(StorageError) in
    }
    /// For the scopes of all runs of the process.
    let scopePlaces: Permits

    init(
        store: SyncStore, aws: any AWSAccess, connections: any ConnectionSource, types: [PlannedType],
        events: RunEvents = RunEvents(), limits: EngineLimits = EngineLimits()
    ) {
        self.store = store
        self.aws = aws
        self.connections = connections
        self.types = types
        self.events = events
        self.limits = limits
        scopePlaces = Permits(limits.scopes)
    }

    /// The AWS service that lists a type.
    func service(of type: String) -> String { types.first { $0.name == type }?.service ?? "" }
}

/// Which regions a run collects.
struct RegionChoice: Sendable, Equatable {
    /// Nil: all that the account has enabled.
    var names: Set<String>?

    init(_ selection: RegionSelection?) {
        // Without a selection nothing would be collected and all be dropped: rather read all.
        guard let selection, !selection.all, !selection.names.isEmpty else { return }
        names = Set(selection.names)
    }

    func contains(_ region: String) -> Bool { names?.contains(region) ?? true }

    /// Whether the listing of `scope` keeps what belongs to `owner` and is listed in several regions: the owner's own
    /// listing does, or the first chosen region's where the owner is not chosen.
    func keeps(itemOf owner: String, listedIn scope: String) -> Bool {
        if owner == scope || contains(owner) { return owner == scope }
        return names?.min() == scope
    }
}
