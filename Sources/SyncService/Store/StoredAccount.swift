/// An account as the sync service knows it.
struct StoredAccount: Sendable, Equatable {
    /// The row.
    var key: Int64
    var id: String
    var name: String
    /// Names this incarnation of the account's store.
    var epoch: String
    /// The latest change number given out.
    var change: Int64
}

/// When an account is synced by itself.
struct Schedule: Sendable, Equatable {
    /// 1 to 168.
    var everyHours: Int
    var isOff: Bool
    static let standard = Schedule(everyHours: 24, isOff: false)
}

/// What is known of a scope.
struct StoredCoverage: Sendable, Equatable {
    var scope: Scope
    var state: ScopeState
    var code: String
    var message: String
    var operation: String
    var assets: Int64
    var assetsWithGaps: Int64
    var completeTime: Int64?
    var attemptTime: Int64?
    var change: Int64
    /// The scope is no longer collected: there is nothing in it.
    var isRemoved: Bool
}

/// An asset without its body, as stored.
struct StoredAsset: Sendable, Equatable {
    var key: Int64
    var accountID: String
    var scope: Scope
    var id: String
    var arn: String
    var name: String
    var region: String
    /// A JSON object.
    var tags: String
    var hash: [UInt8]
    var change: Int64
    var firstSeen: Int64
    var versionTime: Int64
    /// A JSON array, or nil.
    var gaps: String?
    var isStale: Bool
    var isDeleted = false
    /// Canonical JSON; empty where it was not asked for.
    var body: [UInt8] = []

    /// About how many bytes it takes in a message.
    var weight: Int {
        let texts = [id, arn, name, tags, gaps ?? ""].reduce(0) { $0 + $1.utf8.count }
        return body.count + texts + 256
    }
}

/// Gaps of single assets with the same call and code.
struct StoredGapCount: Sendable, Equatable {
    var scope: Scope
    var gap: AssetGap
    var assets: Int64
}
