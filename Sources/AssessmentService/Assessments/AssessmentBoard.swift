import RPC
import Synchronization

/// Which assessments are owed, how those under way stand, and how they ended: between the calls that ask for them
/// and the runner that makes them.
final class AssessmentBoard: Sendable {
    private struct State {
        /// Ids, oldest first.
        var queue: [String] = []
        /// Queued or running, by id.
        var underWay: [String: AssessmentRecord] = [:]
        /// Why an assessment could not be made, for those who still wait.
        var failures: [String: RPCError] = [:]
    }

    private let state = Mutex(State())
    /// Sent at every change.
    let changed = Signal()

    /// Adds an assessment unless it is under way already.
    func enqueue(_ record: AssessmentRecord) {
        state.withLock { state in
            guard state.underWay[record.id] == nil else { return }
            state.failures[record.id] = nil
            state.underWay[record.id] = record
            state.queue.append(record.id)
        }
        changed.send()
    }

    /// The next one to make.
    func next() -> AssessmentRecord? {
        state.withLock { state in
            while !state.queue.isEmpty {
                if let record = state.underWay[state.queue.removeFirst()] { return record }
            }
            return nil
        }
    }

    func update(_ record: AssessmentRecord) {
        state.withLock { state in
            if state.underWay[record.id] != nil { state.underWay[record.id] = record }
        }
        changed.send()
    }

    /// The assessment has ended; the store has its record, unless it could not be made.
    func end(_ id: String, failure: RPCError? = nil) {
        state.withLock { state in
            state.underWay[id] = nil
            // Read by those who wait now; later ones ask anew, so a few suffice.
            if state.failures.count > 100 { state.failures.removeAll() }
            state.failures[id] = failure
        }
        changed.send()
    }

    /// An account is purged: what it waits for will not be made.
    func cancel(accountID: String) {
        let ids = state.withLock { state in
            state.underWay.values.filter { $0.accountID == accountID }.map(\.id)
        }
        for id in ids { end(id, failure: RPCError(.notFound, "account \(accountID)")) }
    }

    /// The record of an assessment under way.
    func underWay(_ id: String) -> AssessmentRecord? { state.withLock { $0.underWay[id] } }

    func failure(_ id: String) -> RPCError? { state.withLock { $0.failures[id] } }
}
