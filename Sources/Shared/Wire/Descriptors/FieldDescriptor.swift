/// `google.protobuf.FieldDescriptorProto`: one field of a message, or an extension.
public struct FieldDescriptorProto: Message {
    public static let protoName = "google.protobuf.FieldDescriptorProto"

    public var name: String?
    /// The message that an extension extends, with a leading point.
    public var extendee: String?
    public var number: Int32?
    public var label: Label?
    public var type: FieldType?
    /// Full name of the message or enumeration, with a leading point.
    public var typeName: String?
    /// As text; proto2 only.
    public var defaultValue: String?
    public var options: FieldOptions?
    /// Index of the oneof that it belongs to, real or made for `optional`.
    public var oneofIndex: Int32?
    public var jsonName: String?
    /// Whether it is an `optional` of proto3.
    public var proto3Optional: Bool?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.optionalString(2, "extendee", &extendee)
        try visitor.optionalInt32(3, "number", &number)
        try visitor.optionalEnumeration(4, "label", &label)
        try visitor.optionalEnumeration(5, "type", &type)
        try visitor.optionalString(6, "type_name", &typeName)
        try visitor.optionalString(7, "default_value", &defaultValue)
        try visitor.message(8, "options", &options)
        try visitor.optionalInt32(9, "oneof_index", &oneofIndex)
        try visitor.optionalString(10, "json_name", &jsonName)
        try visitor.optionalBool(17, "proto3_optional", &proto3Optional)
    }

    /// How often the field may occur.
    public enum Label: Int32, ProtoEnum {
        case optional = 1
        case required
        case repeated

        public static let names = EnumNames(
            "google.protobuf.FieldDescriptorProto.Label", prefix: "LABEL_", "OPTIONAL", "REQUIRED", "REPEATED")
    }
}

extension FieldType: ProtoEnum {
    public static let names = EnumNames(
        "google.protobuf.FieldDescriptorProto.Type", prefix: "TYPE_",
        "DOUBLE", "FLOAT", "INT64", "UINT64", "INT32", "FIXED64", "FIXED32", "BOOL", "STRING", "GROUP", "MESSAGE",
        "BYTES",
        "UINT32", "ENUM", "SFIXED32", "SFIXED64", "SINT32", "SINT64")
}

/// `google.protobuf.FieldOptions`.
public struct FieldOptions: Message {
    public static let protoName = "google.protobuf.FieldOptions"

    /// Whether a repeated scalar is packed; absent: as the syntax has it.
    public var packed: Bool?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalBool(2, "packed", &packed)
    }
}

/// `google.protobuf.EnumDescriptorProto`.
public struct EnumDescriptorProto: Message {
    public static let protoName = "google.protobuf.EnumDescriptorProto"

    public var name: String?
    public var value: [EnumValueDescriptorProto] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.repeated(2, "value", &value)
    }
}

/// `google.protobuf.EnumValueDescriptorProto`.
public struct EnumValueDescriptorProto: Message {
    public static let protoName = "google.protobuf.EnumValueDescriptorProto"

    public var name: String?
    public var number: Int32?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.optionalInt32(2, "number", &number)
    }
}
