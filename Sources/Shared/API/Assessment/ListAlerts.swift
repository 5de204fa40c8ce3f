public import Wire

/// ListAlertsRequest filters; every filter that is not empty must match.
public struct ListAlertsRequest: Message {
    public static let protoName = "parapet.assessment.v1.ListAlertsRequest"

    /// Account by id or name.
    public var accountId = ""
    /// Control.
    public var controlId = ""
    /// State.
    public var state = AlertState.unspecified
    /// Severity.
    public var severity = Severity.unspecified
    /// Region, or `global`.
    public var region = ""
    /// Resource type.
    public var resourceType = ""
    /// ARN, exactly.
    public var arn = ""
    /// 1 to 500; 0: 50.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same filter; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "control_id", &controlId)
        try visitor.enumeration(3, "state", &state)
        try visitor.enumeration(4, "severity", &severity)
        try visitor.string(5, "region", &region)
        try visitor.string(6, "resource_type", &resourceType)
        try visitor.string(7, "arn", &arn)
        try visitor.int32(8, "page_size", &pageSize)
        try visitor.string(9, "page_token", &pageToken)
    }
}

/// ListAlertsResponse is a page.
public struct ListAlertsResponse: Message {
    public static let protoName = "parapet.assessment.v1.ListAlertsResponse"

    /// The most severe first, then by control and ARN.
    public var alerts: [Alert] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    /// Alerts that match, on all pages.
    public var total: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "alerts", &alerts)
        try visitor.string(2, "next_page_token", &nextPageToken)
        try visitor.int64(3, "total", &total)
    }
}

/// GetAlertRequest names an alert.
public struct GetAlertRequest: Message {
    public static let protoName = "parapet.assessment.v1.GetAlertRequest"

    /// Its id.
    public var alertId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "alert_id", &alertId)
    }
}

/// GetAlertResponse explains an alert.
public struct GetAlertResponse: Message {
    public static let protoName = "parapet.assessment.v1.GetAlertResponse"

    /// The alert.
    public var alert: Alert?
    /// The control, with its SQL.
    public var control: Control?
    /// The asset's configuration as the evaluation saw it: canonical JSON.
    public var configuration = ""
    /// The account's change number of that configuration.
    public var change: Int64 = 0
    /// What happened to it, oldest first.
    public var events: [AlertEvent] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "alert", &alert)
        try visitor.message(2, "control", &control)
        try visitor.string(3, "configuration", &configuration)
        try visitor.int64(4, "change", &change)
        try visitor.repeated(5, "events", &events)
    }
}

/// WatchAlertsRequest filters.
public struct WatchAlertsRequest: Message {
    public static let protoName = "parapet.assessment.v1.WatchAlertsRequest"

    /// Account by id or name; empty: all.
    public var accountId = ""
    /// Send the alerts that are open now first.
    public var includeOpen = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.bool(2, "include_open", &includeOpen)
    }
}

/// WatchAlertsResponse is an alert that changed.
public struct WatchAlertsResponse: Message {
    public static let protoName = "parapet.assessment.v1.WatchAlertsResponse"

    /// The alert as it is now.
    public var alert: Alert?
    /// `opened`, `reopened` or `resolved`; `open` for those sent first.
    public var event = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "alert", &alert)
        try visitor.string(2, "event", &event)
    }
}
