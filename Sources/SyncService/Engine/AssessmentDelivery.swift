import API
import RPC
import ServiceKit
import Storage
import Wire

/// The assessment service, as the engine sees it.
protocol AssessmentPort: Sendable {
    /// Whether it answers at all.
    func isReachable(run: String) async -> Bool
    /// Assesses what a run left; answers when the assessment has ended, with its id.
    func assess(_ request: AssessRequest) async throws(RPCError) -> String
}

/// The assessment service itself.
struct RemoteAssessmentPort: AssessmentPort {
    let client: AssessmentClient
    /// An assessment's time; a delivery that takes longer is made again, and joins the first.
    var patience = Duration.seconds(3600)

    func isReachable(run: String) async -> Bool {
        var request = GetAssessmentRequest()
        request.assessmentId = run
        do throws(RPCError) {
            _ = try await client.getAssessment(request, timeout: .seconds(5))
            return true
        } catch {
            return error.code != .unavailable && error.code != .deadlineExceeded
        }
    }

    func assess(_ request: AssessRequest) async throws(RPCError) -> String {
        try await client.assess(request, timeout: patience).assessment?.id ?? ""
    }
}

/// Sends the command to assess out of the outbox, and keeps the run's row true meanwhile.
struct AssessmentDelivery: Sendable {
    static let kind = "assess"

    let store: SyncStore
    let port: any AssessmentPort
    let events: RunEvents

    /// Writes the command for a run that ended.
    static func enqueue(
        _ run: StoredRun, in outbox: Outbox, on connection: borrowing Connection
    ) throws(StorageError) {
        var request = AssessRequest()
        request.accountId = run.accountID
        request.syncId = run.id
        request.change = run.change
        try outbox.enqueue(
            OutboxCommand(
                destination: ServiceName.assessment.rawValue, kind: kind, key: run.id, accountID: run.accountID,
                payload: request.encoded()),
            on: connection)
    }

    /// One delivery.
    func deliver(_ command: OutboxCommand) async -> DeliveryVerdict {
        guard let request = try? AssessRequest(decoding: command.payload) else {
            return .refused(reason: "the command cannot be read")
        }
        let run = request.syncId
        do throws(StorageError) {
            // Purged with its account: nobody waits for it any more.
            guard try await store.run(id: run) != nil else { return .acknowledged }
            guard await port.isReachable(run: run) else {
                try await note(run, .waiting)
                return .retry(reason: "the assessment service cannot be reached")
            }
            try await note(run, .running)
            let verdict = try await assess(request)
            return verdict
        } catch {
            return .retry(reason: "the store: \(error.kind)")
        }
    }

    private func assess(_ request: AssessRequest) async throws(StorageError) -> DeliveryVerdict {
        do throws(RPCError) {
            let id = try await port.assess(request)
            try? await note(request.syncId, .done, id)
            return .acknowledged
        } catch {
            switch error.code {
            case .invalidArgument, .notFound, .failedPrecondition, .unimplemented, .outOfRange:
                try await note(request.syncId, .none)
                return .refused(reason: "\(error)")
            default:
                try await note(request.syncId, .waiting)
                return .retry(reason: "\(error)")
            }
        }
    }

    private func note(_ run: String, _ state: AssessmentState, _ id: String = "") async throws(StorageError) {
        try await store.setAssessment(run: run, state, id: id)
        events.notify(run)
    }
}
