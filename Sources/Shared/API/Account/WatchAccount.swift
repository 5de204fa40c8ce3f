public import Wire

/// What is going on for an account.
public enum AccountPhase: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Nothing runs and nothing is owed.
    case idle
    /// A sync was asked for and has not begun.
    case waiting
    /// A sync runs.
    case syncing
    /// The sync has ended and its assessment has not.
    case assessing

    public static let names = EnumNames(
        "parapet.account.v1.AccountPhase", prefix: "ACCOUNT_PHASE_",
        "UNSPECIFIED", "IDLE", "WAITING", "SYNCING", "ASSESSING")
}

/// WatchAccountRequest names an account.
public struct WatchAccountRequest: Message {
    public static let protoName = "parapet.account.v1.WatchAccountRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// WatchAccountResponse is the state at this moment.
public struct WatchAccountResponse: Message {
    public static let protoName = "parapet.account.v1.WatchAccountResponse"

    /// The account.
    public var account: Account?
    /// Where the work for it stands.
    public var phase = AccountPhase.unspecified
    /// The sync that runs or ran last; empty before the first.
    public var syncId = ""
    /// Scopes (region and resource type) to read in that sync.
    public var scopesTotal: Int32 = 0
    /// Scopes that were read or given up.
    public var scopesDone: Int32 = 0
    /// Scopes that ended in a gap.
    public var scopesWithGaps: Int32 = 0
    /// Assets read so far in that sync.
    public var assets: Int64 = 0
    /// The assessment that follows it; empty before it was accepted.
    public var assessmentId = ""
    /// Alerts open after the assessment.
    public var openAlerts: Int64 = 0
    /// Verdicts that could not be given for want of evidence.
    public var unknownFindings: Int64 = 0
    /// How the sync or the assessment ended, for a person; empty when nothing is wrong.
    public var problem = ""
    /// True in the last message: nothing is running or owed.
    public var done = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "account", &account)
        try visitor.enumeration(2, "phase", &phase)
        try visitor.string(3, "sync_id", &syncId)
        try visitor.int32(4, "scopes_total", &scopesTotal)
        try visitor.int32(5, "scopes_done", &scopesDone)
        try visitor.int32(6, "scopes_with_gaps", &scopesWithGaps)
        try visitor.int64(7, "assets", &assets)
        try visitor.string(8, "assessment_id", &assessmentId)
        try visitor.int64(9, "open_alerts", &openAlerts)
        try visitor.int64(10, "unknown_findings", &unknownFindings)
        try visitor.string(11, "problem", &problem)
        try visitor.bool(12, "done", &done)
    }
}
