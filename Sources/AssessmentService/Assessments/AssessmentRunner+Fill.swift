import API
import RPC

extension AssessmentRunner {
    /// Brings the account's replica up to date.
    ///
    /// - Returns: The change number that it has then.
    func fill(_ record: AssessmentRecord) async throws(AssessmentFailure) -> Int64 {
        do {
            let account = try await accounts.account(record.accountID)
            if account == nil { throw AssessmentFailure.gone }
            let schema = try await catalogue.refresh(sync)
            let number = account?.awsAccountId ?? ""
            let position = try await worker.open(
                accountID: record.accountID, schema: schema, accountNumber: number.isEmpty ? nil : number)
            let change = try await stream(record, position)
            try await forgetScopes(record)
            return change
        } catch let error as AssessmentFailure {
            throw error
        } catch let error as RPCError {
            if error.code == .dataLoss { await worker.remove(accountID: record.accountID) }
            throw .retry(Self.retryable(error))
        } catch {
            throw .failed("\(error)")
        }
    }

    private func stream(
        _ record: AssessmentRecord, _ position: (change: Int64, epoch: String)
    ) async throws -> Int64 {
        var request = StreamAssetsRequest()
        request.accountId = record.accountID
        request.afterChange = position.change
        request.epoch = position.epoch
        var filling = Filling(epoch: position.epoch, change: position.change)
        try await sync.streamAssets(request) { message throws(RPCError) in
            try await filling.apply(message, worker)
        }
        guard filling.isComplete else {
            throw RPCError(.unavailable, "the sync service's stream of assets ended before it was complete")
        }
        guard filling.change >= record.change else {
            throw RPCError(
                .unavailable, "the sync service is at change \(filling.change), and \(record.change) is to be assessed")
        }
        return filling.change
    }

    /// Scopes that the sync service does not know any more, such as those of a region that was taken out. What it
    /// says of the others is newer than the assets may be, and is left to the next stream.
    private func forgetScopes(_ record: AssessmentRecord) async throws {
        var request = GetCoverageRequest()
        request.accountId = record.accountID
        let coverage = try await sync.coverage(request).coverage
        try await worker.keepOnly(scopes: Set(coverage.map { ScopeName(type: $0.resourceType, region: $0.region) }))
    }

    private static func retryable(_ error: RPCError) -> RPCError {
        RPCError(.unavailable, "the assessment has to be tried again: \(error.message)")
    }
}

/// The state of a replica while messages come.
private struct Filling {
    var epoch: String
    var change: Int64
    var isComplete = false
    private var isFirst = true

    init(epoch: String, change: Int64) {
        self.epoch = epoch
        self.change = change
    }

    mutating func apply(_ message: StreamAssetsResponse, _ worker: ReplicaWorker) async throws(RPCError) {
        do throws(EvaluationError) {
            // Another incarnation: the stream holds all that exists, and what was there before is void.
            if isFirst, message.epoch != epoch { try await worker.clear() }
            (isFirst, epoch) = (false, message.epoch)
            change = message.change
            isComplete = message.complete
            try await worker.apply(ReplicaBatch(message))
        } catch {
            // A replica that cannot be filled is made anew at the next try.
            throw RPCError(.dataLoss, "\(error)")
        }
    }
}
