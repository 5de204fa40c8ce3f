import Wire

/// A message with a field of every kind.
struct Sample: Message {
    static let protoName = "parapet.test.Sample"

    var number: Int32 = 0
    var text = ""
    var big: Int64 = 0
    var numbers: [Int32] = []
    var blob: [UInt8] = []
    var flag = false
    var ratio: Double = 0
    var unsigned: UInt32 = 0
    var huge: UInt64 = 0
    var single: Float = 0
    var colour = Colour.unspecified
    var colours: [Colour] = []
    var maybeColour: Colour?
    var maybeNumber: Int32?
    var maybeText: String?
    var children: [Sample] = []
    var time: Timestamp?
    var texts: [String] = []
    var blobs: [[UInt8]] = []
    var labels: [String: String] = [:]
    var counts: [String: Int64] = [:]
    var choice: Choice?
    var zigzag: Int64 = 0
    var fixed: [UInt32] = []
    var unknownFields = UnknownFields()

    init() {}

    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "number", &number)
        try visitor.string(2, "text", &text)
        try visitor.int64(3, "big", &big)
        try visitor.repeated(4, "numbers", &numbers)
        try visitor.bytes(5, "blob", &blob)
        try visitor.bool(6, "flag", &flag)
        try visitor.double(7, "ratio", &ratio)
        try visitor.uint32(8, "unsigned", &unsigned)
        try visitor.uint64(9, "huge", &huge)
        try visitor.float(10, "single", &single)
        try visitor.enumeration(11, "colour", &colour)
        try visitor.repeated(12, "colours", &colours)
        try visitor.optionalEnumeration(13, "maybe_colour", &maybeColour)
        try visitor.optionalInt32(14, "maybe_number", &maybeNumber)
        try visitor.optionalString(15, "maybe_text", &maybeText)
        try visitor.repeated(16, "children", &children)
        try visitor.message(17, "time", &time)
        try visitor.repeated(18, "texts", &texts)
        try visitor.repeated(19, "blobs", &blobs)
        try visitor.map(20, "labels", &labels)
        try visitor.map(21, "counts", &counts)
        try visitor.oneof(&choice, Choice.name, \.name) { visitor, value throws(WireError) in
            try visitor.optionalString(22, "name", &value)
        }
        try visitor.oneof(&choice, Choice.child, \.child) { visitor, value throws(WireError) in
            try visitor.message(23, "child", &value)
        }
        try visitor.singular(24, "zigzag", &zigzag, SInt64Codec.self)
        try visitor.list(25, "fixed", &fixed, Fixed32Codec.self)
    }

    enum Choice: Sendable, Equatable {
        case name(String)
        indirect case child(Sample)

        var name: String? { if case .name(let value) = self { value } else { nil } }
        var child: Sample? { if case .child(let value) = self { value } else { nil } }
    }

    enum Colour: Int32, ProtoEnum {
        case unspecified = 0
        case red
        case green = 5

        static let names = EnumNames("parapet.test.Colour", prefix: "COLOUR_", "UNSPECIFIED", "RED", "GREEN")
    }

    /// With every field set.
    static let full = Sample.with {
        $0.number = -1
        $0.text = "testing é"
        $0.big = .min
        $0.numbers = [3, 270, 86942, -1]
        $0.blob = [0, 255]
        $0.flag = true
        $0.ratio = -0.5
        $0.unsigned = .max
        $0.huge = .max
        $0.single = 1.5
        $0.colour = .green
        $0.colours = [.red, .unspecified, .green]
        $0.maybeColour = .unspecified
        $0.maybeNumber = 0
        $0.maybeText = ""
        $0.children = [Sample(), .with { $0.children = [.with { $0.text = "deep" }] }]
        $0.time = Timestamp(seconds: 1, nanos: 500_000_000)
        $0.texts = ["", "b"]
        $0.blobs = [[], [1]]
        $0.labels = ["k": "v", "": ""]
        $0.counts = ["n": -3]
        $0.choice = .child(.with { $0.number = 7 })
        $0.zigzag = -3
        $0.fixed = [1, .max]
    }
}
