import JSON

/// A role and what it takes to assume it. Holds a secret: for memory only.
struct RoleConnection: Sendable {
    var roleARN: String
    var externalID: String
    /// Shown in the account's CloudTrail.
    var sessionName: String
}

/// A region's opt-in state in an account, in AWS's words.
struct RegionOptIn: Sendable, Equatable {
    var name: String
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    var status: String
    var isEnabled: Bool { status != "not-opted-in" }
}

/// AWS, as the engine sees it.
protocol AWSAccess: Sendable {
    /// Assumes a role for a run.
    ///
    /// - Parameter lease: Asked before each AssumeRole, also at renewals; when it throws, the role is not assumed.
    func open(
        _ role: RoleConnection, lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession

    /// Assumes a role once, for a probe.
    ///
    /// - Parameter externalID: Nil: assume it without one.
    func assume(_ role: RoleConnection, externalID: String?) async throws(ReadFailure) -> any AccountSession

    /// The service's own identity, as a principal for trust policies.
    func principal() async throws(ReadFailure) -> String

    /// Regions of the partition that a role's ARN names, where AWS itself could not be asked.
    func regions(ofPartition roleARN: String) -> [String]
}

/// An account whose role was assumed.
protocol AccountSession: Sendable {
    /// The account as GetCallerIdentity tells it, 12 digits.
    func accountID() async throws(ReadFailure) -> String
    /// The account's regions with their opt-in state.
    func regions() async throws(ReadFailure) -> [RegionOptIn]
    /// Looks, by one call, whether there is anything in a region that is not collected.
    func glance(at region: String) async throws(ReadFailure) -> (instances: Int, hasMore: Bool)
    /// Reads one scope of one of the catalogue's types.
    func reader(of scope: Scope) throws(ReadFailure) -> any ScopeReader
}

/// An item of a listing.
struct ListedItem: Sendable {
    var item: CanonicalObject
    /// The configuration of the parent asset that it was listed for.
    var parent: JSONValue?
}

/// What became of a listed item.
enum ItemOutcome: Sendable {
    case asset(ObservedAsset)
    /// It went away since it was listed.
    case gone
    /// It is in a region that is not collected.
    case elsewhere
    /// It has no identity: the listing cannot be trusted to be complete.
    case unidentified(ReadFailure)
}

/// Reads one scope.
protocol ScopeReader: Sendable {
    /// Whether finishing an item makes calls.
    var makesCalls: Bool { get }

    /// Reads the listing to its end.
    ///
    /// - Parameters:
    ///   - parents: Configurations of the assets that the listing is made for, where the type has parents.
    ///   - onItems: Takes a page; the next one is read when it returned.
    func list(
        parents: [JSONValue], onItems: @escaping @Sendable ([ListedItem]) async throws(ReadFailure) -> Void
    ) async throws(ReadFailure)

    /// Makes the enrichment calls of an item. A call that was not answered is a gap of the asset.
    ///
    /// - Parameter chosen: The regions whose assets are collected.
    func finish(
        _ item: ListedItem, chosen: RegionChoice
    ) async throws(ReadFailure) -> ItemOutcome
}

/// Waits; tests record instead.
typealias Sleep = @Sendable (Duration) async throws(CancellationError) -> Void

/// Waits by the machine's clock.
let systemSleep: Sleep = { duration async throws(CancellationError) in
    do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
}
