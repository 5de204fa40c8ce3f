public import Wire

/// RegionSelection is a rule or a list.
public struct RegionSelection: Message {
    public static let protoName = "parapet.account.v1.RegionSelection"

    /// Every region that the account has enabled, also those enabled later.
    public var all = false
    /// Names of regions, such as eu-central-1, when `all` is false: 1 to 100, without repetition.
    public var names: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.bool(1, "all", &all)
        try visitor.repeated(2, "names", &names)
    }
}

/// Whether a region can be used.
public enum OptInState: Int32, ProtoEnum {
    /// Not known: the account could not be asked.
    case unspecified = 0
    /// Always on in every account.
    case notRequired
    /// Switched on in this account.
    case optedIn
    /// Off in this account: its scopes are covered as `region disabled`.
    case notOptedIn

    public static let names = EnumNames(
        "parapet.account.v1.OptInState", prefix: "OPT_IN_STATE_",
        "UNSPECIFIED", "NOT_REQUIRED", "OPTED_IN", "NOT_OPTED_IN")
}

/// Region is a region of the account's partition.
public struct Region: Message {
    public static let protoName = "parapet.account.v1.Region"

    /// Its name, such as eu-central-1.
    public var name = ""
    /// AWS's own description, such as Europe (Frankfurt).
    public var description = ""
    /// Whether the account can use it.
    public var optInState = OptInState.unspecified
    /// Whether the account's configuration collects it.
    public var selected = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.string(2, "description", &description)
        try visitor.enumeration(3, "opt_in_state", &optInState)
        try visitor.bool(4, "selected", &selected)
    }
}

/// ListRegionsRequest names an account.
public struct ListRegionsRequest: Message {
    public static let protoName = "parapet.account.v1.ListRegionsRequest"

    /// Id or name of the account.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
    }
}

/// ListRegionsResponse lists every region of the partition.
public struct ListRegionsResponse: Message {
    public static let protoName = "parapet.account.v1.ListRegionsResponse"

    /// Ordered by name.
    public var regions: [Region] = []
    /// False where the opt-in states could not be read from the account (no role yet, refused, disabled); they are
    /// unspecified then, except for regions that need no opt-in.
    public var optInKnown = false
    /// Why they could not be read, in AWS's words where AWS spoke.
    public var optInError = ""
    /// What every region of an account holds from the start, and why those count: a VPC with its subnets, a
    /// security group, a network ACL.
    public var defaultResourcesNotice = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "regions", &regions)
        try visitor.bool(2, "opt_in_known", &optInKnown)
        try visitor.string(3, "opt_in_error", &optInError)
        try visitor.string(4, "default_resources_notice", &defaultResourcesNotice)
    }
}
