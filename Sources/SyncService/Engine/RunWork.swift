import API
import Platform
import RPC
import ServiceKit
import Storage

/// The work of one run: connection, role, regions, scopes.
struct RunWork: Sendable {
    let context: EngineContext
    let control: RunControl
    let run: StoredRun

    typealias Outcome = RunExecutor.Outcome

    func work() async -> Outcome {
        do throws(StorageError) {
            let granted: GetConnectionResponse
            switch try await connect() {
            case .granted(let connection): granted = connection
            case .refused(let outcome): return outcome
            }
            try await remember(granted)
            let lease = Lease(source: context.connections, run: run.id, granted: granted, instant: context.instant)
            return try await withTaskGroup(of: Result<Outcome?, StorageError>.self) { group in
                group.addTask {
                    await keep(lease)
                    return .success(nil)
                }
                group.addTask { await result { () async throws(StorageError) in try await read(granted, lease) } }
                var ended: Result<Outcome?, StorageError> = .success(nil)
                for await result in group {
                    if case .success(nil) = result { continue }
                    ended = result
                    group.cancelAll()
                }
                return ended
            }.get() ?? .interrupted
        } catch {
            context.logger.error("sync stopped by the store", ["sync": "\(run.id)", "error": "\(error)"])
            return .ended(.failed, problem: "the service could not store what it read (\(error.kind))")
        }
    }

    private func result(
        _ body: () async throws(StorageError) -> Outcome
    ) async -> Result<Outcome?, StorageError> {
        do throws(StorageError) { return .success(try await body()) } catch { return .failure(error) }
    }

    private func keep(_ lease: Lease) async {
        let loss = await lease.keep(sleep: context.sleep) { context.events.notify(run.id) }
        if let loss { control.stop(loss) }
    }

    // MARK: The connection

    private enum Connecting {
        case granted(GetConnectionResponse)
        case refused(Outcome)
    }

    /// Asks for the connection; an account service that starts at the same time is waited for.
    private func connect() async throws(StorageError) -> Connecting {
        let start = context.instant()
        let retry = ServiceKit.RetryPolicy(base: .milliseconds(250), cap: .seconds(10))
        var attempt = 0
        while true {
            let refusal: RPCError
            do throws(RPCError) {
                return .granted(
                    try await context.connections.connection(account: run.accountID, revision: 0, run: run.id))
            } catch { refusal = error }
            if Task.isCancelled { return .refused(.interrupted) }
            switch refusal.code {
            case .failedPrecondition, .notFound:
                try await context.store.suspendSchedule(account: run.accountKey)
                control.stop(.forbidden(refusal.message))
                return .refused(.ended(.cancelled, problem: refusal.message))
            case .unavailable, .deadlineExceeded, .unauthenticated, .cancelled, .resourceExhausted, .unknown:
                break
            default: return .refused(.ended(.failed, problem: "the account service refused: \(refusal.message)"))
            }
            guard context.instant() - start < context.limits.connectPatience else {
                return .refused(
                    .ended(.failed, problem: "the account service could not be reached: \(refusal.message)"))
            }
            do throws(CancellationError) {
                try await context.sleep(retry.delay(attempt: attempt, random: context.random()) + .milliseconds(100))
            } catch { return .refused(.interrupted) }
            attempt += 1
        }
    }

    private func remember(_ granted: GetConnectionResponse) async throws(StorageError) {
        context.logger.mask(granted.externalId)
        _ = try await context.store.account(id: run.accountID, name: granted.accountName)
        // A run of a part takes no turn of the whole.
        guard run.filter.isEmpty else { return }
        let schedule = Schedule(granted.schedule)
        try await context.store.setSchedule(
            account: run.accountKey, schedule,
            nextDue: schedule.nextDue(after: context.store.now(), random: context.random()))
    }

    // MARK: Reading

