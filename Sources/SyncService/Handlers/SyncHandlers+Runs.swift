import API
import RPC
import ServiceKit
import Storage

extension SyncHandlers {
    func startSync(_ request: StartSyncRequest, _ call: CallContext) async throws(RPCError) -> StartSyncResponse {
        try FieldRule.length("idempotency_key", request.idempotencyKey, in: 0...128)
        let isService = if case .service = call.caller.kind { true } else { false }
        let cause = try Self.cause(request.trigger, isService: isService)
        if isService, request.dryRun || !request.resourceTypes.isEmpty || !request.regions.isEmpty {
            throw FieldRule.violated("dry_run", "and resource_types and regions are for people")
        }
        let account: StoredAccount
        var filter = RunFilter()
        if isService {
            account = try await serviceAccount(request)
        } else {
            let (enabled, granted) = try await enabledAccount(request.accountId, call)
            account = enabled
            filter = try checkedFilter(request, granted)
            if request.dryRun { return try await priced(account, granted, filter) }
        }
        let key = isService ? request.idempotencyKey : Self.personKey(request.idempotencyKey, call.caller)
        let outcome = try await stored { () async throws(StorageError) in
            let act = { @Sendable (run: StoredRun, connection: borrowing Connection) throws(StorageError) -> Void in
                try context.audit.append(
                    AuditEvent(call, accountID: account.id, detail: "sync \(run.id)"), on: connection)
            }
            return try await store.request(
                account: account.key, cause: cause, key: key, isPatient: isService, filter: filter, noting: act)
        }
        var response = StartSyncResponse()
        switch outcome {
        case .created(let run):
            context.coordinator.wake()
            response.sync = sync(run)
        case .existing(let run): response.sync = sync(run)
        case .busy(let run):
            throw .refused("account \(account.id): sync \(run.id) is under way (\(run.state))", .syncInProgress)
        case .assessing(let run):
            throw .refused(
                "account \(account.id): the assessment of sync \(run.id) is under way", .assessmentInProgress)
        }
        return response
    }

    private static func cause(_ trigger: SyncTrigger, isService: Bool) throws(RPCError) -> RunCause {
        switch trigger {
        case .unspecified, .manual: return .manual
        case .change where isService: return .change
        case .schedule where isService: return .schedule
        case .change, .schedule:
            throw FieldRule.violated("trigger", "only the account service gives another reason than manual")
        }
    }

    /// Two persons' keys are two wishes.
    private static func personKey(_ key: String, _ caller: Caller) -> String {
        key.isEmpty ? "" : "\(caller.name)\u{1F}\(key)"
    }

    /// Of the account service's wish, which may come before anything else is known of the account.
    private func serviceAccount(_ request: StartSyncRequest) async throws(RPCError) -> StoredAccount {
        try FieldRule.length(
            "account_id", try FieldRule.required("account_id", request.accountId), in: Self.accountReference)
        return try await stored { () async throws(StorageError) in
            try await store.account(id: request.accountId, name: "")
        }
    }

    /// The account, if the account service lets it be read now.
    private func enabledAccount(
        _ reference: String, _ call: CallContext
    ) async throws(RPCError) -> (StoredAccount, GetConnectionResponse) {
        let named = try await account(reference, call)
        let granted = try await context.connections.connection(account: named.id, revision: 0, run: "")
        let account = try await stored { () async throws(StorageError) in
            try await store.account(id: granted.accountId, name: granted.accountName)
        }
        return (account, granted)
    }

    func getSync(_ request: GetSyncRequest, _ call: CallContext) async throws(RPCError) -> GetSyncResponse {
        var response = GetSyncResponse()
        let run = try await run(request.syncId)
        response.sync = sync(run)
        let usage = try await stored { () async throws(StorageError) in try await store.usage(run: run.key) }
        response.usage = usage.map { CallUsage($0) }
        let noticed = try await stored { () async throws(StorageError) in try await store.noticed(run: run.key) }
        response.unchosenRegions = noticed.map { UnchosenRegion($0) }
        return response
    }

    func listSyncs(_ request: ListSyncsRequest, _ call: CallContext) async throws(RPCError) -> ListSyncsResponse {
        let limit = try Self.pageSize(request.pageSize)
        let filter = [request.accountId, "\(request.state.rawValue)"]
        let position = try context.pageTokens.read(request.pageToken, list: "ListSyncs", filter: filter)
        let account = try await optionalAccount(request.accountId, call)
        let state = RunState(rawValue: Int64(request.state.rawValue))
        let before = position?.first.flatMap { Int64($0) }
        let runs = try await stored { () async throws(StorageError) in
            try await store.runs(account: account?.key, state: state, before: before, limit: limit + 1)
        }
        var response = ListSyncsResponse()
        response.syncs = runs.prefix(limit).map { sync($0) }
        if runs.count > limit, let last = runs.prefix(limit).last {
            response.nextPageToken = context.pageTokens.issue(
                list: "ListSyncs", filter: filter, position: ["\(last.key)"])
        }
        return response
    }

