public import JSON
import Platform

// The fifteen scalars. Integers are varints unless their names say `Fixed`; `SInt` is zigzag.

/// `string`.
public enum StringCodec: ScalarCodec {
    public static var fieldType: FieldType { .string }
    @inlinable @inline(__always) public static var wireType: WireType { .lengthDelimited }
    @inlinable @inline(__always) public static var zero: String { "" }
    @inlinable @inline(__always) public static func isZero(_ value: String) -> Bool { value.isEmpty }
    @inlinable @inline(__always) public static func size(_ value: String) -> Int { lengthSize(value.utf8.count) }
    @inlinable @inline(__always) public static func write(_ value: String, to output: inout FieldOutput) {
        output.writer.varint(UInt64(value.utf8.count))
        output.writer.bytes(unsafe value.utf8.span.bytes)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> String {
        try input.reader.string(field)
    }
    public static func json(_ value: String) -> JSONValue { .string(value) }
    public static func value(_ json: JSONValue) -> String? { json.string }
}

/// `bytes`; base64 in JSON.
public enum BytesCodec: ScalarCodec {
    public static var fieldType: FieldType { .bytes }
    @inlinable @inline(__always) public static var wireType: WireType { .lengthDelimited }
    @inlinable @inline(__always) public static var zero: [UInt8] { [] }
    @inlinable @inline(__always) public static func isZero(_ value: [UInt8]) -> Bool { value.isEmpty }
    @inlinable @inline(__always) public static func size(_ value: [UInt8]) -> Int { lengthSize(value.count) }
    @inlinable @inline(__always) public static func write(_ value: [UInt8], to output: inout FieldOutput) {
        output.writer.varint(UInt64(value.count))
        output.writer.bytes(unsafe value.span.bytes)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> [UInt8] {
        try input.reader.bytes()
    }
    public static func json(_ value: [UInt8]) -> JSONValue { .string(Base64.text(value, .json)) }
    public static func value(_ json: JSONValue) -> [UInt8]? { json.string.flatMap { Base64.bytes($0, .json) } }
}

/// `bool`.
public enum BoolCodec: ScalarCodec {
    public static var fieldType: FieldType { .bool }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: Bool { false }
    @inlinable @inline(__always) public static func isZero(_ value: Bool) -> Bool { !value }
    @inlinable @inline(__always) public static func size(_ value: Bool) -> Int { 1 }
    @inlinable @inline(__always) public static func write(_ value: Bool, to output: inout FieldOutput) {
        output.writer.byte(value ? 1 : 0)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Bool {
        try input.reader.varint() != 0
    }
    public static func json(_ value: Bool) -> JSONValue { .bool(value) }
    public static func value(_ json: JSONValue) -> Bool? { json.bool }
}

/// `int32`; a negative value takes ten bytes.
public enum Int32Codec: ScalarCodec {
    public static var fieldType: FieldType { .int32 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: Int32 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int32) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int32) -> Int {
        Varint.size(UInt64(bitPattern: Int64(value)))
    }
    @inlinable @inline(__always) public static func write(_ value: Int32, to output: inout FieldOutput) {
        output.writer.varint(UInt64(bitPattern: Int64(value)))
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int32 {
        Int32(truncatingIfNeeded: try input.reader.varint())
    }
    public static func json(_ value: Int32) -> JSONValue { .integer(value) }
    public static func value(_ json: JSONValue) -> Int32? { integer(json) }
}

/// `int64`; a string in JSON.
public enum Int64Codec: ScalarCodec {
    public static var fieldType: FieldType { .int64 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: Int64 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int64) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int64) -> Int {
        Varint.size(UInt64(bitPattern: value))
    }
    @inlinable @inline(__always) public static func write(_ value: Int64, to output: inout FieldOutput) {
        output.writer.varint(UInt64(bitPattern: value))
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int64 {
        Int64(bitPattern: try input.reader.varint())
    }
    public static func json(_ value: Int64) -> JSONValue { .string(String(value)) }
    public static func value(_ json: JSONValue) -> Int64? { integer(json) }
}

/// `uint32`.
public enum UInt32Codec: ScalarCodec {
    public static var fieldType: FieldType { .uint32 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: UInt32 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: UInt32) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: UInt32) -> Int { Varint.size(UInt64(value)) }
    @inlinable @inline(__always) public static func write(_ value: UInt32, to output: inout FieldOutput) {
        output.writer.varint(UInt64(value))
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try input.reader.varint())
    }
    public static func json(_ value: UInt32) -> JSONValue { .integer(value) }
    public static func value(_ json: JSONValue) -> UInt32? { integer(json) }
}

/// `uint64`; a string in JSON.
public enum UInt64Codec: ScalarCodec {
    public static var fieldType: FieldType { .uint64 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: UInt64 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: UInt64) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: UInt64) -> Int { Varint.size(value) }
    @inlinable @inline(__always) public static func write(_ value: UInt64, to output: inout FieldOutput) {
        output.writer.varint(value)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> UInt64 {
        try input.reader.varint()
    }
    public static func json(_ value: UInt64) -> JSONValue { .string(String(value)) }
    public static func value(_ json: JSONValue) -> UInt64? { integer(json) }
}

/// `sint32`.
public enum SInt32Codec: ScalarCodec {
    public static var fieldType: FieldType { .sint32 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: Int32 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int32) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int32) -> Int {
        Varint.size(Varint.zigzag(Int64(value)))
    }
    @inlinable @inline(__always) public static func write(_ value: Int32, to output: inout FieldOutput) {
        output.writer.varint(Varint.zigzag(Int64(value)))
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int32 {
        // Bits beyond 32 are cut off before the zigzag is undone, as everywhere for 32-bit types.
        Int32(truncatingIfNeeded: Varint.unzigzag(try input.reader.varint() & 0xFFFF_FFFF))
    }
    public static func json(_ value: Int32) -> JSONValue { .integer(value) }
    public static func value(_ json: JSONValue) -> Int32? { integer(json) }
}

/// `sint64`.
public enum SInt64Codec: ScalarCodec {
    public static var fieldType: FieldType { .sint64 }
    @inlinable @inline(__always) public static var wireType: WireType { .varint }
    @inlinable @inline(__always) public static var zero: Int64 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int64) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int64) -> Int { Varint.size(Varint.zigzag(value)) }
    @inlinable @inline(__always) public static func write(_ value: Int64, to output: inout FieldOutput) {
        output.writer.varint(Varint.zigzag(value))
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int64 {
        Varint.unzigzag(try input.reader.varint())
    }
    public static func json(_ value: Int64) -> JSONValue { .string(String(value)) }
    public static func value(_ json: JSONValue) -> Int64? { integer(json) }
}

