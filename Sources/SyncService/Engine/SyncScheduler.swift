import API
import RPC
import ServiceKit
import Storage

/// Starts the syncs whose time has come, and keeps the schedules up to date.
struct SyncScheduler: Sendable {
    /// How often it looks. Schedules count in hours.
    static let tick = Duration.seconds(30)
    /// How many looks lie between two questions for the accounts' schedules.
    static let ticksPerRefresh = 20
    /// How many looks lie between two times of tidying the store: a day's.
    static let ticksPerTidying = 2880

    let context: EngineContext
    let coordinator: SyncCoordinator

    /// Until the task is cancelled.
    func serve() async {
        var ticks = 0
        while true {
            do throws(CancellationError) { try await context.sleep(Self.tick) } catch { return }
            ticks += 1
            do throws(StorageError) {
                if ticks % Self.ticksPerRefresh == 0 { try await refresh() }
                if ticks % Self.ticksPerTidying == 0 { try await context.store.tidy(Retention()) }
                try await startDue()
            } catch {
                context.logger.error("schedules cannot be read", ["error": "\(error)"])
            }
        }
    }

    /// Queues a run for each account that is due, unless one is under way.
    func startDue() async throws(StorageError) {
        let now = context.store.now()
        for account in try await context.store.due(at: now).accounts {
            let schedule = try await context.store.schedule(account: account.key)
            guard let next = schedule.nextDue(after: now, random: context.random()) else { continue }
            try await context.store.setNextDue(account: account.key, next)
            guard try await context.store.openRuns(account: account.key).isEmpty else { continue }
            _ = try await context.store.request(account: account.key, cause: .schedule, key: "", isPatient: true)
            coordinator.wake()
        }
    }

    /// Learns schedules that were changed without a sync.
    func refresh() async throws(StorageError) {
        for (account, known) in try await context.store.scheduled() {
            guard let answer = try? await context.connections.account(account.id) else { continue }
            let schedule = Schedule(answer.schedule)
            guard schedule != known else { continue }
            try await context.store.setSchedule(
                account: account.key, schedule,
                nextDue: schedule.nextDue(after: context.store.now(), random: context.random()))
        }
    }
}
