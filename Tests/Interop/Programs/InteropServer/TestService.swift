import InteropShared
import Platform
import RPC
import Wire

/// `grpc.testing.TestService` as gRPC's interop test description has it.
struct TestService: RPCService {
    static let serviceName = TestMethods.service

    /// Differs between servers, and is the same in all answers of one.
    let serverID: String

    func register(on router: inout Router) {
        router.unary(TestMethods.emptyCall) { _, _ throws(RPCError) in Empty() }
        router.unary(TestMethods.unaryCall) { request, call throws(RPCError) in try unary(request, call) }
        router.unary(TestMethods.cacheableUnaryCall) { _, call throws(RPCError) in
            call.responseHeaders.add("cache-control", "max-age=60, public")
            return .with { $0.payload = .with { $0.body = Array("\(WallTime.now().unixNanoseconds)".utf8) } }
        }
        router.serverStreaming(TestMethods.streamingOutputCall) { request, responses, call throws(RPCError) in
            echoMetadata(call)
            try await answer(request, responses, call)
        }
        router.clientStreaming(TestMethods.streamingInputCall) { requests, call throws(RPCError) in
            try await aggregate(requests, call)
        }
        router.bidirectional(TestMethods.fullDuplexCall) { requests, responses, call throws(RPCError) in
            echoMetadata(call)
            while let request = try await requests.next() { try await answer(request, responses, call) }
        }
        router.bidirectional(TestMethods.halfDuplexCall) { requests, responses, call throws(RPCError) in
            echoMetadata(call)
            let all = try await collect(requests)
            for request in all { try await answer(request, responses, call) }
        }
    }

    // MARK: One response

    private func unary(_ request: SimpleRequest, _ call: CallContext) throws(RPCError) -> SimpleResponse {
        echoMetadata(call)
        try checkCompression(request.expectCompressed, call)
        try checkStatus(request.responseStatus)
        try checkType(request.responseType)
        if let compressed = request.responseCompressed { call.compressesResponses = compressed.value }
        var response = SimpleResponse()
        response.payload = .with { $0.type = request.responseType }
        response.payload?.body = try zeros(request.responseSize)
        if request.fillUsername { response.username = call.peer.uriNames.first ?? call.peer.commonName ?? "" }
        if request.fillServerID { response.serverID = serverID }
        return response
    }

    private func aggregate(
        _ requests: RequestStream<StreamingInputCallRequest>, _ call: CallContext
    ) async throws(RPCError) -> StreamingInputCallResponse {
        echoMetadata(call)
        var total = 0
        while let request = try await requests.next() {
            try checkCompression(request.expectCompressed, call)
            total += request.payload?.body.count ?? 0
        }
        guard let size = Int32(exactly: total) else { throw RPCError(.outOfRange, "more than 2 GiB of payloads") }
        return .with { $0.aggregatedPayloadSize = size }
    }

    // MARK: Many responses

    private func answer(
        _ request: StreamingOutputCallRequest, _ responses: ResponseStream<StreamingOutputCallResponse>,
        _ call: CallContext
    ) async throws(RPCError) {
        try checkStatus(request.responseStatus)
        try checkType(request.responseType)
        if request.responseParameters.contains(where: { $0.compressed?.value == true }) {
            call.compressesResponses = true
        }
        for parameters in request.responseParameters {
            try await sleep(.microseconds(Int(parameters.intervalMicroseconds)))
            var response = StreamingOutputCallResponse()
            response.payload = .with { $0.type = request.responseType }
            response.payload?.body = try zeros(parameters.size)
            try await responses.send(response, compressed: parameters.compressed?.value ?? false)
        }
    }

    /// All requests, without their payloads.
    private func collect(
        _ requests: RequestStream<StreamingOutputCallRequest>
    ) async throws(RPCError) -> [StreamingOutputCallRequest] {
        let limit = 10_000
        var all: [StreamingOutputCallRequest] = []
        var responses = 0
        while var request = try await requests.next() {
            request.payload = nil
            request.unknownFields = UnknownFields()
            responses += 1 + request.responseParameters.count
            guard responses <= limit else {
                throw RPCError(.resourceExhausted, "a half-duplex call may ask for \(limit) responses")
            }
            all.append(request)
        }
        return all
    }

    // MARK: What a request asks for

    private func echoMetadata(_ call: CallContext) {
        if let value = call.metadata[EchoedMetadata.initial] {
            call.responseHeaders.add(EchoedMetadata.initial, value)
        }
        if let bytes = call.metadata.bytes(EchoedMetadata.trailing) {
            call.responseTrailers.add(EchoedMetadata.trailing, bytes: bytes)
        }
    }

    private func checkCompression(_ expected: BoolValue?, _ call: CallContext) throws(RPCError) {
        guard let expected, expected.value != call.requestWasCompressed else { return }
        throw RPCError(
            .invalidArgument, "the request came \(call.requestWasCompressed ? "compressed" : "without compression")")
    }

    private func checkStatus(_ wanted: EchoStatus?) throws(RPCError) {
        guard let wanted, wanted.code != 0 else { return }
        throw RPCError(StatusCode(rawValue: wanted.code) ?? .unknown, wanted.message)
    }

    private func checkType(_ type: Int32) throws(RPCError) {
        guard type == 0 else { throw RPCError(.invalidArgument, "response_type: only COMPRESSABLE (0) is known") }
    }
}
