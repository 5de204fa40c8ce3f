import EchoAPI
import RPC

/// Answers as any service of this package would: asynchronous handlers, decoded messages.
struct EchoService: RPCService {
    static let serviceName = EchoAPI.serviceName

    func register(on router: inout Router) {
        router.unary(EchoAPI.unary) { request, _ throws(RPCError) in request }
        router.serverStreaming(EchoAPI.serverStream) { request, stream, _ throws(RPCError) in
            guard request.count >= 0, request.size >= 0 else {
                throw RPCError(.invalidArgument, "count and size: not negative")
            }
            var message = Payload()
            message.data = [UInt8](repeating: UInt8(ascii: "x"), count: Int(request.size))
            for id in 0..<request.count {
                message.id = id
                try await stream.send(message)
            }
        }
    }
}

/// Nobody is asked who they are.
struct OpenDoor: ServerInterceptor {
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
    func authorizeNow(_ call: CallContext) throws(RPCError) -> Caller? { .anonymous }
}
