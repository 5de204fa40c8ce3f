public import Wire

/// GetPostureRequest filters.
public struct GetPostureRequest: Message {
    public static let protoName = "parapet.assessment.v1.GetPostureRequest"

    /// Account by id or name; empty: all.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// GetPostureResponse counts.
public struct GetPostureResponse: Message {
    public static let protoName = "parapet.assessment.v1.GetPostureResponse"

    /// One entry for each severity that has verdicts, the most severe first.
    public var severities: [SeverityPosture] = []
    /// Passing share of the verdicts that could be given, weighted by severity (critical 8, high 4, medium 2, low
    /// 1), in percent, 0 to 100; absent evidence does not count. -1 when no verdict could be given.
    public var scorePercent: Double = 0
    /// Share of verdicts that could be given, in percent, 0 to 100; -1 when there is none.
    public var evidencePercent: Double = 0
    /// Alerts open now.
    public var openAlerts: Int64 = 0
    /// When the newest assessment ended; absent before the first.
    public var assessTime: Timestamp?
    /// The newest assessment; empty before the first, or for all accounts.
    public var assessmentId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "severities", &severities)
        try visitor.double(2, "score_percent", &scorePercent)
        try visitor.double(3, "evidence_percent", &evidencePercent)
        try visitor.int64(4, "open_alerts", &openAlerts)
        try visitor.message(5, "assess_time", &assessTime)
        try visitor.string(6, "assessment_id", &assessmentId)
    }
}

/// SeverityPosture counts the verdicts of controls of one severity.
public struct SeverityPosture: Message {
    public static let protoName = "parapet.assessment.v1.SeverityPosture"

    /// The severity.
    public var severity = Severity.unspecified
    /// Verdicts that the condition holds.
    public var passed: Int64 = 0
    /// Verdicts that it does not.
    public var failed: Int64 = 0
    /// Verdicts that could not be given for want of evidence.
    public var unknown: Int64 = 0
    /// Failures that an exemption accepts.
    public var exempt: Int64 = 0
    /// Alerts open now.
    public var openAlerts: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.enumeration(1, "severity", &severity)
        try visitor.int64(2, "passed", &passed)
        try visitor.int64(3, "failed", &failed)
        try visitor.int64(4, "unknown", &unknown)
        try visitor.int64(5, "exempt", &exempt)
        try visitor.int64(6, "open_alerts", &openAlerts)
    }
}
