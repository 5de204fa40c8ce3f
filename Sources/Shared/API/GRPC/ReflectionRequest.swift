public import Wire

/// ServerReflectionRequest is one question.
public struct ServerReflectionRequest: Message {
    public static let protoName = "grpc.reflection.v1.ServerReflectionRequest"

    /// The host it is meant for.
    public var host = ""
    /// The question.
    public var messageRequest: MessageRequest?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "host", &host)
        try visitor.oneof(&messageRequest, MessageRequest.fileByFilename, \.fileByFilename) {
            visitor, value throws(WireError) in
            try visitor.optionalString(3, "file_by_filename", &value)
        }
        try visitor.oneof(&messageRequest, MessageRequest.fileContainingSymbol, \.fileContainingSymbol) {
            visitor, value throws(WireError) in
            try visitor.optionalString(4, "file_containing_symbol", &value)
        }
        try visitor.oneof(&messageRequest, MessageRequest.fileContainingExtension, \.fileContainingExtension) {
            visitor, value throws(WireError) in
            try visitor.message(5, "file_containing_extension", &value)
        }
        try visitor.oneof(&messageRequest, MessageRequest.allExtensionNumbersOfType, \.allExtensionNumbersOfType) {
            visitor, value throws(WireError) in
            try visitor.optionalString(6, "all_extension_numbers_of_type", &value)
        }
        try visitor.oneof(&messageRequest, MessageRequest.listServices, \.listServices) {
            visitor, value throws(WireError) in
            try visitor.optionalString(7, "list_services", &value)
        }
    }

    /// The question.
    public enum MessageRequest: Sendable, Equatable {
        /// A file by its name.
        case fileByFilename(String)
        /// The file that defines a symbol.
        case fileContainingSymbol(String)
        /// The file that defines an extension.
        case fileContainingExtension(ExtensionRequest)
        /// Numbers of all extensions of a type.
        case allExtensionNumbersOfType(String)
        /// Names of all services.
        case listServices(String)

        @inlinable var fileByFilename: String? { if case .fileByFilename(let value) = self { value } else { nil } }

        @inlinable var fileContainingSymbol: String? {
            if case .fileContainingSymbol(let value) = self { value } else { nil }
        }

        @inlinable var fileContainingExtension: ExtensionRequest? {
            if case .fileContainingExtension(let value) = self { value } else { nil }
        }

        @inlinable var allExtensionNumbersOfType: String? {
            if case .allExtensionNumbersOfType(let value) = self { value } else { nil }
        }

        @inlinable var listServices: String? { if case .listServices(let value) = self { value } else { nil } }
    }
}

/// ExtensionRequest names an extension.
public struct ExtensionRequest: Message {
    public static let protoName = "grpc.reflection.v1.ExtensionRequest"

    /// The type that is extended.
    public var containingType = ""
    /// The field's number.
    public var extensionNumber: Int32 = 0
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "containing_type", &containingType)
        try visitor.int32(2, "extension_number", &extensionNumber)
    }
}
