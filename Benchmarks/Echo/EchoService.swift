import RPC

/// A unary echo, and a stream of `number` copies of the request.
struct EchoService: RPCService {
    static let serviceName = "parapet.bench.v1.Echo"
    static let echo = Method<EchoMessage, EchoMessage>(service: serviceName, name: "Echo")
    static let count = Method<EchoMessage, EchoMessage>(service: serviceName, name: "Count")
    static let wait = Method<EchoMessage, EchoMessage>(service: serviceName, name: "Wait")

    func register(on router: inout Router) {
        router.unary(Self.echo) { request, _ throws(RPCError) in request }
        router.serverStreaming(Self.count) { request, stream, _ throws(RPCError) in
            var message = request
            for number in 0..<request.number {
                message.number = number
                try await stream.send(message)
            }
        }
        router.unary(Self.wait) { request, call throws(RPCError) in
            do { try await Task.sleep(for: .milliseconds(request.number)) } catch {
                say(call.isCancelled ? "cancelled" : "task cancelled")
                throw RPCError(.cancelled, "cancelled")
            }
            return request
        }
    }
}

struct OpenDoor: ServerInterceptor {
    func authorize(_ call: CallContext) async throws(RPCError) -> Caller { .anonymous }
}
