public import API
import Platform
public import RPC
import ServiceKit
import Storage
import Wire

/// Answers the calls of AssessmentService: unpacks requests, asks the store, the board and the registry, packs replies.
public struct AssessmentHandlers: AssessmentAPI {
    let store: AssessmentStore
    let board: AssessmentBoard
    let worker: ReplicaWorker
    let registry: ControlRegistry
    let catalogue: CatalogueCache
    let sync: any SyncSource
    let accounts: any AccountSource
    let alertsChanged: Signal
    let pageTokens: PageTokens
    let audit: AuditLog
    let logger: Logger
    let clock: any WallClock

    public func assess(_ request: AssessRequest, _ call: CallContext) async throws(RPCError) -> AssessResponse {
        try Self.identifier("account_id", request.accountId)
        try Self.identifier("sync_id", request.syncId)
        try FieldRule.range("change", request.change, in: 0...Int64.max)
        var record = try await stored { () throws(StorageError) in
            try await store.begin(accountID: request.accountId, syncID: request.syncId, at: clock.now())
        }
        guard record.accountID == request.accountId else {
            throw FieldRule.violated("sync_id", "is a sync of another account")
        }
        if !record.hasEnded {
            record.change = request.change
            board.enqueue(record)
            try await waitForEnd(record.id, call)
        }
        var response = AssessResponse()
        response.assessment = try await assessment(record.id).message
        return response
    }

    /// Returns when the assessment is no longer under way.
    private func waitForEnd(_ id: String, _ call: CallContext) async throws(RPCError) {
        for await _ in board.changed.subscribe() {
            if board.underWay(id) != nil { continue }
            if let failure = board.failure(id) { throw failure }
            return
        }
        try call.checkCancelled()
        throw RPCError(.unavailable, "the service is stopping")
    }

    public func getAssessment(
        _ request: GetAssessmentRequest, _ call: CallContext
    ) async throws(RPCError) -> GetAssessmentResponse {
        try Self.identifier("assessment_id", request.assessmentId)
        var response = GetAssessmentResponse()
        response.assessment = try await assessment(request.assessmentId).message
        return response
    }

    public func watchAssessment(
        _ request: WatchAssessmentRequest, _ stream: ResponseStream<WatchAssessmentResponse>, _ call: CallContext
    ) async throws(RPCError) {
        try Self.identifier("assessment_id", request.assessmentId)
        var last: AssessmentRecord?
        for await _ in board.changed.subscribe() {
            try call.checkCancelled()
            let record = try await assessment(request.assessmentId)
            if record != last {
                var response = WatchAssessmentResponse()
                response.assessment = record.message
                try await stream.send(response)
                last = record
            }
            if record.hasEnded { return }
        }
        try call.checkCancelled()
        throw RPCError(.unavailable, "the service is stopping")
    }

    /// As the runner has it while it is under way, else as it is stored.
    private func assessment(_ id: String) async throws(RPCError) -> AssessmentRecord {
        let found = try await stored { () throws(StorageError) in try await store.assessment(id) }
        guard let found else { throw RPCError(.notFound, "assessment \(id)") }
        return board.underWay(found.id) ?? found
    }

    public func getPosture(
        _ request: GetPostureRequest, _ call: CallContext
    ) async throws(RPCError) -> GetPostureResponse {
        let account = try await accountID(request.accountId)
        return try await stored { () throws(StorageError) in try await store.posture(accountID: account) }.message
    }

    public func purgeAccount(
        _ request: AssessmentPurgeAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> AssessmentPurgeAccountResponse {
        try Self.identifier("account_id", request.accountId)
        var response = AssessmentPurgeAccountResponse()
        response.findings = try await stored { () throws(StorageError) in
            let findings = try await store.purge(request.accountId)
            try await audit.append(AuditEvent(call, accountID: request.accountId, detail: "\(findings) findings"))
            return findings
        }
        board.cancel(accountID: request.accountId)
        await worker.remove(accountID: request.accountId)
        return response
    }
}

// MARK: What handlers share

extension AssessmentHandlers {
    /// The id of an account given by id or name; empty for an empty reference.
    func accountID(_ reference: String) async throws(RPCError) -> String {
        if reference.isEmpty { return "" }
        try Self.identifier("account_id", reference)
        CallContext.current?.account = reference
        if try await stored({ () throws(StorageError) in try await store.hasAccount(reference) }) { return reference }
        guard let account = try await accounts.account(reference) else {
            throw RPCError(.notFound, "account \(reference)")
        }
        return account.id
    }

    /// Runs what needs the database; what went wrong there is logged, and not told.
    func stored<T>(_ body: () async throws(StorageError) -> T) async throws(RPCError) -> T {
        do throws(StorageError) {
            return try await body()
        } catch {
            logger.error("the database refused", ["error": "\(error)"])
            switch error.kind {
            case .busy: throw .passing(.unavailable, "the database is busy")
            case .full: throw RPCError(.resourceExhausted, "the service's disk is full")
            default: throw RPCError(.internalError, "the database failed")
            }
        }
    }

    static func identifier(_ field: String, _ value: String) throws(RPCError) {
        try FieldRule.length(field, value, in: 1...128)
    }

    /// Texts of a filter: anything not too long.
    static func filterTexts(_ texts: (String, String)...) throws(RPCError) {
        for (field, value) in texts { try FieldRule.length(field, value, in: 0...2_048) }
    }

    /// Enumerations of a filter, by field number: a value that this service does not know would filter nothing.
    static func filterChoices(_ unknown: UnknownFields, _ fields: [Int32: String]) throws(RPCError) {
        if unknown.isEmpty { return }
        for (number, _) in unknown.values {
            if let field = fields[number] { throw FieldRule.violated(field, "no such value") }
        }
    }

    static func pageSize(_ size: Int32) throws(RPCError) -> Int {
        Int(try FieldRule.range("page_size", size == 0 ? 50 : size, in: 1...500))
    }
}
