import API
import RPC
import ServiceKit
import Storage

extension SyncHandlers {
    func listAssets(_ request: ListAssetsRequest, _ call: CallContext) async throws(RPCError) -> ListAssetsResponse {
        let limit = try Self.pageSize(request.pageSize)
        let filter = try Self.filter(request)
        let account = try await account(request.accountId, call)
        let bound = [
            account.id, request.region, request.resourceType, request.tag, request.name, request.text,
        ]
        let position = try context.pageTokens.read(request.pageToken, list: "ListAssets", filter: bound)
        let after = try position.map { (position) throws(RPCError) in try Self.cursor(position) }
        let (found, counted) = try await stored { () async throws(StorageError) in
            // Counted once: later pages carry the number in their token.
            let counted =
                if let after { after.counted } else { try await store.count(account: account.key, filter) }
            let found = try await store.assets(account: account.key, filter, after: after?.cursor, limit: limit + 1)
            return (found, counted)
        }
        let page = Self.fitting(Array(found.prefix(limit)), weight: \.weight)
        var response = ListAssetsResponse()
        response.assets = page.map { API.Asset($0, withConfiguration: false) }
        response.total = Int64(min(counted, SyncStore.countLimit))
        response.totalIsLimited = counted > SyncStore.countLimit
        if found.count > page.count, let last = page.last {
            response.nextPageToken = context.pageTokens.issue(
                list: "ListAssets", filter: bound,
                position: [last.scope.type, last.arn, "\(last.key)", "\(counted)"])
        }
        return response
    }

    private static func cursor(_ position: [String]) throws(RPCError) -> (cursor: AssetCursor, counted: Int) {
        guard position.count == 4, let key = Int64(position[2]), let counted = Int(position[3]) else {
            throw FieldRule.violated("page_token", "has to be the next_page_token of the same list")
        }
        return (AssetCursor(type: position[0], arn: position[1], key: key), counted)
    }

    /// So many of a page's items as a message holds with ease; one at least.
    static func fitting<Item>(_ items: [Item], weight: (Item) -> Int) -> [Item] {
        var bytes = 0
        let end = items.firstIndex { item in
            defer { bytes += weight(item) }
            return bytes > 0 && bytes + weight(item) > SyncStore.streamBytes
        }
        return Array(items[..<(end ?? items.endIndex)])
    }

    static let filterLength = 0...2048

    private static func filter(_ request: ListAssetsRequest) throws(RPCError) -> AssetFilter {
        for (field, value) in [
            ("region", request.region), ("resource_type", request.resourceType), ("tag", request.tag),
            ("name", request.name), ("text", request.text),
        ] {
            try FieldRule.length(field, value, in: filterLength)
        }
        var filter = AssetFilter(
            region: request.region, type: request.resourceType, name: request.name, text: request.text)
        if !request.tag.isEmpty {
            let parts = request.tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            filter.tagKey = String(parts[0])
            filter.tagValue = parts.count > 1 ? String(parts[1]) : nil
            if filter.tagKey.isEmpty { throw FieldRule.violated("tag", "`key` or `key=value`", got: request.tag) }
        }
        return filter
    }

    func getAsset(_ request: GetAssetRequest, _ call: CallContext) async throws(RPCError) -> GetAssetResponse {
        try FieldRule.length("arn", try FieldRule.required("arn", request.arn), in: Self.filterLength)
        let account = try await optionalAccount(request.accountId, call)
        let found = try await stored { () async throws(StorageError) in
            try await store.assets(arn: request.arn, account: account?.key, type: request.resourceType)
        }
        guard let asset = found.first else { throw RPCError(.notFound, "asset \(request.arn)") }
        try Self.isOne(request.arn, types: found.map(\.scope.type), accounts: found.map(\.accountID))
        var response = GetAssetResponse()
        response.asset = API.Asset(asset)
        return response
    }

    func streamAssets(
        _ request: StreamAssetsRequest, _ stream: ResponseStream<StreamAssetsResponse>, _ call: CallContext
    ) async throws(RPCError) {
        try FieldRule.range("after_change", request.afterChange, in: 0...Int64.max)
        if request.afterChange > 0 { try FieldRule.required("epoch", request.epoch) }
        let account = try await account(request.accountId, call)
        guard await context.streams.enter() else { throw RPCError(.cancelled, "the call was cancelled") }
        defer { context.streams.leave() }
        do throws(StreamError<RPCError>) {
            try await store.stream(account: account.id, after: request.afterChange, epoch: request.epoch) {
                batch async throws(RPCError) in
                var response = StreamAssetsResponse()
                response.assets = batch.assets.map { API.Asset($0) }
                response.coverage = batch.coverage.map { API.Coverage($0) }
                response.change = batch.change
                response.complete = batch.isLast
                response.epoch = batch.epoch
                try await stream.send(response)
            }
        } catch {
            switch error {
            case .receiver(let failure): throw failure
            case .storage(let failure): throw self.error(failure)
            case .restarted:
                throw .passing(.unavailable, "what is stored of account \(account.id) began anew; ask again")
            }
        }
        if Task.isCancelled { throw RPCError(.cancelled, "the call was cancelled") }
    }

    func getCoverage(
        _ request: GetCoverageRequest, _ call: CallContext
    ) async throws(RPCError) -> GetCoverageResponse {
        try FieldRule.length("region", request.region, in: Self.filterLength)
        try FieldRule.length("resource_type", request.resourceType, in: Self.filterLength)
        let account = try await account(request.accountId, call)
        return try await stored { () async throws(StorageError) in
            var response = GetCoverageResponse()
            response.coverage = try await store.coverage(
                account: account.key, region: request.region, type: request.resourceType, gapsOnly: request.gapsOnly
            ).map { API.Coverage($0) }
            response.gaps = try await store.gapCounts(
                account: account.key, region: request.region, type: request.resourceType
            ).map { API.GapCount($0) }
            response.unchosenRegions = try await store.noticed(account: account.key).map { UnchosenRegion($0) }
            return response
        }
    }
}
