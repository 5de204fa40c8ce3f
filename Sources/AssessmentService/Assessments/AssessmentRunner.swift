import API
import Platform
import RPC
import ServiceKit
import Storage

/// Makes the assessments that the board owes, one after another.
struct AssessmentRunner: Sendable {
    let store: AssessmentStore
    let board: AssessmentBoard
    let worker: ReplicaWorker
    let registry: ControlRegistry
    let catalogue: CatalogueCache
    let sync: any SyncSource
    let accounts: any AccountSource
    let logger: Logger
    let clock: any WallClock
    /// Sent when alerts have changed.
    let alertsChanged: Signal

    /// Runs until its task is cancelled.
    func run() async {
        for await _ in board.changed.subscribe() {
            while !Task.isCancelled, let record = board.next() { await make(record) }
        }
    }

    /// Makes one assessment, and tells the board how it ended.
    func make(_ queued: AssessmentRecord) async {
        var record = queued
        do throws(AssessmentFailure) {
            guard try await isOwed(record) else { return board.end(record.id) }
            record.state = .running
            board.update(record)
            try await perform(&record)
            board.end(record.id)
        } catch {
            logger.warning("assessment failed", ["assessment": .string(record.id), "error": "\(error)"])
            let failure = await settle(record, error)
            board.end(record.id, failure: failure)
        }
        await worker.endEvaluation()
        if await !isStored(record) { await worker.remove(accountID: record.accountID) }
        alertsChanged.send()
    }

    /// What others are told of a failure, after it has been written down.
    private func settle(_ record: AssessmentRecord, _ error: AssessmentFailure) async -> RPCError? {
        var record = record
        do throws(StorageError) {
            switch error {
            case .gone:
                try await store.drop(record)
                return RPCError(.notFound, "account \(record.accountID)")
            case .retry(let error):
                record.state = .interrupted
                record.problem = error.message
                try await store.setState(record)
                return error
            case .failed(let problem):
                await worker.remove(accountID: record.accountID)
                record.state = .failed
                record.ended = clock.now()
                record.problem = problem
                try await store.setState(record)
                return nil
            case .store(let error): throw error
            }
        } catch {
            return RPCError(.internalError, "the assessment could not be stored")
        }
    }

    /// Whether it has not ended since it was put on the board.
    private func isOwed(_ record: AssessmentRecord) async throws(AssessmentFailure) -> Bool {
        do throws(StorageError) {
            guard let stored = try await store.assessment(record.id) else { throw StorageError(.other, "purged") }
            return !stored.hasEnded || stored.state == .interrupted
        } catch {
            if error.message == "purged" { throw .gone }
            throw .store(error)
        }
    }

    private func isStored(_ record: AssessmentRecord) async -> Bool {
        do { return try await store.assessment(record.id) != nil } catch { return true }
    }

    private func perform(_ record: inout AssessmentRecord) async throws(AssessmentFailure) {
        record.change = try await fill(record)
        let time = clock.now()
        do throws(EvaluationError) {
            try await worker.beginEvaluation(time: time.rfc3339())
        } catch { throw .failed("\(error)") }
        let result = try await ControlRound(runner: self, time: time).evaluate(&record)
        record.state =
            record.controlsFailed == 0 && record.controlsTotal > 0
            ? .succeeded : record.controlsFailed >= record.controlsTotal ? .failed : .partial
        if record.controlsTotal == 0 { record.problem = "there are no controls" }
        do throws(StorageError) {
            guard let ended = try await store.finish(record, result, at: clock.now()) else {
                throw StorageError(.other, "purged")
            }
            record = ended
        } catch {
            if error.message == "purged" { throw .gone }
            throw .store(error)
        }
        log(record, changes: result.deltas.count)
    }

    private func log(_ record: AssessmentRecord, changes: Int) {
        logger.info(
            "assessment ended",
            [
                "account": .string(record.accountID), "assessment": .string(record.id), "state": "\(record.state)",
                "controls": LogValue(record.controlsTotal), "failed_controls": LogValue(record.controlsFailed),
                "changes": LogValue(changes), "alerts_open": LogValue(record.open),
            ])
    }
}

/// Why an assessment did not come to its end.
enum AssessmentFailure: Error {
    /// The account does not exist any more.
    case gone
    /// Worth another try when its sync asks anew.
    case retry(RPCError)
    /// Another try would end the same; for a person.
    case failed(String)
    case store(StorageError)
}
