public import Wire

/// What a check found.
public enum ProbeOutcome: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// As it should be.
    case passed
    /// Worth mending, and no obstacle.
    case warning
    /// An obstacle.
    case failed
    /// Could not be told.
    case unknown

    public static let names = EnumNames(
        "parapet.sync.v1.ProbeOutcome", prefix: "PROBE_OUTCOME_",
        "UNSPECIFIED", "PASSED", "WARNING", "FAILED", "UNKNOWN")
}

/// ProbeRequest says what to probe.
public struct ProbeRequest: Message {
    public static let protoName = "parapet.sync.v1.ProbeRequest"

    /// Id of the account.
    public var accountId = ""
    /// Revision of the connection; 0: the one in use.
    public var revision: Int64 = 0
    /// Also list the account's regions with their opt-in state.
    public var regions = false
    /// Leave out the checks of the external ID and the waiting for a new role.
    public var quick = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.int64(2, "revision", &revision)
        try visitor.bool(3, "regions", &regions)
        try visitor.bool(4, "quick", &quick)
    }
}

/// ProbeResponse is a step or, as the last message, the result.
public struct ProbeResponse: Message {
    public static let protoName = "parapet.sync.v1.ProbeResponse"

    /// What is being done, for a person; empty in the last message.
    public var progress = ""
    /// Set in the last message only.
    public var result: ProbeResult?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "progress", &progress)
        try visitor.message(2, "result", &result)
    }
}

/// ProbeCheck is one question put to AWS.
public struct ProbeCheck: Message {
    public static let protoName = "parapet.sync.v1.ProbeCheck"

    /// `assume_role`, `external_id_omitted`, `external_id_wrong` or `account_id`.
    public var name = ""
    /// What was found.
    public var outcome = ProbeOutcome.unspecified
    /// What it means and what to do; AWS's own words where AWS spoke.
    public var message = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.enumeration(2, "outcome", &outcome)
        try visitor.string(3, "message", &message)
    }
}

/// ProbeResult is what a probe found.
public struct ProbeResult: Message {
    public static let protoName = "parapet.sync.v1.ProbeResult"

    /// In the order in which they were made.
    public var checks: [ProbeCheck] = []
    /// The account of the assumed role, 12 digits; empty when it could not be assumed.
    public var awsAccountId = ""
    /// The identity that assumed the role.
    public var principalArn = ""
    /// The revision that was probed.
    public var revision: Int64 = 0
    /// Regions of the account, where they were asked for and could be read.
    public var regions: [RegionStatus] = []
    /// Why the regions could not be read; else empty.
    public var regionsError = ""
    /// When the probe ended.
    public var time: Timestamp?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "checks", &checks)
        try visitor.string(2, "aws_account_id", &awsAccountId)
        try visitor.string(3, "principal_arn", &principalArn)
        try visitor.int64(4, "revision", &revision)
        try visitor.repeated(5, "regions", &regions)
        try visitor.string(6, "regions_error", &regionsError)
        try visitor.message(7, "time", &time)
    }
}

/// RegionStatus is a region's opt-in state in the account.
public struct RegionStatus: Message {
    public static let protoName = "parapet.sync.v1.RegionStatus"

    /// Its name.
    public var name = ""
    /// AWS's word: `opt-in-not-required`, `opted-in` or `not-opted-in`.
    public var optInStatus = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.string(2, "opt_in_status", &optInStatus)
    }
}
