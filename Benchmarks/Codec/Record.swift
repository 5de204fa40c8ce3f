import Wire

/// `Record` of `Benchmarks/proto/codec.proto`.
struct Record: Message {
    static let protoName = "bench.codec.Record"
    var id = ""
    var version: Int64 = 0
    var enabled = false
    var score = 0.0
    var digest: [UInt8] = []
    var counts: [Int32] = []
    var origin: Origin?
    var related: [Origin] = []
    var note = ""
    var kind: UInt32 = 0
    var unknownFields = UnknownFields()

    @inlinable @inline(__always)
    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "id", &id)
        try visitor.int64(2, "version", &version)
        try visitor.bool(3, "enabled", &enabled)
        try visitor.double(4, "score", &score)
        try visitor.bytes(5, "digest", &digest)
        try visitor.repeated(6, "counts", &counts)
        try visitor.message(7, "origin", &origin)
        try visitor.repeated(8, "related", &related)
        try visitor.string(9, "note", &note)
        try visitor.uint32(10, "kind", &kind)
    }
}

/// `Origin` of `Benchmarks/proto/codec.proto`.
struct Origin: Message {
    static let protoName = "bench.codec.Origin"
    var name = ""
    var number: Int64 = 0
    var token: [UInt8] = []
    var unknownFields = UnknownFields()

    @inlinable @inline(__always)
    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
        try visitor.int64(2, "number", &number)
        try visitor.bytes(3, "token", &token)
    }
}
