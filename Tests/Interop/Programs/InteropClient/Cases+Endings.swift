import InteropShared
import RPC
import Wire

/// Calls that end early, and what comes with a call's end.
extension Cases {
    func timeoutOnSleepingServer() async throws {
        let stream = try client.open(TestMethods.fullDuplexCall, CallOptions(timeout: .milliseconds(1)))
        try await expectStatus(.deadlineExceeded) {
            try await stream.send(Self.output([], payload: 27182))
            while try await stream.next() != nil {}
        }
    }

    func cancelAfterBegin() async throws {
        let stream = try client.open(TestMethods.streamingInputCall, Self.options())
        stream.cancel()
        try await expectStatus(.cancelled) { _ = try await stream.next() }
    }

    func cancelAfterFirstResponse() async throws {
        let stream = try client.open(TestMethods.fullDuplexCall, Self.options())
        try await stream.send(Self.output([31415], payload: 27182))
        try expectZeros(try await stream.next()?.payload, 31415)
        stream.cancel()
        try await expectStatus(.cancelled) { while try await stream.next() != nil {} }
    }

    func customMetadata() async throws {
        var metadata = Metadata()
        metadata.add(EchoedMetadata.initial, Self.echoedText)
        metadata.add(EchoedMetadata.trailing, bytes: Self.echoedBytes)
        let options = Self.options(.identity, metadata)
        let response = try await client.unaryResponse(TestMethods.unaryCall, Self.largeRequest(), options)
        try expectZeros(response.message.payload, 314_159)
        try Self.expectEcho(response.headers, response.trailers)

        let stream = try client.open(TestMethods.fullDuplexCall, options)
        try await stream.send(Self.output([314_159], payload: 271_828))
        stream.finish()
        try await Self.expectResponses(stream, [314_159])
        try Self.expectEcho(try await stream.headers(), stream.trailers)
    }

    func statusCodeAndMessage() async throws {
        let status = EchoStatus.with { ($0.code, $0.message) = (2, "test status message") }
        try await expectStatus(.unknown, message: status.message) {
            let request = SimpleRequest.with { $0.responseStatus = status }
            _ = try await client.unary(TestMethods.unaryCall, request, Self.options())
        }
        try await expectStatus(.unknown, message: status.message) {
            let stream = try client.open(TestMethods.fullDuplexCall, Self.options())
            try await stream.send(.with { $0.responseStatus = status })
            stream.finish()
            while try await stream.next() != nil {}
        }
    }

    private static let echoedText = "test_initial_metadata_value"
    private static let echoedBytes: [UInt8] = [0xab, 0xab, 0xab]

    private static func expectEcho(_ headers: Metadata, _ trailers: Metadata) throws(CaseFailure) {
        try expect(EchoedMetadata.initial, headers[EchoedMetadata.initial], echoedText)
        try expect(EchoedMetadata.trailing, trailers.bytes(EchoedMetadata.trailing), echoedBytes)
    }
}
