public import Wire

/// What a column of a resource type holds.
public enum ColumnType: Int32, ProtoEnum {
    /// Never returned.
    case unspecified = 0
    /// Text.
    case text
    /// A 64-bit integer.
    case integer
    /// A double-precision number.
    case real
    /// 0 or 1.
    case boolean
    /// A JSON document as text.
    case json
    /// A time as RFC 3339 text in UTC.
    case time

    public static let names = EnumNames(
        "parapet.sync.v1.ColumnType", prefix: "COLUMN_TYPE_",
        "UNSPECIFIED", "TEXT", "INTEGER", "REAL", "BOOLEAN", "JSON", "TIME")
}

/// Column is a typed column of a resource type's table.
public struct Column: Message {
    public static let protoName = "parapet.sync.v1.Column"

    /// Its name in SQL.
    public var name = ""
    /// What it holds.
    public var type = ColumnType.unspecified
    /// Where the value is in the configuration, as a JSON path ($.Versioning.Status); in a child table, where it is
    /// in the row's element.
    public var path = ""
    /// Name of the call that supplies it; empty: the listing. Without that call the value is unknown.
    public var call = ""
    /// What it means.
    public var description = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.enumeration(2, "type", &type)
        try visitor.string(3, "path", &path)
        try visitor.string(4, "call", &call)
        try visitor.string(5, "description", &description)
    }
}

/// ChildTable is a table with one row for each element of a list in the configuration.
public struct ChildTable: Message {
    public static let protoName = "parapet.sync.v1.ChildTable"

    /// Its name in SQL.
    public var name = ""
    /// Where the list is in the configuration, as a JSON path.
    public var rows = ""
    /// Name of the call that supplies the list; empty: the listing.
    public var call = ""
    /// Its columns, beside arn and region of the asset.
    public var columns: [Column] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.string(2, "rows", &rows)
        try visitor.string(3, "call", &call)
        try visitor.repeated(4, "columns", &columns)
    }
}

/// ResourceType is an entry of the catalogue.
public struct ResourceType: Message {
    public static let protoName = "parapet.sync.v1.ResourceType"

    /// Its name, which is also its table's name in SQL.
    public var name = ""
    /// What it is, for a person.
    public var title = ""
    /// The AWS service that lists it.
    public var service = ""
    /// True when it is listed once for the account and not once a region.
    public var global = false
    /// The columns of its table, beside arn, region, name and tags.
    public var columns: [Column] = []
    /// Its child tables.
    public var childTables: [ChildTable] = []
    /// The enrichment calls, in a fixed order.
    public var calls: [String] = []
    /// IAM actions that reading it takes.
    public var iamActions: [String] = []
    /// The operations it calls, as service:Operation.
    public var operations: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.string(2, "title", &title)
        try visitor.string(3, "service", &service)
        try visitor.bool(4, "global", &global)
        try visitor.repeated(5, "columns", &columns)
        try visitor.repeated(6, "child_tables", &childTables)
        try visitor.repeated(7, "calls", &calls)
        try visitor.repeated(8, "iam_actions", &iamActions)
        try visitor.repeated(9, "operations", &operations)
    }
}

/// ListResourceTypesRequest asks for the catalogue.
public struct ListResourceTypesRequest: Message {
    public static let protoName = "parapet.sync.v1.ListResourceTypesRequest"

    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_: inout V) throws(WireError) {}
}

/// ListResourceTypesResponse is the catalogue's schema.
public struct ListResourceTypesResponse: Message {
    public static let protoName = "parapet.sync.v1.ListResourceTypesResponse"

    /// Ordered by name.
    public var resourceTypes: [ResourceType] = []
    /// Changes whenever the schema does.
    public var schemaHash = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "resource_types", &resourceTypes)
        try visitor.string(2, "schema_hash", &schemaHash)
    }
}
