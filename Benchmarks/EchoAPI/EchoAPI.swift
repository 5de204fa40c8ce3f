public import RPC

/// The service of `Benchmarks/proto/bench.proto`.
public enum EchoAPI {
    public static let serviceName = "bench.Echo"
    public static let unary = Method<Payload, Payload>(service: serviceName, name: "Unary")
    public static let serverStream = Method<StreamRequest, Payload>(service: serviceName, name: "ServerStream")
}
