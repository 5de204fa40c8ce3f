import API
import RPC
import Synchronization

@testable import AssessmentService

/// Stands for the sync service: an account's store as it keeps it, with change numbers.
final class FakeSync: SyncSource {
    struct State {
        var epoch = "one"
        var change: Int64 = 0
        var assets: [String: Asset] = [:]
        var coverage: [String: Coverage] = [:]
        var schema = ListResourceTypesResponse()
        /// What the next streams fail with.
        var failure: RPCError?
        /// Messages to send before the failure.
        var messagesBeforeFailure = 0
        var requests: [StreamAssetsRequest] = []
        var batch = 2
    }

    let state = Mutex(State())

    init(types: [ReplicaType] = [], coverage: Bool = true) throws {
        let types = try types.isEmpty ? SmallSchema.make().types : types
        state.withLock { state in
            state.schema.schemaHash = "small"
            state.schema.resourceTypes = types.map(ResourceType.init)
        }
        if coverage {
            for type in types { cover(type.name, type.isGlobal ? "global" : "r1", .complete) }
        }
    }

    /// Stores an asset; each call is a change.
    func put(
        _ type: String, _ arn: String, region: String = "global", configuration: String = "{}", gaps: [String] = [],
        deleted: Bool = false
    ) {
        state.withLock { state in
            state.change += 1
            var asset = Asset()
            asset.resourceType = type
            asset.arn = arn
            asset.region = region
            asset.scope = region
            asset.configuration = configuration
            asset.deleted = deleted
            asset.change = state.change
            asset.gaps = gaps.map { call in
                var gap = Gap()
                (gap.call, gap.code, gap.message) = (call, "AccessDenied", "not allowed")
                return gap
            }
            state.assets[type + " " + arn] = asset
        }
    }

    func cover(_ type: String, _ region: String, _ coverageState: CoverageState, code: String = "") {
        state.withLock { state in
            state.change += 1
            var coverage = Coverage()
            (coverage.resourceType, coverage.region, coverage.state) = (type, region, coverageState)
            coverage.code = code
            coverage.change = state.change
            state.coverage[type + " " + region] = coverage
        }
    }

    func resourceTypes() async throws(RPCError) -> ListResourceTypesResponse { state.withLock { $0.schema } }

    func streamAssets(
        _ request: StreamAssetsRequest, _ body: (StreamAssetsResponse) async throws(RPCError) -> Void
    ) async throws(RPCError) {
        let (messages, failure) = state.withLock { state in
            state.requests.append(request)
            let all = Self.messages(request, state)
            guard let failure = state.failure else { return (all, RPCError?.none) }
            return (Array(all.prefix(state.messagesBeforeFailure)), failure)
        }
        for message in messages { try await body(message) }
        if let failure { throw failure }
    }

    private static func messages(_ request: StreamAssetsRequest, _ state: State) -> [StreamAssetsResponse] {
        let isKnown = request.epoch == state.epoch
        let after = isKnown ? request.afterChange : 0
        let assets = state.assets.values.filter { $0.change > after && (after > 0 || !$0.deleted) }
            .sorted { $0.change < $1.change }
        var messages: [StreamAssetsResponse] = []
        for start in stride(from: 0, to: max(assets.count, 1), by: state.batch) {
            var message = StreamAssetsResponse()
            message.assets = Array(assets.dropFirst(start).prefix(state.batch))
            message.epoch = state.epoch
            message.change = message.assets.last?.change ?? after
            messages.append(message)
        }
        messages[0].coverage = state.coverage.values.filter { $0.change > after }
        messages[messages.count - 1].complete = true
        messages[messages.count - 1].change = state.change
        return messages
    }

    func coverage(_ request: GetCoverageRequest) async throws(RPCError) -> GetCoverageResponse {
        var response = GetCoverageResponse()
        response.coverage = state.withLock { Array($0.coverage.values) }
        return response
    }
}

/// Stands for the account service: accounts by id, their names being `name-` and the id.
struct FakeAccounts: AccountSource {
    var ids: Set<String> = ["acc", "other"]

    func account(_ reference: String) async throws(RPCError) -> Account? {
        guard let id = ids.first(where: { $0 == reference || "name-" + $0 == reference }) else { return nil }
        var account = Account()
        account.id = id
        account.name = "name-" + id
        account.awsAccountId = "123456789012"
        return account
    }
}

extension ResourceType {
    init(_ type: ReplicaType) {
        self.init()
        name = type.name
        global = type.isGlobal
        calls = type.calls
        columns = type.columns.map(Column.init)
        childTables = type.children.map { child in
            var table = ChildTable()
            (table.name, table.rows, table.call) = (child.name, child.rows, child.call ?? "")
            table.columns = child.columns.map(Column.init)
            return table
        }
    }
}

extension Column {
    init(_ column: ReplicaColumn) {
        self.init()
        (name, path, call) = (column.name, column.path, column.call ?? "")
        type =
            switch column.kind {
            case .text: .text
            case .integer: .integer
            case .real: .real
            case .boolean: .boolean
            case .json: .json
            case .time: .time
            }
    }
}
