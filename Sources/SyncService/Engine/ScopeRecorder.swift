import Storage

/// Compares a scope's assets with what the store holds, as they come, and writes what differs.
actor ScopeRecorder {
    /// A transaction holds at most so many assets,
    static let batchAssets = 500
    /// and about so many bytes of configurations.
    static let batchBytes = 2 << 20

    private let store: SyncStore
    private let account: Int64
    private let scope: Scope
    private let key: Int64
    private let known: [String: KnownAsset]
    private var seen: Set<String> = []
    private var batch: [(asset: PreparedAsset, known: Int64?)] = []
    private var batchedBytes = 0
    private var changed = 0
    private var listed = 0
    private var withGaps = 0

    init(store: SyncStore, account: Int64, scope: Scope) async throws(StorageError) {
        self.store = store
        self.account = account
        self.scope = scope
        (key, known) = try await store.open(account: account, scope)
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
        guard before?.fingerprint != asset.fingerprint else { return }
        batch.append((asset, before?.key))
        batchedBytes += asset.body.count
        if batch.count >= Self.batchAssets || batchedBytes >= Self.batchBytes { try await flush() }
    }

    /// Writes what has gathered.
    func flush() async throws(StorageError) {
        guard !batch.isEmpty else { return }
        let writing = batch
        batch = []
        batchedBytes = 0
        try await store.write(account: account, scope: key, type: scope.type, writing)
        changed += writing.count
    }

    /// How the reading ended; a completed one names what was not seen.
    func end(_ failure: ReadFailure?) -> ScopeEnd {
        let removed = failure == nil ? known.filter { !seen.contains($0.key) }.map(\.value.key).sorted() : []
        return ScopeEnd(
            scope: scope, failure: failure, removed: removed, seen: seen.count, changed: changed, withGaps: withGaps)
    }
}
