import RPC

/// `conformance.v1.EchoService`.
struct EchoService: RPCService {
    static let serviceName = "conformance.v1.EchoService"

    func register(on router: inout Router) {
        router.unary(Method<EchoRequest, EchoRequest>(service: Self.serviceName, name: "Unary")) {
            request, call throws(RPCError) in
            Self.echoMetadata(call)
            try await sleep(.milliseconds(Int(request.sleepMilliseconds)))
            guard request.statusMessage.isEmpty else {
                throw RPCError(.failedPrecondition, request.statusMessage)
            }
            return request
        }
        router.serverStreaming(Method<EchoRequest, EchoRequest>(service: Self.serviceName, name: "Download")) {
            request, responses, call throws(RPCError) in
            Self.echoMetadata(call)
            let count = request.numbers.first ?? 0
            var response = EchoRequest()
            response.data = try zeros(request.numbers.dropFirst().first ?? 0)
            guard count > 0 else { return }
            for _ in 0..<count { try await responses.send(response) }
        }
    }

    private static func echoMetadata(_ call: CallContext) {
        for value in call.metadata.values("x-echo-initial") { call.responseHeaders.add("x-echo-initial", value) }
        for bytes in call.metadata.allBytes("x-echo-bin") ?? [] {
            call.responseTrailers.add("x-echo-bin", bytes: bytes)
        }
    }
}
