import Storage

/// A part of what changed in an account.
struct ChangeBatch: Sendable {
    var assets: [StoredAsset] = []
    /// In the first batch only.
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

    /// Hands over what changed after a change number, batch by batch, all of one state of the store.
    ///
    /// The reading has a connection of its own: a transaction that lasts as long as the receiver takes, in whose thread
    /// it may wait.
    ///
    /// - Parameters:
    ///   - epoch: The incarnation that `change` belongs to; another one than the account's begins anew.
    ///   - body: Takes a batch; the next one is read meanwhile.
    func stream<Failure: Error>(
        account id: String, after change: Int64, epoch: String, _ body: (ChangeBatch) async throws(Failure) -> Void
    ) async throws(StreamError<Failure>) {
        let channel = BlockingChannel<ChangeBatch>(capacity: 2)
        let database: Database
        do throws(StorageError) {
            database = try await Database.open(path: path, migrations: [], readOnly: true)
        } catch { throw .storage(error) }
        async let reading: StorageError? = SyncStore.read(database, id, change, epoch, into: channel)
        var failure: Failure?
        await withTaskCancellationHandler {
            while let batch = await channel.next() {
                do throws(Failure) { try await body(batch) } catch {
                    failure = error
                    break
                }
            }
        } onCancel: {
            channel.cancel()
        }
        channel.cancel()
        let stopped = await reading
        await database.close()
        if let failure { throw .receiver(failure) }
        if let stopped { throw .storage(stopped) }
    }

    private static func read(
        _ database: Database, _ id: String, _ change: Int64, _ epoch: String,
        into channel: BlockingChannel<ChangeBatch>
    ) async -> StorageError? {
        defer { channel.finish() }
        do throws(StorageError) {
            try await database.read { connection throws(StorageError) in
                try batches(id, change, epoch, connection) { channel.send($0) }
            }
            return nil
        } catch { return error }
    }

    private static func batches(
        _ id: String, _ change: Int64, _ epoch: String, _ connection: borrowing Connection,
        _ send: (ChangeBatch) -> Bool
    ) throws(StorageError) {
        guard let account = try find("id = ?1", [.text(id)], connection) else {
            _ = send(ChangeBatch(isLast: true))
            return
        }
        // A number of another incarnation means nothing here, nor does one that was never given out.
        let start = epoch == account.epoch && change <= account.change ? change : 0
        var batch = ChangeBatch(
            coverage: try coverage(account: account.key, after: start, connection), change: start,
            epoch: account.epoch)
        var bytes = 0
        var isWanted = true
        try changes(account: account, after: start, tombstones: start > 0, connection) { asset throws(StorageError) in
            if batch.assets.count >= streamAssets || (bytes + asset.weight > streamBytes && !batch.assets.isEmpty) {
                isWanted = send(batch)
                batch = ChangeBatch(change: batch.change, epoch: account.epoch)
                bytes = 0
                guard isWanted else { return false }
            }
            batch.assets.append(asset)
            batch.change = asset.change
            bytes += asset.weight
            return true
        }
        guard isWanted else { return }
        batch.change = account.change
        batch.isLast = true
        _ = send(batch)
    }
}

/// Why a stream ended early.
enum StreamError<Receiver: Error>: Error {
    case storage(StorageError)
    case receiver(Receiver)
}
