public import Wire

/// How a value differs from what it was.
public enum ValueChangeKind: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// It was not there.
    case added
    /// It is not there any more.
    case removed
    /// It is another one.
    case changed
    /// What it was or is could not be read: the call that tells it was not answered.
    case unknown

    public static let names = EnumNames(
        "parapet.sync.v1.ValueChangeKind", prefix: "VALUE_CHANGE_KIND_",
        "UNSPECIFIED", "ADDED", "REMOVED", "CHANGED", "UNKNOWN")
}

/// ValueChange is one value of an asset that differs.
public struct ValueChange: Message {
    public static let protoName = "parapet.sync.v1.ValueChange"

    /// Where it is. In the configuration: `$.Rules[Id=r1].Status`, where an element of a list is named by its member
    /// that tells it from the others, by `[*]` among plain values, or else by its place, as `[0]`. Beside it: `name`,
    /// `arn`, `region`, `tags.env`.
    public var path = ""
    /// How it differs.
    public var kind = ValueChangeKind.unspecified
    /// What it was, as JSON; empty where it was not there or is not known.
    public var before = ""
    /// What it is, as JSON; empty where it is not there or is not known.
    public var after = ""
    /// True where `before` or `after` is longer than 2,048 bytes: only its beginning is here.
    public var cut = false
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "path", &path)
        try visitor.enumeration(2, "kind", &kind)
        try visitor.string(3, "before", &before)
        try visitor.string(4, "after", &after)
        try visitor.bool(5, "cut", &cut)
    }
}