    private func read(_ granted: GetConnectionResponse, _ lease: Lease) async throws(StorageError) -> Outcome {
        let store = context.store
        let choice = RegionChoice(granted.regions)
        let types = Dictionary(context.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if run.filter.isEmpty {
            _ = try await store.dropUncollected(
                account: run.accountKey,
                isCollected: { scope in
                    guard let type = types[scope.type] else { return false }
                    return type.isGlobal ? scope.region == Scope.global : choice.contains(scope.region)
                }, isChosen: { choice.contains($0) })
        }
        let redactor = Redactor(externalID: granted.externalId)
        let role = RoleConnection(
            roleARN: granted.roleArn, externalID: granted.externalId, sessionName: "parapet-\(run.id)")
        let session: any AccountSession
        do throws(ReadFailure) {
            session = try await context.aws.open(role) { () async throws(ReadFailure) in try await lease.renew() }
        } catch {
            if let loss = lease.loss { control.stop(loss) }
            if Task.isCancelled || control.reason != nil { return .interrupted }
            return try await giveUp(error, choice, redactor)
        }
        let (plan, unchosen, problem) = try await plan(session, choice, granted.roleArn)
        if Task.isCancelled { return .interrupted }
        async let noticed = glance(at: run.filter.isEmpty ? unchosen : [], by: session)
        let outcome = try await read(plan, by: session, choice, redactor, problem.map { redactor.mask($0) })
        let found = await noticed
        if !Task.isCancelled, !found.isEmpty {
            try await store.notice(account: run.accountKey, run: run.key, found)
        }
        // A renewal of the role's credentials may have found the lease gone before the lease's own turn came.
        if let loss = lease.loss { control.stop(loss) }
        return outcome
    }

    /// The role could not be assumed: nothing is known of any scope any more.
    private func giveUp(
        _ failure: ReadFailure, _ choice: RegionChoice, _ redactor: Redactor
    ) async throws(StorageError) -> Outcome {
        var failure = failure
        failure.message = redactor.mask(failure.message)
        // A region that is off says that there is nothing; a role that cannot be assumed says nothing of the kind.
        if failure.kind == .regionDisabled { failure.kind = .other }
        let known = try await context.store.scopes(account: run.accountKey)
        let regions = choice.names ?? Set(known.map(\.region)).subtracting([Scope.global])
        let plan = ScopePlan(types: context.types, regions: regions.sorted()).keeping(run.filter, context.types)
        try await begin(plan)
        try await context.store.closeAll(
            account: run.accountKey, run: run.key, plan.scopes.map { ScopeEnd(scope: $0, failure: failure) })
        return .ended(.failed, problem: "\(failure.code): \(failure.message)")
    }

    /// Which scopes there are, which regions are enabled and not chosen, and what stood in the way of knowing it.
    private func plan(
        _ session: any AccountSession, _ choice: RegionChoice, _ roleARN: String
    ) async throws(StorageError) -> (ScopePlan, unchosen: [String], problem: String?) {
        do throws(ReadFailure) {
            let states = try await session.regions()
            let enabled = Set(states.filter(\.isEnabled).map(\.name))
            let disabled = Set(states.filter { !$0.isEnabled }.map(\.name))
            // Where all are wanted, those that are off are covered too: there can be nothing in them.
            let read = choice.names.map { $0.subtracting(disabled) } ?? enabled
            let off = choice.names.map { $0.intersection(disabled) } ?? disabled
            return (
                ScopePlan(types: context.types, regions: read.sorted(), disabledRegions: off.sorted())
                    .keeping(run.filter, context.types),
                choice.names.map { enabled.subtracting($0).sorted() } ?? [], nil
            )
        } catch {
            let regions = choice.names ?? Set(context.aws.regions(ofPartition: roleARN))
            return (
                ScopePlan(types: context.types, regions: regions.sorted()).keeping(run.filter, context.types), [],
                "the account's regions could not be read: \(error.code): \(error.message)"
            )
        }
    }

    /// What one call finds in each of these regions. Nothing of it is stored as an asset.
    private func glance(at regions: [String], by session: any AccountSession) async -> [NoticedRegion] {
        await withTaskGroup(of: NoticedRegion.self) { group in
            for region in regions {
                group.addTask {
                    do throws(ReadFailure) {
                        let found = try await session.glance(at: region)
                        return NoticedRegion(region: region, instances: found.instances, hasMore: found.hasMore)
                    } catch { return NoticedRegion(region: region, code: error.code) }
                }
            }
            var found: [NoticedRegion] = []
            for await region in group { found.append(region) }
            return found
        }
    }

    private func begin(_ plan: ScopePlan) async throws(StorageError) {
        try await context.store.planScopes(account: run.accountKey, plan.all)
        let finished = try await context.store.finishedScopes(run: run.key).intersection(plan.all)
        try await context.store.setTotal(run: run.key, plan.all.count, finished: finished.count)
        control.begin(plan.counts(finished: finished, types: context.types))
        context.events.notify(run.id)
    }

    private func read(
        _ plan: ScopePlan, by session: any AccountSession, _ choice: RegionChoice, _ redactor: Redactor,
        _ problem: String?
    ) async throws(StorageError) -> Outcome {
        try await begin(plan)
        let finished = try await context.store.finishedScopes(run: run.key)
        let disabled = plan.disabled.filter { !finished.contains($0) }
        let off = ReadFailure(
            .regionDisabled, code: "RegionDisabled", message: "the region is not enabled in the account")
        let ends = disabled.map { ScopeEnd(scope: $0, failure: off) }
        try await context.store.closeAll(account: run.accountKey, run: run.key, ends)
        for end in ends { control.finished(end, service: context.service(of: end.scope.type)) }
        let crew = ScopeCrew(context: context, control: control, run: run, redactor: redactor, choice: choice)
        try await crew.read(plan.scopes, finished: finished, by: session)
        if Task.isCancelled { return .interrupted }
        guard try await context.store.finishedScopes(run: run.key).isSuperset(of: plan.all) else {
            return .ended(.failed, problem: problem ?? "reading stopped before its end")
        }
        return try await conclude(plan, problem)
    }

    /// What the run came to, from the coverage that it left.
    private func conclude(_ plan: ScopePlan, _ problem: String?) async throws(StorageError) -> Outcome {
        let wanted = Set(plan.scopes)
        let coverage = try await context.store.coverage(account: run.accountKey).filter { wanted.contains($0.scope) }
        let failed = coverage.filter { !$0.state.isComplete }
        if let first = failed.first, failed.count == coverage.count {
            return .ended(.failed, problem: "\(first.code): \(first.message)")
        }
        let isPartial = !failed.isEmpty || coverage.contains { $0.assetsWithGaps > 0 }
        return .ended(isPartial || problem != nil ? .partial : .succeeded, problem: problem ?? "")
    }
}
