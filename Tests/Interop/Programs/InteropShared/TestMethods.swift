public import RPC

/// The methods of gRPC's interop test services.
public enum TestMethods {
    /// Full name of the service.
    public static let service = "grpc.testing.TestService"

    public static let emptyCall = Method<Empty, Empty>(service: service, name: "EmptyCall")
    public static let unaryCall = Method<SimpleRequest, SimpleResponse>(service: service, name: "UnaryCall")
    public static let cacheableUnaryCall = Method<SimpleRequest, SimpleResponse>(
        service: service, name: "CacheableUnaryCall")
    public static let streamingOutputCall = Method<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: service, name: "StreamingOutputCall")
    public static let streamingInputCall = Method<StreamingInputCallRequest, StreamingInputCallResponse>(
        service: service, name: "StreamingInputCall")
    public static let fullDuplexCall = Method<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: service, name: "FullDuplexCall")
    public static let halfDuplexCall = Method<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: service, name: "HalfDuplexCall")

    /// No server has these.
    public static let unimplementedCall = Method<Empty, Empty>(service: service, name: "UnimplementedCall")
    public static let callOfUnimplementedService = Method<Empty, Empty>(
        service: "grpc.testing.UnimplementedService", name: "UnimplementedCall")
}

/// Metadata that an interop server gives back.
public enum EchoedMetadata {
    /// Comes back in the headers.
    public static let initial = "x-grpc-test-echo-initial"
    /// Comes back in the trailers.
    public static let trailing = "x-grpc-test-echo-trailing-bin"
}
