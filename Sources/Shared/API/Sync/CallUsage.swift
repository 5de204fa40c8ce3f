public import Wire

/// CallUsage is what a run called of one service in one region.
public struct CallUsage: Message {
    public static let protoName = "parapet.sync.v1.CallUsage"

    /// The AWS service.
    public var service = ""
    /// Where it was asked.
    public var region = ""
    /// Calls, retries included.
    public var calls: Int64 = 0
    /// Of these, repetitions of a call that failed.
    public var retries: Int64 = 0
    /// Answers that said to slow down.
    public var throttles: Int64 = 0
    /// Bytes of the answers' bodies.
    public var bytes: Int64 = 0
    /// The most calls that any second held.
    public var peakPerSecond: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "service", &service)
        try visitor.string(2, "region", &region)
        try visitor.int64(3, "calls", &calls)
        try visitor.int64(4, "retries", &retries)
        try visitor.int64(5, "throttles", &throttles)
        try visitor.int64(6, "bytes", &bytes)
        try visitor.int32(7, "peak_per_second", &peakPerSecond)
    }
}

/// CallPrice is what a sync takes of one service in one region.
public struct CallPrice: Message {
    public static let protoName = "parapet.sync.v1.CallPrice"

    /// The AWS service.
    public var service = ""
    /// A region's name, or `global` where the account is asked as a whole.
    public var region = ""
    /// Calls at least, by what the last sync saw: scopes, pages, and calls for each asset.
    public var calls: Int64 = 0
    /// Calls in any second, at most.
    public var callsPerSecond = 0.0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "service", &service)
        try visitor.string(2, "region", &region)
        try visitor.int64(3, "calls", &calls)
        try visitor.double(4, "calls_per_second", &callsPerSecond)
    }
}
