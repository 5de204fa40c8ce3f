import API
import RPC
import ServiceKit
import Storage

extension SyncHandlers {
    func listAssetVersions(
        _ request: ListAssetVersionsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListAssetVersionsResponse {
        let limit = try Self.pageSize(request.pageSize)
        try FieldRule.length("arn", try FieldRule.required("arn", request.arn), in: Self.filterLength)
        try FieldRule.length("resource_type", request.resourceType, in: Self.filterLength)
        let bound = [
            request.accountId, request.arn, request.resourceType, "\(request.includeConfiguration)",
        ]
        let position = try context.pageTokens.read(request.pageToken, list: "ListAssetVersions", filter: bound)
        let account = try await optionalAccount(request.accountId, call)
        let lives = try await stored { () async throws(StorageError) in
            try await store.lives(arn: request.arn, account: account?.key, type: request.resourceType)
        }
        guard let latest = lives.first else { throw RPCError(.notFound, "asset \(request.arn)") }
        try Self.isOne(request.arn, types: lives.map(\.type), accounts: lives.map(\.accountID))
        let before = position?.first.flatMap { Int64($0) }
        let (page, hasMore) = try await stored { () async throws(StorageError) in
            try await store.versions(of: lives, before: before, limit: limit)
        }
        if page.isEmpty && before == nil {
            throw .refused(
                "asset \(request.arn) is gone, and its history is no longer kept", .historyForgotten)
        }
        var response = ListAssetVersionsResponse()
        response.accountId = latest.accountID
        response.resourceType = latest.type
        let versions = Self.fitting(
            page.map { AssetVersion($0, withConfiguration: request.includeConfiguration) }, weight: \.weight)
        response.versions = versions
        if hasMore || versions.count < page.count, let last = versions.last {
            response.nextPageToken = context.pageTokens.issue(
                list: "ListAssetVersions", filter: bound, position: ["\(last.change)"])
        }
        return response
    }

    func diffSyncs(_ request: DiffSyncsRequest, _ call: CallContext) async throws(RPCError) -> DiffSyncsResponse {
        let limit = try Self.pageSize(request.pageSize)
        for (field, id) in [("from_sync_id", request.fromSyncId), ("to_sync_id", request.toSyncId)] {
            try FieldRule.length(field, try FieldRule.required(field, id), in: Self.accountReference)
        }
        try FieldRule.length("region", request.region, in: Self.filterLength)
        try FieldRule.length("resource_type", request.resourceType, in: Self.filterLength)
        let bound = [request.fromSyncId, request.toSyncId, request.region, request.resourceType]
        let position = try context.pageTokens.read(request.pageToken, list: "DiffSyncs", filter: bound)
        let (from, to) = try await runs(request)
        call.account = from.accountID
        let range = DifferenceRange(
            account: from.accountKey, from: from.change, to: to.change, region: request.region,
            type: request.resourceType)
        let outcome = try await stored { () async throws(StorageError) in
            try await store.differences(range, after: position?.first.flatMap { Int64($0) }, limit: limit)
        }
        guard case .page(let page, var next) = outcome else { throw try await forgotten(from) }
        var response = DiffSyncsResponse()
        response.fromSync = Sync(from)
        response.toSync = Sync(to)
        let told = Self.fitting(page.map { (AssetDifference($0), $0.change) }, weight: \.0.weight)
        response.differences = told.map(\.0)
        if told.count < page.count { next = told.last?.1 }
        if let next {
            response.nextPageToken = context.pageTokens.issue(
                list: "DiffSyncs", filter: bound, position: ["\(next)"])
        }
        return response
    }

    /// Two ended runs of one account, in order.
    private func runs(_ request: DiffSyncsRequest) async throws(RPCError) -> (from: StoredRun, to: StoredRun) {
        let (from, to) = (try await run(request.fromSyncId), try await run(request.toSyncId))
        guard from.accountKey == to.accountKey else {
            throw FieldRule.violated(
                "to_sync_id", "has to be a sync of account \(from.accountID), as from_sync_id is", got: to.id)
        }
        for run in [from, to] where run.state.isOpen {
            throw .refused("sync \(run.id) has not ended (\(run.state))", .syncInProgress)
        }
        guard from.key <= to.key else {
            throw FieldRule.violated("to_sync_id", "has to be the later of the two syncs", got: to.id)
        }
        return (from, to)
    }

    private func forgotten(_ run: StoredRun) async throws(RPCError) -> RPCError {
        let earliest = try await stored { () async throws(StorageError) in
            try await store.earliestComparable(account: run.accountKey)
        }
        let rest = earliest.map { "the earliest that can be compared is \($0.id)" } ?? "no sync can be compared yet"
        return .refused("what sync \(run.id) left is no longer kept: \(rest)", .historyForgotten)
    }

    /// Refuses an ARN that stands for several assets.
    static func isOne(_ arn: String, types: [String], accounts: [String]) throws(RPCError) {
        let types = Set(types).sorted()
        if types.count > 1 {
            throw FieldRule.violated(
                "resource_type", "\(arn) is used by \(types.joined(separator: ", ")): name one")
        }
        if Set(accounts).count > 1 {
            throw FieldRule.violated("account_id", "several accounts have \(arn): name one")
        }
    }
}
