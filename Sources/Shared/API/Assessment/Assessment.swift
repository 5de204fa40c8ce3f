public import Wire

/// How an assessment stands or ended.
public enum AssessmentState: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Accepted, not begun.
    case queued
    /// The replica is brought up to date or controls are evaluated.
    case running
    /// Every control was evaluated.
    case succeeded
    /// Some controls could not be evaluated; their earlier findings stay.
    case partial
    /// No control was evaluated.
    case failed
    /// The service ended during it; it is done again when its sync asks anew.
    case interrupted

    public static let names = EnumNames(
        "parapet.assessment.v1.AssessmentState", prefix: "ASSESSMENT_STATE_",
        "UNSPECIFIED", "QUEUED", "RUNNING", "SUCCEEDED", "PARTIAL", "FAILED", "INTERRUPTED")
}

/// Assessment is one evaluation of all controls on an account's assets.
public struct Assessment: Message {
    public static let protoName = "parapet.assessment.v1.Assessment"

    /// Opaque and stable.
    public var id = ""
    /// Id of the account.
    public var accountId = ""
    /// The sync that it follows.
    public var syncId = ""
    /// How it stands or ended.
    public var state = AssessmentState.unspecified
    /// When it was accepted.
    public var createTime: Timestamp?
    /// When it ended; absent before.
    public var endTime: Timestamp?
    /// Controls to evaluate; 0 until they are known.
    public var controlsTotal: Int32 = 0
    /// Controls evaluated, carried over unchanged, or failed.
    public var controlsDone: Int32 = 0
    /// Controls that could not be evaluated.
    public var controlsFailed: Int32 = 0
    /// Verdicts after it that the condition holds.
    public var passed: Int64 = 0
    /// Verdicts after it that the condition does not hold.
    public var failed: Int64 = 0
    /// Verdicts after it that could not be given for want of evidence.
    public var unknown: Int64 = 0
    /// Alerts that it opened for the first time.
    public var alertsOpened: Int64 = 0
    /// Alerts that it opened again.
    public var alertsReopened: Int64 = 0
    /// Alerts that it resolved.
    public var alertsResolved: Int64 = 0
    /// Alerts open after it.
    public var alertsOpen: Int64 = 0
    /// Why it failed or is partial, for a person; else empty.
    public var problem = ""
    /// The account's change number that it saw.
    public var change: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.string(2, "account_id", &accountId)
        try visitor.string(3, "sync_id", &syncId)
        try visitor.enumeration(4, "state", &state)
        try visitor.message(5, "create_time", &createTime)
        try visitor.message(6, "end_time", &endTime)
        try visitor.int32(7, "controls_total", &controlsTotal)
        try visitor.int32(8, "controls_done", &controlsDone)
        try visitor.int32(9, "controls_failed", &controlsFailed)
        try visitor.int64(10, "passed", &passed)
        try visitor.int64(11, "failed", &failed)
        try visitor.int64(12, "unknown", &unknown)
        try visitor.int64(13, "alerts_opened", &alertsOpened)
        try visitor.int64(14, "alerts_reopened", &alertsReopened)
        try visitor.int64(15, "alerts_resolved", &alertsResolved)
        try visitor.int64(16, "alerts_open", &alertsOpen)
        try visitor.string(17, "problem", &problem)
        try visitor.int64(18, "change", &change)
    }
}

/// AssessRequest names a sync.
public struct AssessRequest: Message {
    public static let protoName = "parapet.assessment.v1.AssessRequest"

    /// Id of the account.
    public var accountId = ""
    /// The sync whose result is assessed; also the key that makes repetition harmless.
    public var syncId = ""
    /// The account's change number to reach at least.
    public var change: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "sync_id", &syncId)
        try visitor.int64(3, "change", &change)
    }
}

/// AssessResponse returns the assessment.
public struct AssessResponse: Message {
    public static let protoName = "parapet.assessment.v1.AssessResponse"

    /// The assessment, ended.
    public var assessment: Assessment?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "assessment", &assessment)
    }
}

/// GetAssessmentRequest names an assessment.
public struct GetAssessmentRequest: Message {
    public static let protoName = "parapet.assessment.v1.GetAssessmentRequest"

    /// Its id, or the id of its sync.
    public var assessmentId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "assessment_id", &assessmentId)
    }
}

/// GetAssessmentResponse returns it.
public struct GetAssessmentResponse: Message {
    public static let protoName = "parapet.assessment.v1.GetAssessmentResponse"

    /// The assessment.
    public var assessment: Assessment?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "assessment", &assessment)
    }
}

/// WatchAssessmentRequest names an assessment.
public struct WatchAssessmentRequest: Message {
    public static let protoName = "parapet.assessment.v1.WatchAssessmentRequest"

    /// Its id, or the id of its sync.
    public var assessmentId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "assessment_id", &assessmentId)
    }
}

/// WatchAssessmentResponse is the assessment at this moment.
public struct WatchAssessmentResponse: Message {
    public static let protoName = "parapet.assessment.v1.WatchAssessmentResponse"

    /// The assessment.
    public var assessment: Assessment?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "assessment", &assessment)
    }
}