    func cancelSync(_ request: CancelSyncRequest, _ call: CallContext) async throws(RPCError) -> CancelSyncResponse {
        if request.syncId.isEmpty && request.accountId.isEmpty {
            throw FieldRule.violated("sync_id", "is required where account_id is empty")
        }
        let reason = Self.cancelReason(call.caller)
        var ended: [StoredRun] = []
        var accountID = ""
        if request.syncId.isEmpty {
            let account = try await account(request.accountId, call)
            accountID = account.id
            ended = try await stored { () async throws(StorageError) in
                try await context.coordinator.cancelAll(account: account.key, reason)
            }
        } else {
            let run = try await run(request.syncId)
            accountID = run.accountID
            if !request.accountId.isEmpty, try await account(request.accountId, call).id != run.accountID {
                throw FieldRule.violated("account_id", "is not the account of sync \(run.id)", got: request.accountId)
            }
            if run.state.isOpen {
                let stopped = try await stored { () async throws(StorageError) in
                    try await context.coordinator.cancel(run, reason)
                }
                ended = stopped.map { [$0] } ?? []
            }
        }
        if !ended.isEmpty {
            await audit(
                AuditEvent(call, accountID: accountID, detail: "sync " + ended.map(\.id).joined(separator: ", ")))
        }
        var response = CancelSyncResponse()
        response.syncs = ended.map { sync($0) }
        return response
    }

    private static func cancelReason(_ caller: Caller) -> StopReason {
        if case .service(let name) = caller.kind { return .forbidden("cancelled by the \(name)") }
        return .cancelled("cancelled by \(caller.name.isEmpty ? "a person" : caller.name)")
    }

    func watchSync(
        _ request: WatchSyncRequest, _ stream: ResponseStream<WatchSyncResponse>, _ call: CallContext
    ) async throws(RPCError) {
        let id = try await run(request.syncId).id
        let changes = context.coordinator.context.events.changes(of: id)
        var iterator = changes.makeAsyncIterator()
        // Kept beyond the run's end, for the scopes that ended last.
        var control: RunControl?
        var told = 0
        while true {
            control = context.coordinator.control(of: id) ?? control
            let run = try await run(id)
            var message = progress(run)
            let ended = control?.ended(from: told) ?? []
            told += ended.count
            message.ended = ended.map { ScopeResult($0) }
            try await stream.send(message)
            if Self.isOver(run, request.throughAssessment) { return }
            // At most four messages a second; what happens meanwhile is in the next one.
            do throws(CancellationError) { try await context.sleep(.milliseconds(250)) } catch {
                throw RPCError(.cancelled, "the call was cancelled")
            }
            guard await iterator.next(isolation: nil) != nil, !Task.isCancelled else {
                throw RPCError(.cancelled, "the call was cancelled")
            }
        }
    }

    private static func isOver(_ run: StoredRun, _ throughAssessment: Bool) -> Bool {
        guard !run.state.isOpen else { return false }
        return !throughAssessment || run.assessment == .none || run.assessment == .done
    }

    private func progress(_ run: StoredRun) -> WatchSyncResponse {
        var response = WatchSyncResponse()
        response.sync = sync(run)
        guard run.state == .running, let control = context.coordinator.control(of: run.id) else { return response }
        response.callsPerSecond = Int32(clamping: control.meter.rate(at: .now))
        response.services = control.services.prefix(1000).map { count in
            var progress = ServiceProgress()
            progress.region = count.region
            progress.service = count.service
            progress.scopesTotal = Int32(clamping: count.total)
            progress.scopesDone = Int32(clamping: count.done)
            progress.scopesWithGaps = Int32(clamping: count.gaps)
            return progress
        }
        response.regions = Self.regions(response.services)
        return response
    }

    /// Regions that still have scopes to read; the services are ordered by region.
    private static func regions(_ services: [ServiceProgress]) -> [RegionProgress] {
        var regions: [RegionProgress] = []
        for service in services {
            if regions.last?.region != service.region {
                var region = RegionProgress()
                region.region = service.region
                regions.append(region)
            }
            regions[regions.count - 1].scopesTotal += service.scopesTotal
            regions[regions.count - 1].scopesDone += service.scopesDone
        }
        return Array(regions.filter { $0.scopesDone < $0.scopesTotal }.prefix(50))
    }

    // MARK: Runs

    func run(_ id: String) async throws(RPCError) -> StoredRun {
        try FieldRule.length("sync_id", try FieldRule.required("sync_id", id), in: Self.accountReference)
        let run = try await stored { () async throws(StorageError) in try await store.run(id: id) }
        guard let run else { throw RPCError(.notFound, "sync \(id)") }
        return run
    }

    /// The run with the calls that it made since they were last written.
    private func sync(_ run: StoredRun) -> Sync {
        guard run.state == .running, let control = context.coordinator.control(of: run.id) else { return Sync(run) }
        return Sync(run, calls: control.meter.total())
    }
}
