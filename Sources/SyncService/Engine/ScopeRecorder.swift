import Storage

/// Compares a scope's assets with what the store holds, as they come, and writes what differs.
actor ScopeRecorder {
    /// So many assets, or bytes of configurations, are handed on at once.
    private static let batchAssets = 64
    private static let batchBytes = 256 << 10

    private let scope: Scope
    private let writes: RunWrites
    private let known: [String: KnownAsset]
    private var seen: Set<String> = []
    private var batch: AssetBatch
    private var batchedBytes = 0
    private var changed = 0
    private var listed = 0
    private var withGaps = 0

    init(store: SyncStore, account: Int64, scope: Scope, writes: RunWrites) async throws(StorageError) {
        self.scope = scope
        self.writes = writes
        let (key, known) = try await store.open(account: account, scope)
        self.known = known
        batch = AssetBatch(scope: key, type: scope.type)
    }

    /// Counts listed items. Returns how many there are now.
    func count(_ items: Int) -> Int {
        listed += items
        return listed
    }

    /// Takes an asset; one seen already in this reading is ignored.
    func take(_ asset: PreparedAsset) async throws(StorageError) {
        guard seen.insert(asset.id).inserted else { return }
        if asset.gapsText != nil { withGaps += 1 }
        let before = known[asset.id]
        guard before?.fingerprint != Fingerprint(asset.fingerprint) else { return }
        batch.assets.append((asset, before?.key))
        batchedBytes += asset.body.count
        if batch.assets.count >= Self.batchAssets || batchedBytes >= Self.batchBytes { try await flush() }
    }

    /// Hands on what has gathered.
    func flush() async throws(StorageError) {
        guard !batch.assets.isEmpty else { return }
        let full = batch
        batch.assets = []
        batchedBytes = 0
        changed += full.assets.count
        try await writes.put(full)
    }

    /// How the reading ended; a completed one names what was not seen.
    func end(_ failure: ReadFailure?) -> ScopeEnd {
        let removed = failure == nil ? known.filter { !seen.contains($0.key) }.map(\.value.key).sorted() : []
        return ScopeEnd(
            scope: scope, failure: failure, removed: removed, seen: seen.count, changed: changed, withGaps: withGaps)
    }
}
