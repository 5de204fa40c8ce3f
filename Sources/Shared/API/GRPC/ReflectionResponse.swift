public import Wire

/// ServerReflectionResponse is one answer.
public struct ServerReflectionResponse: Message {
    public static let protoName = "grpc.reflection.v1.ServerReflectionResponse"

    /// The host that was asked for.
    public var validHost = ""
    /// The question.
    public var originalRequest: ServerReflectionRequest?
    /// The answer.
    public var messageResponse: MessageResponse?
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "valid_host", &validHost)
        try visitor.message(2, "original_request", &originalRequest)
        try visitor.oneof(&messageResponse, MessageResponse.fileDescriptorResponse, \.fileDescriptorResponse) {
            visitor, value throws(WireError) in
            try visitor.message(4, "file_descriptor_response", &value)
        }
        try visitor.oneof(&messageResponse, MessageResponse.allExtensionNumbersResponse, \.allExtensionNumbersResponse)
        { visitor, value throws(WireError) in
            try visitor.message(5, "all_extension_numbers_response", &value)
        }
        try visitor.oneof(&messageResponse, MessageResponse.listServicesResponse, \.listServicesResponse) {
            visitor, value throws(WireError) in
            try visitor.message(6, "list_services_response", &value)
        }
        try visitor.oneof(&messageResponse, MessageResponse.errorResponse, \.errorResponse) {
            visitor, value throws(WireError) in
            try visitor.message(7, "error_response", &value)
        }
    }

    /// The answer.
    public enum MessageResponse: Sendable, Equatable {
        /// Files.
        case fileDescriptorResponse(FileDescriptorResponse)
        /// Numbers of extensions.
        case allExtensionNumbersResponse(ExtensionNumberResponse)
        /// Services.
        case listServicesResponse(ListServiceResponse)
        /// What went wrong.
        case errorResponse(ErrorResponse)

        @inlinable var fileDescriptorResponse: FileDescriptorResponse? {
            if case .fileDescriptorResponse(let value) = self { value } else { nil }
        }

        @inlinable var allExtensionNumbersResponse: ExtensionNumberResponse? {
            if case .allExtensionNumbersResponse(let value) = self { value } else { nil }
        }

        @inlinable var listServicesResponse: ListServiceResponse? {
            if case .listServicesResponse(let value) = self { value } else { nil }
        }

        @inlinable var errorResponse: ErrorResponse? { if case .errorResponse(let value) = self { value } else { nil } }
    }
}

/// FileDescriptorResponse holds files.
public struct FileDescriptorResponse: Message {
    public static let protoName = "grpc.reflection.v1.FileDescriptorResponse"

    /// FileDescriptorProto messages, encoded.
    public var fileDescriptorProto: [[UInt8]] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "file_descriptor_proto", &fileDescriptorProto)
    }
}

/// ExtensionNumberResponse holds numbers.
public struct ExtensionNumberResponse: Message {
    public static let protoName = "grpc.reflection.v1.ExtensionNumberResponse"

    /// The type that is extended.
    public var baseTypeName = ""
    /// The numbers.
    public var extensionNumber: [Int32] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "base_type_name", &baseTypeName)
        try visitor.repeated(2, "extension_number", &extensionNumber)
    }
}

/// ListServiceResponse holds names.
public struct ListServiceResponse: Message {
    public static let protoName = "grpc.reflection.v1.ListServiceResponse"

    /// The services.
    public var service: [ServiceResponse] = []
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.repeated(1, "service", &service)
    }
}

/// ServiceResponse is a service.
public struct ServiceResponse: Message {
    public static let protoName = "grpc.reflection.v1.ServiceResponse"

    /// Its full name.
    public var name = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.string(1, "name", &name)
    }
}

/// ErrorResponse is an error.
public struct ErrorResponse: Message {
    public static let protoName = "grpc.reflection.v1.ErrorResponse"

    /// A gRPC status code.
    public var errorCode: Int32 = 0
    /// What went wrong.
    public var errorMessage = ""
    public var unknownFields = UnknownFields()

    public init() {}

    @inlinable @inline(__always)
    public mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.int32(1, "error_code", &errorCode)
        try visitor.string(2, "error_message", &errorMessage)
    }
}
