import JSON
import Synchronization

@testable import SyncService

/// An item that the fake lists.
struct FakeItem: Sendable {
    var id: String
    var configuration: JSONValue = [:]
    var region: String?
    var tags: [String: String] = [:]
    /// Calls that are not answered.
    var gaps: [AssetGap] = []
    var isGone = false
}

/// AWS with what a test puts into it.
final class FakeAWS: AWSAccess {
    struct State {
        var items: [Scope: [FakeItem]] = [:]
        var listFailures: [Scope: ReadFailure] = [:]
        /// Scopes whose listing never ends by itself.
        var hanging: Set<Scope> = []
        var regions: [RegionOptIn] = [RegionOptIn(name: "eu-central-1", status: "opt-in-not-required")]
        var regionsFailure: ReadFailure?
        var openFailure: ReadFailure?
        /// By external ID; nil for none.
        var assumeOutcomes: [String?: [ReadFailure?]] = [:]
        var accountID = "111122223333"
        var listed: [Scope] = []
        /// Instances in regions that are not collected.
        var instances: [String: Int] = [:]
        var glanceFailures: [String: ReadFailure] = [:]
        var glanced: [String] = []
        /// Hanging listings that were cancelled.
        var cutOff: [Scope] = []
        var opened = 0
        var assumed: [String?] = []
        var enriched = 0
    }

    let state = Mutex(State())

    func put(_ type: String, _ region: String, _ items: [FakeItem]) {
        state.withLock { $0.items[Scope(region: region, type: type)] = items }
    }

    func fail(_ type: String, _ region: String, _ failure: ReadFailure?) {
        state.withLock { $0.listFailures[Scope(region: region, type: type)] = failure }
    }

    func hang(_ type: String, _ region: String, _ hangs: Bool = true) {
        state.withLock { state in
            let scope = Scope(region: region, type: type)
            if hangs { state.hanging.insert(scope) } else { state.hanging.remove(scope) }
        }
    }

    var listed: [Scope] { state.withLock { $0.listed } }

    func open(
        _ role: RoleConnection, lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession {
        try await lease()
        let failure = state.withLock { state in
            state.opened += 1
            return state.openFailure
        }
        if let failure { throw failure }
        let spot = AWSMeter.ofRun?.spot(.init(service: "ec2", operation: "DescribeVpcs", region: "eu-central-1"))
        for _ in 0..<7 { spot?.began(at: .now) }
        spot?.add {
            $0.calls += 7
            $0.retries += 2
            $0.throttles += 1
            $0.bytes += 700
        }
        return FakeSession(aws: self)
    }

    func assume(_ role: RoleConnection, externalID: String?) async throws(ReadFailure) -> any AccountSession {
        let failure: ReadFailure? = state.withLock { state in
            state.assumed.append(externalID)
            let key = externalID == role.externalID ? externalID : externalID == nil ? nil : "wrong"
            guard var outcomes = state.assumeOutcomes[key], !outcomes.isEmpty else { return nil }
            let first = outcomes.removeFirst()
            if !outcomes.isEmpty { state.assumeOutcomes[key] = outcomes }
            return first
        }
        if let failure { throw failure }
        return FakeSession(aws: self)
    }

    func principal() async throws(ReadFailure) -> String { "arn:aws:iam::999988887777:role/parapet" }

    func regions(ofPartition roleARN: String) -> [String] { ["eu-central-1", "us-east-1"] }
}

struct FakeSession: AccountSession {
    let aws: FakeAWS

    func accountID() async throws(ReadFailure) -> String { aws.state.withLock { $0.accountID } }

    func regions() async throws(ReadFailure) -> [RegionOptIn] {
        let (regions, failure) = aws.state.withLock { ($0.regions, $0.regionsFailure) }
        if let failure { throw failure }
        return regions
    }

    func glance(at region: String) async throws(ReadFailure) -> (instances: Int, hasMore: Bool) {
        let (count, failure) = aws.state.withLock { state in
            state.glanced.append(region)
            return (state.instances[region] ?? 0, state.glanceFailures[region])
        }
        if let failure { throw failure }
        return (count, false)
    }

    func reader(of scope: Scope) throws(ReadFailure) -> any ScopeReader { FakeReader(aws: aws, scope: scope) }
}

struct FakeReader: ScopeReader {
    let aws: FakeAWS
    let scope: Scope
    var makesCalls: Bool { true }

    func list(
        parents: [JSONValue], onItems: @escaping @Sendable ([ListedItem]) async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) {
        let (items, failure, hangs) = aws.state.withLock { state in
            state.listed.append(scope)
            return (state.items[scope] ?? [], state.listFailures[scope], state.hanging.contains(scope))
        }
        try await onItems(items.map { ListedItem(item: CanonicalObject(["Id": .string($0.id)]), parent: nil) })
        if hangs {
            do { try await Task.sleep(for: .seconds(600)) } catch { aws.state.withLock { $0.cutOff.append(scope) } }
            throw .cancelled
        }
        if let failure { throw failure }
    }

    func finish(
        _ item: ListedItem, chosen: RegionChoice
    ) async throws(ReadFailure) -> ItemOutcome {
        let found = aws.state.withLock { state in
            state.items[scope]?.first { .string($0.id) == item.item["Id"] }
        }
        guard let found, !found.isGone else { return .gone }
        let region = found.region ?? scope.region
        guard region == Scope.global || chosen.contains(region) else { return .elsewhere }
        aws.state.withLock { $0.enriched += 1 }
        return .asset(
            ObservedAsset(
                id: found.id, arn: "arn:aws:x:::\(found.id)", name: found.id, region: region, tags: found.tags,
                configuration: found.configuration, gaps: found.gaps))
    }
}

extension ObservedAsset {
    /// Of a configuration that a test writes as a tree.
    init(
        id: String, arn: String, name: String = "", region: String, tags: [String: String] = [:],
        configuration: JSONValue, gaps: [AssetGap] = []
    ) {
        self.init(
            id: id, arn: arn, name: name, region: region, tags: tags,
            configuration: CanonicalObject(configuration) ?? .empty, gaps: gaps)
    }
}
