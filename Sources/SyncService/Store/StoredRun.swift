/// How a run stands or ended; the numbers are those of `SyncState` in sync.proto.
enum RunState: Int64, Sendable, CaseIterable {
    case queued = 1
    case running
    case succeeded
    case partial
    case failed
    case cancelled
    case interrupted

    /// Whether the run has not ended.
    var isOpen: Bool { self == .queued || self == .running || self == .interrupted }
}

/// Why a run was started; the numbers are those of `SyncTrigger`.
enum RunCause: Int64, Sendable {
    case manual = 1
    case change
    case schedule
}

/// How the assessment after a run stands; the numbers are those of `AssessmentProgress`.
enum AssessmentState: Int64, Sendable {
    case none = 0
    case pending
    case running
    case done
    /// Owed, and a delivery has failed already: whoever waits for it may wait long.
    case waiting
}

/// One run over an account.
struct StoredRun: Sendable, Equatable {
    var key: Int64
    var id: String
    var accountKey: Int64
    var accountID: String
    var state: RunState
    var cause: RunCause
    var createTime: Int64
    var startTime: Int64?
    var endTime: Int64?
    var counts = RunCounts()
    var problem = ""
    var assessment = AssessmentState.none
    var assessmentID = ""
    var resumptions: Int64 = 0
    var change: Int64 = 0
    var filter = RunFilter()
}

/// What a run called of one service in one region.
struct RunUsage: Sendable, Equatable {
    var service: String
    var region: String
    var calls: Int64 = 0
    var retries: Int64 = 0
    var throttles: Int64 = 0
    /// Of the replies' bodies.
    var bytes: Int64 = 0
    /// The most calls that any second held.
    var peak: Int64 = 0

    /// All that a meter counted.
    static func all(of meter: AWSMeter) -> [RunUsage] {
        let peaks = meter.peaks()
        return meter.places().map { place, counts in
            RunUsage(
                service: place.service, region: place.region, calls: Int64(counts.calls),
                retries: Int64(counts.retries), throttles: Int64(counts.throttles), bytes: Int64(counts.bytes),
                peak: Int64(peaks[place] ?? 0))
        }
    }
}

/// What a run counts.
struct RunCounts: Sendable, Equatable {
    var scopesTotal: Int64 = 0
    var scopesDone: Int64 = 0
    var scopesWithGaps: Int64 = 0
    var assetsSeen: Int64 = 0
    var assetsChanged: Int64 = 0
    var apiCalls: Int64 = 0
    var retries: Int64 = 0
    var throttles: Int64 = 0
}
