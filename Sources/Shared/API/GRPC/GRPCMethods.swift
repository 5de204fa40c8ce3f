public import RPC

/// The methods of the standard health service.
public enum HealthMethods {
    /// Full name of the service.
    public static let service = "grpc.health.v1.Health"

    public static let check = Method<HealthCheckRequest, HealthCheckResponse>(service: service, name: "Check")
    public static let watch = Method<HealthCheckRequest, HealthCheckResponse>(service: service, name: "Watch")
}

/// The methods of the standard reflection service: both streams, one response for each request.
public enum ReflectionMethods {
    /// Full name of the service.
    public static let service = "grpc.reflection.v1.ServerReflection"
    /// What older clients ask for; its messages are the same on the wire.
    public static let alphaService = "grpc.reflection.v1alpha.ServerReflection"

    public static let serverReflectionInfo = Method<ServerReflectionRequest, ServerReflectionResponse>(
        service: service, name: "ServerReflectionInfo")
}
