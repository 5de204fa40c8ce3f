public import Wire

/// Where an alert is in its life.
public enum AlertState: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// The control fails.
    case open
    /// It does not fail any more; the resolution says why.
    case resolved

    public static let names = EnumNames(
        "parapet.assessment.v1.AlertState", prefix: "ALERT_STATE_",
        "UNSPECIFIED", "OPEN", "RESOLVED")
}

/// Alert is raised once for each failing control, asset and account.
public struct Alert: Message {
    public static let protoName = "parapet.assessment.v1.Alert"

    /// Opaque and stable.
    public var id = ""
    /// Id of the account.
    public var accountId = ""
    /// Id of the control.
    public var controlId = ""
    /// What should hold.
    public var title = ""
    /// How bad it is.
    public var severity = Severity.unspecified
    /// The asset's ARN.
    public var arn = ""
    /// The asset's type.
    public var resourceType = ""
    /// Where the asset is.
    public var region = ""
    /// Open or resolved.
    public var state = AlertState.unspecified
    /// The value seen and the value wanted, as the last failing evaluation found them.
    public var reason = ""
    /// When it was opened, the last time.
    public var openTime: Timestamp?
    /// When it was opened for the first time.
    public var firstOpenTime: Timestamp?
    /// When it was resolved; absent while it is open.
    public var resolveTime: Timestamp?
    /// Why it was resolved: `passes`, `not applicable`, `asset removed`, `control removed`; else empty.
    public var resolution = ""
    /// How often it was opened again.
    public var reopened: Int32 = 0
    /// False while the newest verdict is unknown: the failure could not be confirmed.
    public var confirmed = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.string(2, "account_id", &accountId)
        try visitor.string(3, "control_id", &controlId)
        try visitor.string(4, "title", &title)
        try visitor.enumeration(5, "severity", &severity)
        try visitor.string(6, "arn", &arn)
        try visitor.string(7, "resource_type", &resourceType)
        try visitor.string(8, "region", &region)
        try visitor.enumeration(9, "state", &state)
        try visitor.string(10, "reason", &reason)
        try visitor.message(11, "open_time", &openTime)
        try visitor.message(12, "first_open_time", &firstOpenTime)
        try visitor.message(13, "resolve_time", &resolveTime)
        try visitor.string(14, "resolution", &resolution)
        try visitor.int32(15, "reopened", &reopened)
        try visitor.bool(16, "confirmed", &confirmed)
    }
}

/// AlertEvent is a change in an alert's life.
public struct AlertEvent: Message {
    public static let protoName = "parapet.assessment.v1.AlertEvent"

    /// `opened`, `reopened`, `resolved`, `unconfirmed` or `confirmed`.
    public var event = ""
    /// When.
    public var time: Timestamp?
    /// The assessment that caused it.
    public var assessmentId = ""
    /// The reason at that moment.
    public var detail = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "event", &event)
        try visitor.message(2, "time", &time)
        try visitor.string(3, "assessment_id", &assessmentId)
        try visitor.string(4, "detail", &detail)
    }
}
