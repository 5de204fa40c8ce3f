public import Wire

/// Verdict of a control on an asset.
public enum FindingStatus: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// The condition holds.
    case pass
    /// It does not.
    case fail
    /// It could not be told: something that it depends on was not read.
    case unknown
    /// It does not hold, and an exemption says that this is accepted.
    case exempt

    public static let names = EnumNames(
        "parapet.assessment.v1.FindingStatus", prefix: "FINDING_STATUS_",
        "UNSPECIFIED", "PASS", "FAIL", "UNKNOWN", "EXEMPT")
}

/// Finding is the verdict of one control on one asset.
public struct Finding: Message {
    public static let protoName = "parapet.assessment.v1.Finding"

    /// Id of the account.
    public var accountId = ""
    /// Id of the control.
    public var controlId = ""
    /// The asset's ARN.
    public var arn = ""
    /// The asset's type.
    public var resourceType = ""
    /// Where the asset is: a region's name, or `global`.
    public var region = ""
    /// The verdict.
    public var status = FindingStatus.unspecified
    /// The control's severity.
    public var severity = Severity.unspecified
    /// The value seen and the value wanted; for unknown: what was not read, in AWS's words where AWS spoke.
    public var reason = ""
    /// Since when the status has been the same.
    public var sinceTime: Timestamp?
    /// The assessment that gave this status first.
    public var assessmentId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "control_id", &controlId)
        try visitor.string(3, "arn", &arn)
        try visitor.string(4, "resource_type", &resourceType)
        try visitor.string(5, "region", &region)
        try visitor.enumeration(6, "status", &status)
        try visitor.enumeration(7, "severity", &severity)
        try visitor.string(8, "reason", &reason)
        try visitor.message(9, "since_time", &sinceTime)
        try visitor.string(10, "assessment_id", &assessmentId)
    }
}

/// ListFindingsRequest filters; every filter that is not empty must match.
public struct ListFindingsRequest: Message {
    public static let protoName = "parapet.assessment.v1.ListFindingsRequest"

    /// Account by id or name.
    public var accountId = ""
    /// Control.
    public var controlId = ""
    /// Status.
    public var status = FindingStatus.unspecified
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
        try visitor.enumeration(3, "status", &status)
        try visitor.enumeration(4, "severity", &severity)
        try visitor.string(5, "region", &region)
        try visitor.string(6, "resource_type", &resourceType)
        try visitor.string(7, "arn", &arn)
        try visitor.int32(8, "page_size", &pageSize)
        try visitor.string(9, "page_token", &pageToken)
    }
}

/// ListFindingsResponse is a page.
public struct ListFindingsResponse: Message {
    public static let protoName = "parapet.assessment.v1.ListFindingsResponse"

    /// Ordered by account, control and ARN.
    public var findings: [Finding] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    /// Findings that match, on all pages.
    public var total: Int64 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "findings", &findings)
        try visitor.string(2, "next_page_token", &nextPageToken)
        try visitor.int64(3, "total", &total)
    }
}
