import API
import RPC
import ServiceKit
import Storage

extension SyncHandlers {
    /// The part of the account that a person asks for; refused unless its names exist.
    func checkedFilter(_ request: StartSyncRequest, _ granted: GetConnectionResponse) throws(RPCError) -> RunFilter {
        let types = Set(context.coordinator.context.types.map(\.name))
        for name in request.resourceTypes where !types.contains(name) {
            throw FieldRule.violated("resource_types", "is no type of the catalogue", got: name)
        }
        let chosen = RegionChoice(granted.regions)
        let regions = Set(context.aws.regions(ofPartition: granted.roleArn)).union(chosen.names ?? [])
        for name in request.regions where name != Scope.global {
            guard regions.contains(name) else {
                throw FieldRule.violated("regions", "is no region of the account's partition", got: name)
            }
            guard chosen.contains(name) else {
                throw FieldRule.violated("regions", "is not among the account's regions", got: name)
            }
        }
        return RunFilter(types: Set(request.resourceTypes), regions: Set(request.regions))
    }

    /// What a sync would take, by what is stored: AWS is not asked.
    func priced(
        _ account: StoredAccount, _ granted: GetConnectionResponse, _ filter: RunFilter
    ) async throws(RPCError) -> StartSyncResponse {
        let (coverage, counts) = try await stored { () async throws(StorageError) in
            (try await store.coverage(account: account.key), try await store.assetCounts(account: account.key))
        }
        let choice = RegionChoice(granted.regions)
        let seen = Set(coverage.map(\.scope.region)).subtracting([Scope.global])
        let off = Set(coverage.filter { $0.state == .regionDisabled }.map(\.scope.region))
        let known = choice.names ?? (seen.isEmpty ? Set(context.aws.regions(ofPartition: granted.roleArn)) : seen)
        let types = context.coordinator.context.types
        let plan = ScopePlan(types: types, regions: known.subtracting(off).sorted()).keeping(filter, types)
        let price = context.pricing.price(
            plan, counts, read: Set(coverage.filter { $0.completeTime != nil }.map(\.scope)))
        var response = StartSyncResponse()
        response.price = price.calls.sorted { $0.key < $1.key }.map { place, calls in
            var line = CallPrice()
            line.service = place.service
            line.region = place.region
            line.calls = Int64(calls)
            line.callsPerSecond = context.pricing.rates.ceiling(of: place.service)
            return line
        }
        response.unknowns = price.unknowns
        if choice.names == nil, seen.isEmpty {
            response.unknowns.insert("which regions are enabled: all of the partition are counted", at: 0)
        }
        return response
    }
}
