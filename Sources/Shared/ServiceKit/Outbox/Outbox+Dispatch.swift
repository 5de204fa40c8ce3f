import Platform
public import Storage
import Synchronization

/// Sends one command to its receiver.
public typealias OutboxDelivery = @Sendable (OutboxCommand) async -> DeliveryVerdict

/// Runs in the transaction that records an acknowledgement or a refusal, for a change that has to come with it.
public typealias OutboxSettlement =
    @Sendable (OutboxCommand, DeliveryVerdict, borrowing Connection) throws(StorageError) -> Void

extension Outbox {
    /// Delivers until the task is cancelled. Within one destination and account in order and one at a time, different
    /// ones side by side. To be run once per outbox.
    public func run(deliver: @escaping OutboxDelivery, settle: OutboxSettlement? = nil) async {
        let lanes = Lanes()
        wake()
        await withDiscardingTaskGroup { group in
            for await _ in wakes {
                if Task.isCancelled { break }
                await dispatch(lanes, deliver, settle, &group)
            }
            group.cancelAll()
        }
    }

    /// Starts what is due, and a timer for what is due next.
    private func dispatch(
        _ lanes: Lanes, _ deliver: @escaping OutboxDelivery, _ settle: OutboxSettlement?,
        _ group: inout DiscardingTaskGroup
    ) async {
        let heads: [OutboxCommand]
        do throws(StorageError) {
            heads = try await database.read { connection throws(StorageError) in
                try OutboxStore.heads(limit: 1000, on: connection)
            }
        } catch {
            logger.error("the outbox cannot be read", ["error": "\(error)"])
            startTimer(.seconds(1), lanes, &group)
            return
        }
        let now = clock.now()
        for command in heads {
            let due = command.notBefore ?? now
            if due > now {
                // The rest is due later still; a small margin, because times are stored in whole milliseconds.
                startTimer(due - now + .milliseconds(1), lanes, &group)
                return
            }
            guard lanes.enter(command.lane, limit: parallelism) else { continue }
            group.addTask { [self] in
                let verdict = await deliver(command)
                await record(verdict, of: command, settle)
                lanes.leave(command.lane)
                wake()
            }
        }
    }

    /// One timer at a time is enough, unless the new one is to ring earlier.
    private func startTimer(_ delay: Duration, _ lanes: Lanes, _ group: inout DiscardingTaskGroup) {
        let due = clock.now() + delay
        guard lanes.setTimer(due) else { return }
        group.addTask { [self] in
            await pause(delay)
            lanes.clearTimer(due)
            wake()
        }
    }

    private func record(_ verdict: DeliveryVerdict, of command: OutboxCommand, _ settle: OutboxSettlement?) async {
        let now = clock.now()
        do throws(StorageError) {
            switch verdict {
            case .acknowledged:
                try await database.write { connection throws(StorageError) in
                    try OutboxStore.remove(command.id, on: connection)
                    try settle?(command, verdict, connection)
                }
            case .refused(let reason):
                logger.warning("a command was refused for good", command.logFields(reason))
                try await database.write { connection throws(StorageError) in
                    try OutboxStore.refuse(command.id, reason: reason, now: now, on: connection)
                    try settle?(command, verdict, connection)
                }
            case .retry(let reason):
                // A stop is not the receiver's failure.
                if Task.isCancelled { return }
                logger.warning("a command was not delivered yet", command.logFields(reason))
                let wait = policy.delay(attempt: command.attempts, random: random())
                try await database.write { connection throws(StorageError) in
                    try OutboxStore.postpone(command.id, reason: reason, until: now + wait, on: connection)
                }
            }
        } catch {
            // It will be delivered again; the pause keeps a full disk from becoming a storm of calls.
            logger.error("a delivery could not be recorded", command.logFields("\(error)"))
            await pause(.seconds(1))
        }
    }
}

extension OutboxCommand {
    fileprivate func logFields(_ reason: String) -> KeyValuePairs<String, LogValue> {
        [
            "kind": .string(kind), "destination": .string(destination), "account": .string(accountID),
            "attempt": .init(attempts + 1), "reason": .string(reason),
        ]
    }
}

/// What is being delivered, and when the next timer rings.
private final class Lanes: Sendable {
    private struct State {
        var busy: Set<OutboxCommand.Lane> = []
        var timer: WallTime?
    }

    private let state = Mutex(State())

    /// Takes a lane; false when it is taken or too many are.
    func enter(_ lane: OutboxCommand.Lane, limit: Int) -> Bool {
        state.withLock { $0.busy.count < limit && $0.busy.insert(lane).inserted }
    }

    func leave(_ lane: OutboxCommand.Lane) {
        _ = state.withLock { $0.busy.remove(lane) }
    }

    func setTimer(_ due: WallTime) -> Bool {
        state.withLock { state in
            if let timer = state.timer, timer <= due { return false }
            state.timer = due
            return true
        }
    }

    func clearTimer(_ due: WallTime) {
        state.withLock { state in
            if state.timer == due { state.timer = nil }
        }
    }
}
