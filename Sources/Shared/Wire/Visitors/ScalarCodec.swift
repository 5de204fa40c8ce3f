public import JSON

/// One kind of scalar: how it stands on the wire and in JSON. Its methods are compiled into each field's visit.
public protocol ScalarCodec {
    /// The Swift type of a value.
    associatedtype Value: Sendable, Equatable
    /// The name of the kind in a `.proto`, as the descriptors number it.
    static var fieldType: FieldType { get }
    /// How one value is delimited.
    static var wireType: WireType { get }
    /// What an absent field has.
    static var zero: Value { get }
    /// Whether a field without presence is left out. A negative zero is kept: its bits differ.
    static func isZero(_ value: Value) -> Bool
    /// Bytes of one value, its length included.
    static func size(_ value: Value) -> Int
    /// Writes one value, its length included.
    static func write(_ value: Value, to output: inout FieldOutput)
    /// Reads one value, its length included.
    static func read(from input: inout FieldInput, field: Int32) throws(WireError) -> Value
    /// The value in canonical JSON.
    static func json(_ value: Value) -> JSONValue
    /// The value of a JSON value; nil where it does not fit.
    static func value(_ json: JSONValue) -> Value?
}

/// The reading side that a codec sees.
public struct FieldInput {
    @usableFromInline var reader: ByteReader
    /// What is left of ``WireLimits/elements``.
    @usableFromInline var elements: Int
    @usableFromInline let elementLimit: Int

    @usableFromInline init(reader: ByteReader, elements: Int) {
        self.reader = reader
        self.elements = elements
        elementLimit = elements
    }

    /// Takes room for one more element.
    @inlinable @inline(__always)
    mutating func takeElement() throws(WireError) {
        guard elements > 0 else { throw .tooManyElements(limit: elementLimit) }
        elements -= 1
    }
}

/// The writing side that a codec sees.
public struct FieldOutput {
    @usableFromInline var writer: ByteWriter
    @usableFromInline init(writer: ByteWriter) { self.writer = writer }
}

/// The kinds of field, with the numbers of `google.protobuf.FieldDescriptorProto.Type`.
public enum FieldType: Int32, Sendable, CaseIterable {
    case double = 1, float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes, uint32,
        enumeration, sfixed32, sfixed64, sint32, sint64
}
