import Storage

/// A part of what changed in an account.
struct ChangeBatch: Sendable {
    var assets: [StoredAsset] = []
    /// Scopes whose coverage changed: in the first batch after the number asked for, in later ones since the one before.
    var coverage: [StoredCoverage] = []
    /// The highest change number that the batches up to this one hold.
    var change: Int64 = 0
    var isLast = false
    var epoch = ""
}

extension SyncStore {
    /// A batch holds at most so many assets,
    static let streamAssets = 500
    /// and about so many bytes: a quarter of the most that a message may have, so that what encoding adds does not matter.
    static let streamBytes = 1 << 20

    /// Hands over what changed after a change number, batch by batch, until the receiver has what the store holds.
    ///
    /// Each batch is read in a transaction of its own, so that a receiver that takes its time holds up nobody. What
    /// changes meanwhile comes again, under its new number: after the last batch the receiver's state is that of the
    /// moment when it was read.
    ///
    /// - Parameters:
    ///   - epoch: The incarnation that `change` belongs to; another one than the account's begins anew.
    func stream<Failure: Error>(
        account id: String, after change: Int64, epoch: String, _ body: (ChangeBatch) async throws(Failure) -> Void
    ) async throws(StreamError<Failure>) {
        var position: StreamPosition?
        while !Task.isCancelled {
            let batch: ChangeBatch?
            do throws(StorageError) {
                (batch, position) = try await next(account: id, after: change, epoch: epoch, position)
            } catch { throw .storage(error) }
            guard let batch else { throw .restarted }
            do throws(Failure) { try await body(batch) } catch { throw .receiver(error) }
            if batch.isLast { return }
        }
    }

    /// The batch after `position`; nil where the account's store began anew since.
    private func next(
        account id: String, after change: Int64, epoch: String, _ position: StreamPosition?
    ) async throws(StorageError) -> (ChangeBatch?, StreamPosition?) {
        let codec = codec
        return try await reader.read { connection throws(StorageError) in
            let account = try SyncStore.find("id = ?1", [.text(id)], connection)
            if let position, position.epoch != account?.epoch { return (nil, nil) }
            guard let account else { return (ChangeBatch(isLast: true), nil) }
            var position = position ?? StreamPosition(account, after: change, epoch: epoch)
            let batch = try SyncStore.batch(account, &position, codec, connection)
            return (batch, position)
        }
    }

    private static func batch(
        _ account: StoredAccount, _ position: inout StreamPosition, _ codec: BodyCodec,
        _ connection: borrowing Connection
    ) throws(StorageError) -> ChangeBatch {
        var batch = ChangeBatch(
            coverage: try coverage(account: account.key, after: position.coverage, connection),
            change: position.change, epoch: account.epoch)
        var bytes = 0
        var isFull = false
        try changes(
            account: account, after: position.change, tombstones: max(position.change, position.tombstones), codec,
            connection
        ) { asset throws(StorageError) in
            isFull =
                batch.assets.count >= streamAssets || (bytes + asset.weight > streamBytes && !batch.assets.isEmpty)
            if isFull { return false }
            batch.assets.append(asset)
            batch.change = asset.change
            bytes += asset.weight
            return true
        }
        if !isFull {
            batch.change = account.change
            batch.isLast = true
        }
        position.change = batch.change
        position.coverage = account.change
        return batch
    }
}

/// How far a stream has come.
private struct StreamPosition: Sendable {
    var epoch: String
    /// What changed up to here was handed over,
    var change: Int64
    /// and coverage up to here.
    var coverage: Int64
    /// Who begins with nothing need not hear of what went before.
    var tombstones: Int64

    /// - Parameter change: A number of another incarnation means nothing, nor does one that was never given out.
    init(_ account: StoredAccount, after change: Int64, epoch: String) {
        let start = epoch == account.epoch && change <= account.change ? change : 0
        self.epoch = account.epoch
        (self.change, coverage) = (start, start)
        tombstones = start > 0 ? start : account.change
    }
}

/// Why a stream ended early.
enum StreamError<Receiver: Error>: Error {
    case storage(StorageError)
    case receiver(Receiver)
    /// The account was purged, or its tombstones went, while it was read.
    case restarted
}
