/// A call about an asset that was not answered.
struct AssetGap: Sendable, Equatable {
    var call: String
    /// AWS's error code, or a word of the sync service's.
    var code: String
    /// AWS's own message.
    var message: String
}

/// An asset as it comes from the sync service.
struct ReplicaAsset: Sendable, Equatable {
    var type: String
    var arn: String
    /// Where it is: a region's name, or `global`.
    var region: String
    /// Where it was listed.
    var scope: String
    /// The id that AWS calls it by.
    var id = ""
    var name = ""
    var tags: [String: String] = [:]
    /// One JSON object.
    var configuration = "{}"
    var gaps: [AssetGap] = []
    /// Its scope could not be read since.
    var isStale = false
    var change: Int64 = 0
    /// It is gone.
    var isDeleted = false
}

/// How a scope was read.
struct ScopeCoverage: Sendable, Equatable {
    var type: String
    /// Where the listing was made: a region's name, or `global`.
    var region: String
    /// What is stored is what there is; true also where there can be nothing.
    var isComplete: Bool
    /// AWS's error code; empty when complete.
    var code = ""
    /// AWS's own message; empty when complete.
    var message = ""
}

/// What one message of the sync service brings.
struct ReplicaBatch: Sendable, Equatable {
    var assets: [ReplicaAsset] = []
    var coverage: [ScopeCoverage] = []
    /// The highest change number in it.
    var change: Int64 = 0
    /// The incarnation that the change number belongs to.
    var epoch = ""
    /// The replica is now equal to the store at `change`.
    var isComplete = false
}
