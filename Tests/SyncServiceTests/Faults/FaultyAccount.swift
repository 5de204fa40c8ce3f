import JSON
import Synchronization

@testable import SyncService

/// A small account made from the shapes: two items in two pages of each listing, and one of its calls fails.
final class FaultyAccount: AWSAccess, AWSCalling {
    struct Call: Hashable, Sendable {
        var service: String
        var operation: String
        var region: String
        var parameters: String
        /// The page of a listing, from 0; nil for other calls.
        var page: Int?
    }

    private struct State {
        var made: Set<Call> = []
        var fault: (call: Call, error: AWSError)?
        var hits = 0
        var onCall: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    let catalogue: Catalogue
    let place = ReadingPlace(account: "111122223333", partition: "aws", homeRegion: "us-east-1")

    init(_ catalogue: Catalogue) { self.catalogue = catalogue }

    /// Every call since the account was made.
    var made: Set<Call> { state.withLock { $0.made } }
    /// How often the fault was met since it was set.
    var hits: Int { state.withLock { $0.hits } }

    func fail(_ call: Call, _ error: AWSError) {
        state.withLock { ($0.fault, $0.hits) = ((call, error), 0) }
    }

    /// Does something before each call is answered.
    func beforeEachCall(_ body: (@Sendable () -> Void)?) { state.withLock { $0.onCall = body } }

    func heal() { state.withLock { $0.fault = nil } }

    private func note(_ call: Call) throws(AWSError) {
        state.withLock { $0.onCall }?()
        let error: AWSError? = state.withLock { state in
            state.made.insert(call)
            guard let fault = state.fault, fault.call == call else { return nil }
            state.hits += 1
            return fault.error
        }
        if let error { throw error }
    }

    // MARK: Calls

    func call(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> JSONValue {
        let text = parameters.text(canonical: true)
        try note(Call(service: service, operation: operation, region: region, parameters: text, page: nil))
        return try answer(service, operation, region, page: 0)
    }

    /// What a call is answered where nothing fails.
    func answer(
        _ service: String, _ operation: String, _ region: String, page: Int
    ) throws(AWSError) -> JSONValue {
        for type in catalogue.types where type.list.service == service {
            if let preparation = type.list.prepare, preparation.operation == operation {
                return .object(preparation.until)
            }
            if type.list.operation == operation, let member = type.list.csv.first {
                return .object([member: "dXNlcixhcm4KYSxhcm46YQpiLGFybjpiCg=="])
            }
        }
        return try output(service, operation, region, number: page)
    }

    func list(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue, items: ItemsPlan,
        onPage: @escaping @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        let text = parameters.text(canonical: true)
        for page in items.isSingle ? [0] : [0, 1] {
            try note(Call(service: service, operation: operation, region: region, parameters: text, page: page))
            let output = try output(service, operation, region, number: page)
            let found = items.isSingle ? [output] : items.paths.flatMap { $0.values(in: output) }
            let carried = found.map { item -> JSONValue in
                guard var object = item.object else { return ["value": item] }
                for (name, path) in items.carry { object[name] = path.first(in: output) }
                return .object(object)
            }
            try await onPage(
                AWSPage(items: carried.map { $0.bytes(canonical: true) }, rest: [], number: page, hasNext: page == 0))
        }
    }

    private func output(
        _ service: String, _ operation: String, _ region: String, number: Int
    ) throws(AWSError) -> JSONValue {
        guard let model = try? catalogue.shapes.model(service), let shape = model.operations[operation]?.output else {
            return [:]
        }
        return Self.value(of: shape, "Output", model.shapes, region, number, depth: 0)
    }

    /// A value of a shape; lists and maps have one element, and nesting ends after eight levels.
    private static func value(
        of index: Int, _ name: String, _ shapes: [Shape], _ region: String, _ number: Int, depth: Int
    ) -> JSONValue {
        let shape = shapes[index]
        switch shape.kind {
        case .structure:
            var object = JSONObject()
            for member in shape.members where depth < 8 {
                object[member.name] = value(of: member.shape, member.name, shapes, region, number, depth: depth + 1)
            }
            return .object(object)
        case .list:
            guard depth < 8, let element = shape.element else { return [] }
            return [value(of: element.shape, name, shapes, region, number, depth: depth + 1)]
        case .map: return [:]
        case .integer, .long, .float, .double: return 1
        case .boolean: return true
        case .timestamp: return "2026-01-01T00:00:00Z"
        case .string, .blob:
            if ["HomeRegion", "BucketRegion", "LocationConstraint", "RegionName"].contains(name) {
                return .string(region)
            }
            // What the catalogue takes for a document.
            return .string(
                name.hasSuffix("Policy") || name.hasSuffix("Document") ? "{\"Id\":\"\(number)\"}" : "\(name)-\(number)")
        }
    }

    // MARK: The account

    func open(
        _ role: RoleConnection, lease: @escaping @Sendable () async throws(ReadFailure) -> Void
    ) async throws(ReadFailure) -> any AccountSession { FaultySession(account: self) }

    func assume(_ role: RoleConnection, externalID: String?) async throws(ReadFailure) -> any AccountSession {
        FaultySession(account: self)
    }

    func principal() async throws(ReadFailure) -> String { "arn:aws:iam::999988887777:role/parapet" }

    func regions(ofPartition roleARN: String) -> [String] { ["eu-central-1", "us-east-1"] }
}

struct FaultySession: AccountSession {
    let account: FaultyAccount

    func accountID() async throws(ReadFailure) -> String { account.place.account }

    func regions() async throws(ReadFailure) -> [RegionOptIn] {
        ["eu-central-1", "us-east-1"].map { RegionOptIn(name: $0, status: "opt-in-not-required") }
    }

    func glance(at region: String) async throws(ReadFailure) -> (instances: Int, hasMore: Bool) { (0, false) }

    func reader(of scope: Scope) throws(ReadFailure) -> any ScopeReader {
        guard let type = account.catalogue.type(scope.type) else { throw .cancelled }
        return CatalogueReader(
            type: type, scope: scope, place: account.place, calls: account,
            sleep: { (_: Duration) async throws(CancellationError) in })
    }
}
