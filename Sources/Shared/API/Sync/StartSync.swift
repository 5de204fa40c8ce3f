public import Wire

/// StartSyncRequest asks for a run.
public struct StartSyncRequest: Message {
    public static let protoName = "parapet.sync.v1.StartSyncRequest"

    /// Id or name of the account; a name is accepted from people only.
    public var accountId = ""
    /// Names the wish: a second request with the same key returns the run of the first. 1 to 128
    /// characters; empty: every request is a new wish.
    public var idempotencyKey = ""
    /// Why; unspecified: manual. Only the account service may give another reason.
    public var trigger = SyncTrigger.unspecified
    /// For people: start nothing, and answer with the price.
    public var dryRun = false
    /// For people: read only these resource types, and those that they are listed from; empty: all.
    public var resourceTypes: [String] = []
    /// For people: read only what is listed in these regions, or `global`; empty: all of the account's.
    public var regions: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "account_id", &accountId)
        try visitor.string(2, "idempotency_key", &idempotencyKey)
        try visitor.enumeration(3, "trigger", &trigger)
        try visitor.bool(4, "dry_run", &dryRun)
        try visitor.repeated(5, "resource_types", &resourceTypes)
        try visitor.repeated(6, "regions", &regions)
    }
}

/// StartSyncResponse returns the run.
public struct StartSyncResponse: Message {
    public static let protoName = "parapet.sync.v1.StartSyncResponse"

    /// The run, queued or running; absent after a dry run.
    public var sync: Sync?
    /// After a dry run: the calls that the sync takes at least, ordered by service and region.
    public var price: [CallPrice] = []
    /// After a dry run: what could not be known, each a sentence.
    public var unknowns: [String] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.message(1, "sync", &sync)
        try visitor.repeated(2, "price", &price)
        try visitor.repeated(3, "unknowns", &unknowns)
    }
}

/// CancelSyncRequest names a run, or an account whose runs end.
public struct CancelSyncRequest: Message {
    public static let protoName = "parapet.sync.v1.CancelSyncRequest"

    /// Id of the run; may be empty when account_id is given.
    public var syncId = ""
    /// Id or name of an account: all its runs are cancelled, queued ones too. With sync_id it must match.
    public var accountId = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "sync_id", &syncId)
        try visitor.string(2, "account_id", &accountId)
    }
}

/// CancelSyncResponse returns the runs as they are now.
public struct CancelSyncResponse: Message {
    public static let protoName = "parapet.sync.v1.CancelSyncResponse"

    /// The runs that were cancelled; none when nothing ran.
    public var syncs: [Sync] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "syncs", &syncs)
    }
}
