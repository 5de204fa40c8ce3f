// The messages of google/protobuf/descriptor.proto that reflection, roles and dynamic messages read. Options keep
// what is not named here, extensions among them, in their unknown fields.

/// `google.protobuf.FileDescriptorSet`: files in the order of their dependencies.
public struct FileDescriptorSet: Message {
    public static let protoName = "google.protobuf.FileDescriptorSet"

    public var file: [FileDescriptorProto] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "file", &file)
    }
}

/// `google.protobuf.FileDescriptorProto`: one `.proto` file.
public struct FileDescriptorProto: Message {
    public static let protoName = "google.protobuf.FileDescriptorProto"

    /// Its path relative to the root of imports.
    public var name: String?
    public var package: String?
    /// Names of the files that it imports.
    public var dependency: [String] = []
    public var messageType: [DescriptorProto] = []
    public var enumType: [EnumDescriptorProto] = []
    public var service: [ServiceDescriptorProto] = []
    public var `extension`: [FieldDescriptorProto] = []
    /// `proto3`; absent or `proto2` for proto2.
    public var syntax: String?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.optionalString(2, "package", &package)
        try visitor.repeated(3, "dependency", &dependency)
        try visitor.repeated(4, "message_type", &messageType)
        try visitor.repeated(5, "enum_type", &enumType)
        try visitor.repeated(6, "service", &service)
        try visitor.repeated(7, "extension", &`extension`)
        try visitor.optionalString(12, "syntax", &syntax)
    }
}

/// `google.protobuf.DescriptorProto`: one message.
public struct DescriptorProto: Message {
    public static let protoName = "google.protobuf.DescriptorProto"

    public var name: String?
    public var field: [FieldDescriptorProto] = []
    public var nestedType: [DescriptorProto] = []
    public var enumType: [EnumDescriptorProto] = []
    public var `extension`: [FieldDescriptorProto] = []
    public var options: MessageOptions?
    public var oneofDecl: [OneofDescriptorProto] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
        try visitor.repeated(2, "field", &field)
        try visitor.repeated(3, "nested_type", &nestedType)
        try visitor.repeated(4, "enum_type", &enumType)
        try visitor.repeated(6, "extension", &`extension`)
        try visitor.message(7, "options", &options)
        try visitor.repeated(8, "oneof_decl", &oneofDecl)
    }
}

/// `google.protobuf.OneofDescriptorProto`.
public struct OneofDescriptorProto: Message {
    public static let protoName = "google.protobuf.OneofDescriptorProto"

    public var name: String?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalString(1, "name", &name)
    }
}

/// `google.protobuf.MessageOptions`.
public struct MessageOptions: Message {
    public static let protoName = "google.protobuf.MessageOptions"

    /// Whether the message is an entry of a map field.
    public var mapEntry: Bool?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.optionalBool(7, "map_entry", &mapEntry)
    }
}
