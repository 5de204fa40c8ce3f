import InteropShared
import RPC
import Wire

extension Cases {
    func clientStreaming() async throws {
        let response = try await client.clientStreaming(TestMethods.streamingInputCall, Self.options()) {
            stream throws(RPCError) in
            for size in Self.requestSizes { try await stream.send(.with { $0.payload = Payload(size: size) }) }
        }
        try expect("aggregated_payload_size", response.aggregatedPayloadSize, 74922)
    }

    func clientCompressedStreaming() async throws {
        func request(_ size: Int, _ compressed: Bool) -> StreamingInputCallRequest {
            .with {
                $0.payload = Payload(size: size)
                $0.expectCompressed = BoolValue(compressed)
            }
        }
        try await expectStatus(.invalidArgument) {
            _ = try await client.clientStreaming(TestMethods.streamingInputCall, Self.options()) {
                stream throws(RPCError) in
                try await stream.send(request(27182, true))
            }
        }
        let response = try await client.clientStreaming(TestMethods.streamingInputCall, Self.options(.gzip)) {
            stream throws(RPCError) in
            try await stream.send(request(27182, true), compressed: true)
            try await stream.send(request(45904, false), compressed: false)
        }
        try expect("aggregated_payload_size", response.aggregatedPayloadSize, 73086)
    }

    func serverStreaming() async throws {
        try await Self.expectResponses(try await download(Self.output(Self.responseSizes)), Self.responseSizes)
    }

    func serverCompressedStreaming() async throws {
        let wanted: [(size: Int32, compressed: Bool)] = [(31415, true), (92653, false)]
        let stream = try await download(
            .with {
                $0.responseParameters = wanted.map { size, compressed in
                    .with {
                        $0.size = size
                        $0.compressed = BoolValue(compressed)
                    }
                }
            })
        for (size, compressed) in wanted {
            guard let response = try await stream.next() else { throw CaseFailure("no response of \(size) bytes") }
            try expect("compressed", stream.responseWasCompressed, compressed)
            try expectZeros(response.payload, Int(size))
        }
        try await Self.expectResponses(stream, [])
    }

    func pingPong() async throws {
        let stream = try client.open(TestMethods.fullDuplexCall, Self.options())
        for (ask, answer) in zip(Self.requestSizes, Self.responseSizes) {
            try await stream.send(Self.output([answer], payload: ask))
            guard let response = try await stream.next() else { throw CaseFailure("no response of \(answer) bytes") }
            try expectZeros(response.payload, Int(answer))
        }
        stream.finish()
        try await Self.expectResponses(stream, [])
    }

    func emptyStream() async throws {
        let stream = try client.open(TestMethods.fullDuplexCall, Self.options())
        stream.finish()
        try await Self.expectResponses(stream, [])
    }

    /// All requests, then all responses.
    func halfDuplex() async throws {
        let stream = try client.open(TestMethods.halfDuplexCall, Self.options())
        for size in Self.responseSizes { try await stream.send(Self.output([size])) }
        stream.finish()
        try await Self.expectResponses(stream, Self.responseSizes)
    }

    /// A reader that the server has to wait for: two megabytes, which no window holds, read bit by bit.
    func slowConsumer() async throws {
        let count = 2000
        let size: Int32 = 1030
        let stream = try await download(Self.output([Int32](repeating: size, count: count)))
        for index in 0..<count {
            guard let response = try await stream.next() else { throw CaseFailure("fewer than \(count) responses") }
            try expectZeros(response.payload, Int(size))
            if index.isMultiple(of: 4) { try await Task.sleep(for: .milliseconds(1)) }
        }
        try await Self.expectResponses(stream, [])
    }

    private func download(_ request: StreamingOutputCallRequest) async throws -> Duplex {
        let stream = try client.open(TestMethods.streamingOutputCall, Self.options())
        try await stream.send(request)
        stream.finish()
        return stream
    }
}
