public import Wire

/// How bad a failure is.
public enum Severity: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Hygiene.
    case low
    /// Weakens defence in depth.
    case medium
    /// Exposes data or rights to those who get a foot in the door.
    case high
    /// Exposes data or rights to anyone.
    case critical

    public static let names = EnumNames(
        "parapet.assessment.v1.Severity", prefix: "SEVERITY_",
        "UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "CRITICAL")
}

/// Control is a rule about one type of resource.
public struct Control: Message {
    public static let protoName = "parapet.assessment.v1.Control"

    /// Its id, such as s3_bucket_requires_tls.
    public var id = ""
    /// What should hold, in a line.
    public var title = ""
    /// How bad it is when it does not.
    public var severity = Severity.unspecified
    /// The type of the assets that it judges.
    public var resourceType = ""
    /// Requirements that it supports, as framework:requirement (cis_aws_3.0:2.1.4).
    public var frameworks: [String] = []
    /// Why it matters.
    public var rationale = ""
    /// How to mend a failure.
    public var remediation = ""
    /// The SQL that decides. ListControls leaves it out.
    public var sql = ""
    /// Tables that the SQL reads, ordered by name. ListControls leaves them out.
    public var tables: [String] = []
    /// Why it cannot be evaluated; else empty.
    public var problem = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.string(2, "title", &title)
        try visitor.enumeration(3, "severity", &severity)
        try visitor.string(4, "resource_type", &resourceType)
        try visitor.repeated(5, "frameworks", &frameworks)
        try visitor.string(6, "rationale", &rationale)
        try visitor.string(7, "remediation", &remediation)
        try visitor.string(8, "sql", &sql)
        try visitor.repeated(9, "tables", &tables)
        try visitor.string(10, "problem", &problem)
    }
}

/// ListControlsRequest filters; every filter that is not empty must match.
public struct ListControlsRequest: Message {
    public static let protoName = "parapet.assessment.v1.ListControlsRequest"

    /// Resource type.
    public var resourceType = ""
    /// Severity.
    public var severity = Severity.unspecified
    /// Framework, such as cis_aws_3.0, or framework:requirement.
    public var framework = ""
    /// 1 to 500; 0: 50.
    public var pageSize: Int32 = 0
    /// From an earlier response to the same filter; empty: the first page.
    public var pageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "resource_type", &resourceType)
        try visitor.enumeration(2, "severity", &severity)
        try visitor.string(3, "framework", &framework)
        try visitor.int32(4, "page_size", &pageSize)
        try visitor.string(5, "page_token", &pageToken)
    }
}

/// ListControlsResponse is a page.
public struct ListControlsResponse: Message {
    public static let protoName = "parapet.assessment.v1.ListControlsResponse"

    /// Ordered by id.
    public var controls: [Control] = []
    /// For the next page; empty on the last one.
    public var nextPageToken = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "controls", &controls)
        try visitor.string(2, "next_page_token", &nextPageToken)
    }
}

/// GetControlRequest names a control.
public struct GetControlRequest: Message {
    public static let protoName = "parapet.assessment.v1.GetControlRequest"

    /// Its id.
    public var controlId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "control_id", &controlId)
    }
}

/// GetControlResponse returns it.
public struct GetControlResponse: Message {
    public static let protoName = "parapet.assessment.v1.GetControlResponse"

    /// The control with its SQL.
    public var control: Control?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "control", &control)
    }
}
