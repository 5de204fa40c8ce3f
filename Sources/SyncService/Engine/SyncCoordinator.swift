import ServiceKit
import Storage
import Synchronization

/// Gives each account's runs their turn, one at a time, and stops them.
final class SyncCoordinator: Sendable {
    let context: EngineContext
    private let active = Mutex<[Int64: RunControl]>([:])
    private let wakes: AsyncStream<Void>
    private let waking: AsyncStream<Void>.Continuation

    init(context: EngineContext) {
        self.context = context
        (wakes, waking) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Runs what was interrupted and what is queued, now and later, until the task is cancelled. Once per process.
    func serve() async {
        await markInterrupted()
        wake()
        await withDiscardingTaskGroup { group in
            for await _ in wakes {
                if Task.isCancelled { break }
                await dispatch(&group)
            }
            group.cancelAll()
        }
    }

    /// Marks what ran when the service last ended, as soon as the store takes it: before, no run is begun.
    private func markInterrupted() async {
        while true {
            do throws(StorageError) {
                for run in try await context.store.markInterrupted() {
                    context.logger.warning(
                        "a sync was interrupted and resumes", ["sync": "\(run.id)", "account": "\(run.accountID)"])
                }
                return
            } catch { context.logger.error("syncs cannot be run yet", ["error": "\(error)"]) }
            do throws(CancellationError) { try await context.sleep(.seconds(Self.rest)) } catch { return }
        }
    }

    /// To be called after a run was queued.
    func wake() { waking.yield() }

    private func dispatch(_ group: inout DiscardingTaskGroup) async {
        let open: [StoredRun]
        do throws(StorageError) { open = try await context.store.openRuns() } catch {
            context.logger.error("runs cannot be read", ["error": "\(error)"])
            group.addTask { [self] in
                try? await context.sleep(.seconds(1))
                wake()
            }
            return
        }
        for run in open {
            // The oldest of an account: an interrupted one is always older than a queued one.
            let control = RunControl(runID: run.id, accountKey: run.accountKey)
            let isFree = active.withLock { active in
                guard active[run.accountKey] == nil else { return false }
                active[run.accountKey] = control
                return true
            }
            guard isFree else { continue }
            group.addTask { [self] in
                await carryOut(control)
                _ = active.withLock { $0.removeValue(forKey: run.accountKey) }
                wake()
            }
        }
    }

    /// How long it rests after the store refused to be written, in seconds.
    private static let rest = 10

    /// Executes a run, again and again while the store refuses what it writes: the rests between keep a full disk from
    /// becoming a storm of calls and of lines in the log.
    private func carryOut(_ control: RunControl) async {
        var control = control
        while await !RunExecutor(context: context, control: control).execute() {
            control = renewed(control)
            for _ in 0..<Self.rest {
                do throws(CancellationError) { try await context.sleep(.seconds(1)) } catch { return }
                if control.reason != nil { break }
            }
        }
    }

    /// A control for a run's next try, which whoever asks the run to stop finds from now on.
    private func renewed(_ control: RunControl) -> RunControl {
        active.withLock { active in
            let next = RunControl(runID: control.runID, accountKey: control.accountKey)
            if let reason = control.reason { next.stop(reason) }
            active[control.accountKey] = next
            return next
        }
    }

    /// The run under way with this id.
    func control(of runID: String) -> RunControl? {
        active.withLock { $0.values.first { $0.runID == runID } }
    }

    /// Asks a run to stop, and waits until it has, for 10 seconds at most. Returns it as it is then.
    func cancel(_ run: StoredRun, _ reason: StopReason) async throws(StorageError) -> StoredRun? {
        let text =
            switch reason {
            case .cancelled(let text), .forbidden(let text), .leaseLost(let text): text
            }
        let changes = context.events.changes(of: run.id)
        if let control = control(of: run.id) {
            control.stop(reason)
        } else {
            // It waits for its turn, and now never gets it.
            _ = try await context.store.end(run: run.id, .cancelled, problem: text)
            control(of: run.id)?.stop(reason)
            context.events.notify(run.id)
        }
        return try await ended(run.id, changes)
    }

    private func ended(_ id: String, _ changes: AsyncStream<Void>) async throws(StorageError) -> StoredRun? {
        if let run = try await context.store.run(id: id), !run.state.isOpen { return run }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [context] in
                for await _ in changes {
                    if let run = try? await context.store.run(id: id), run.state.isOpen { continue }
                    return
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(10)) }
            await group.next()
            group.cancelAll()
        }
        return try await context.store.run(id: id)
    }

    /// Cancels all runs of an account. Returns those that were open, as they are now.
    func cancelAll(account: Int64, _ reason: StopReason) async throws(StorageError) -> [StoredRun] {
        var ended: [StoredRun] = []
        // Queued ones first, so that none of them gets the turn of the one that ends.
        for run in try await context.store.openRuns(account: account).reversed() {
            if let run = try await cancel(run, reason) { ended.append(run) }
        }
        return ended.reversed()
    }
}
