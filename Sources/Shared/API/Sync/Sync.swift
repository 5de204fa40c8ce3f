public import Wire

/// How a run stands or ended.
public enum SyncState: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Waits for the run before it, or for its turn.
    case queued
    /// Reads from AWS.
    case running
    /// Every scope was read completely.
    case succeeded
    /// Some scopes or calls ended in a gap; coverage says which and why.
    case partial
    /// Nothing could be read, for instance because the role could not be assumed.
    case failed
    /// Cancelled by a person, or because the account was disabled or deleted.
    case cancelled
    /// The service ended during the run; it resumes under the same id when the service starts.
    case interrupted

    public static let names = EnumNames(
        "parapet.sync.v1.SyncState", prefix: "SYNC_STATE_",
        "UNSPECIFIED", "QUEUED", "RUNNING", "SUCCEEDED", "PARTIAL", "FAILED", "CANCELLED", "INTERRUPTED")
}

/// Why a run was started.
public enum SyncTrigger: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// A person asked for it.
    case manual
    /// The account was connected or enabled, or its role or regions changed.
    case change
    /// Its schedule was due.
    case schedule

    public static let names = EnumNames(
        "parapet.sync.v1.SyncTrigger", prefix: "SYNC_TRIGGER_",
        "UNSPECIFIED", "MANUAL", "CHANGE", "SCHEDULE")
}

/// How the assessment that follows a run stands.
public enum AssessmentProgress: Int32, ProtoEnum {
    /// None is owed: the run has not ended, or it changed nothing that could be assessed.
    case unspecified = 0
    /// It is owed and has not been accepted yet.
    case pending
    /// It runs.
    case running
    /// It has ended.
    case done

    public static let names = EnumNames(
        "parapet.sync.v1.AssessmentProgress", prefix: "ASSESSMENT_PROGRESS_",
        "UNSPECIFIED", "PENDING", "RUNNING", "DONE")
}

/// Sync is one run over an account.
public struct Sync: Message {
    public static let protoName = "parapet.sync.v1.Sync"

    /// Opaque and stable.
    public var id = ""
    /// Id of the account.
    public var accountId = ""
    /// How it stands or ended.
    public var state = SyncState.unspecified
    /// Why it was started.
    public var trigger = SyncTrigger.unspecified
    /// When it was asked for.
    public var createTime: Timestamp?
    /// When it began to read; absent before.
    public var startTime: Timestamp?
    /// When it ended; absent before.
    public var endTime: Timestamp?
    /// Scopes (region and resource type) to read; 0 until they are known.
    public var scopesTotal: Int32 = 0
    /// Scopes read completely or given up.
    public var scopesDone: Int32 = 0
    /// Scopes that ended in a gap, disabled regions not counted.
    public var scopesWithGaps: Int32 = 0
    /// Assets seen in the scopes that were read.
    public var assetsSeen: Int64 = 0
    /// Assets that are new, changed or gone.
    public var assetsChanged: Int64 = 0
    /// Calls made to AWS, retries included.
    public var apiCalls: Int64 = 0
    /// Of these, repetitions of a call that failed.
    public var retries: Int64 = 0
    /// Answers that said to slow down.
    public var throttles: Int64 = 0
    /// Why it failed or was cancelled, for a person, in AWS's words where AWS spoke; else empty.
    public var problem = ""
    /// How the assessment that follows stands.
    public var assessment = AssessmentProgress.unspecified
    /// Id of that assessment; empty before it was accepted.
    public var assessmentId = ""
    /// How often the run was resumed after an interruption.
    public var resumptions: Int32 = 0
    /// The account's change number when the run ended.
    public var change: Int64 = 0
    /// Only these resource types are read; empty: all.
    public var resourceTypes: [String] = []
    /// Only what is listed in these regions is read; empty: all of the account's.
    public var regions: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.string(2, "account_id", &accountId)
        try visitor.enumeration(3, "state", &state)
        try visitor.enumeration(4, "trigger", &trigger)
        try visitor.message(5, "create_time", &createTime)
        try visitor.message(6, "start_time", &startTime)
        try visitor.message(7, "end_time", &endTime)
        try visitor.int32(8, "scopes_total", &scopesTotal)
        try visitor.int32(9, "scopes_done", &scopesDone)
        try visitor.int32(10, "scopes_with_gaps", &scopesWithGaps)
        try visitor.int64(11, "assets_seen", &assetsSeen)
        try visitor.int64(12, "assets_changed", &assetsChanged)
        try visitor.int64(13, "api_calls", &apiCalls)
        try visitor.int64(14, "retries", &retries)
        try visitor.int64(15, "throttles", &throttles)
        try visitor.string(16, "problem", &problem)
        try visitor.enumeration(17, "assessment", &assessment)
        try visitor.string(18, "assessment_id", &assessmentId)
        try visitor.int32(19, "resumptions", &resumptions)
        try visitor.int64(20, "change", &change)
        try visitor.repeated(21, "resource_types", &resourceTypes)
        try visitor.repeated(22, "regions", &regions)
    }
}