/// `fixed32`.
public enum Fixed32Codec: ScalarCodec {
    public static var fieldType: FieldType { .fixed32 }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed32 }
    @inlinable @inline(__always) public static var zero: UInt32 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: UInt32) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: UInt32) -> Int { 4 }
    @inlinable @inline(__always) public static func write(_ value: UInt32, to output: inout FieldOutput) {
        output.writer.fixed(value)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> UInt32 {
        try input.reader.fixed(UInt32.self)
    }
    public static func json(_ value: UInt32) -> JSONValue { .integer(value) }
    public static func value(_ json: JSONValue) -> UInt32? { integer(json) }
}

/// `fixed64`.
public enum Fixed64Codec: ScalarCodec {
    public static var fieldType: FieldType { .fixed64 }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed64 }
    @inlinable @inline(__always) public static var zero: UInt64 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: UInt64) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: UInt64) -> Int { 8 }
    @inlinable @inline(__always) public static func write(_ value: UInt64, to output: inout FieldOutput) {
        output.writer.fixed(value)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> UInt64 {
        try input.reader.fixed(UInt64.self)
    }
    public static func json(_ value: UInt64) -> JSONValue { .string(String(value)) }
    public static func value(_ json: JSONValue) -> UInt64? { integer(json) }
}

/// `sfixed32`.
public enum SFixed32Codec: ScalarCodec {
    public static var fieldType: FieldType { .sfixed32 }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed32 }
    @inlinable @inline(__always) public static var zero: Int32 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int32) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int32) -> Int { 4 }
    @inlinable @inline(__always) public static func write(_ value: Int32, to output: inout FieldOutput) {
        output.writer.fixed(value)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int32 {
        try input.reader.fixed(Int32.self)
    }
    public static func json(_ value: Int32) -> JSONValue { .integer(value) }
    public static func value(_ json: JSONValue) -> Int32? { integer(json) }
}

/// `sfixed64`.
public enum SFixed64Codec: ScalarCodec {
    public static var fieldType: FieldType { .sfixed64 }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed64 }
    @inlinable @inline(__always) public static var zero: Int64 { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Int64) -> Bool { value == zero }
    @inlinable @inline(__always) public static func size(_ value: Int64) -> Int { 8 }
    @inlinable @inline(__always) public static func write(_ value: Int64, to output: inout FieldOutput) {
        output.writer.fixed(value)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Int64 {
        try input.reader.fixed(Int64.self)
    }
    public static func json(_ value: Int64) -> JSONValue { .string(String(value)) }
    public static func value(_ json: JSONValue) -> Int64? { integer(json) }
}

/// `double`.
public enum DoubleCodec: ScalarCodec {
    public static var fieldType: FieldType { .double }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed64 }
    @inlinable @inline(__always) public static var zero: Double { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Double) -> Bool { value.bitPattern == 0 }
    @inlinable @inline(__always) public static func size(_ value: Double) -> Int { 8 }
    @inlinable @inline(__always) public static func write(_ value: Double, to output: inout FieldOutput) {
        output.writer.fixed(value.bitPattern)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Double {
        Double(bitPattern: try input.reader.fixed(UInt64.self))
    }
    public static func json(_ value: Double) -> JSONValue { floating(value, value.description) }
    public static func value(_ json: JSONValue) -> Double? { floating(json) }
}

/// `float`.
public enum FloatCodec: ScalarCodec {
    public static var fieldType: FieldType { .float }
    @inlinable @inline(__always) public static var wireType: WireType { .fixed32 }
    @inlinable @inline(__always) public static var zero: Float { 0 }
    @inlinable @inline(__always) public static func isZero(_ value: Float) -> Bool { value.bitPattern == 0 }
    @inlinable @inline(__always) public static func size(_ value: Float) -> Int { 4 }
    @inlinable @inline(__always) public static func write(_ value: Float, to output: inout FieldOutput) {
        output.writer.fixed(value.bitPattern)
    }
    @inlinable @inline(__always)
    public static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Float {
        Float(bitPattern: try input.reader.fixed(UInt32.self))
    }
    public static func json(_ value: Float) -> JSONValue { floating(Double(value), value.description) }
    public static func value(_ json: JSONValue) -> Float? { float(json) }
}
