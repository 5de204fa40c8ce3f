import EventLoop
import HTTP2
import Wire

extension ServerCall {
    /// The frame at the front of what was received.
    func nextFrame() -> MessageFraming.Next {
        MessageFraming.next(
            in: stream.input, limitBytes: limits.receiveLimitBytes, what: "request", encoding: encoding)
    }

    /// The one request of a unary or server-streaming call.
    func takeRequest<Request: Message>() throws(RPCError) -> Request {
        switch nextFrame() {
        case .incomplete: throw Self.notOneRequest
        case .refused(let error): throw error
        case .message(let range):
            guard stream.input.count == range.upperBound else { throw Self.notOneRequest }
            return try take(range)
        }
    }

    /// The next request of a streaming call; nil when the client has ended its side.
    ///
    /// Callable from any thread: off the loop it hops.
    func nextRequest<Request: Message>(_ generation: UInt64) async throws(RPCError) -> Request? {
        guard loop.isCurrent else { return try await nextRequestFromElsewhere(generation).get() }
        while true {
            guard generation == self.generation, !isClosed, context?.isCancelled == false else { throw Self.cancelled }
            switch nextFrame() {
            case .refused(let error): throw error
            case .message(let range):
                let request: Request = try take(range)
                if case .incomplete = nextFrame() { stream.consumeAll() }
                return request
            case .incomplete:
                guard !stream.inputEnded else {
                    if stream.input.isEmpty { return nil }
                    throw RPCError(.internalError, "the last request is not complete")
                }
            }
            guard reader == nil else { throw RPCError(.internalError, "two readers of one request stream") }
            await withCheckedContinuation { reader = $0 }
        }
    }

    private func nextRequestFromElsewhere<Request: Message>(
        _ generation: UInt64
    ) async -> Result<Request?, RPCError> {
        await withTaskExecutorPreference(loop) { @concurrent in
            do throws(RPCError) { return .success(try await self.nextRequest(generation)) } catch {
                return .failure(error)
            }
        }
    }

    private func take<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        let isCompressed = MessageFraming.isCompressed(stream.input)
        context?.requestWasCompressed = isCompressed
        let request: Request = isCompressed ? try inflate(range) : try decode(range)
        stream.takeInput(range.upperBound)
        stream.consume(range.upperBound)
        return request
    }

    private func inflate<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        let limit = limits.receiveLimitBytes
        let bytes = try stream.input.withSpan(range) { [gzip = core.gzip] span throws(RPCError) in
            try gzip.inflate(span, limitBytes: limit, what: "request")
        }
        do { return try Request(decoding: bytes) } catch { throw Self.malformed(Request.protoName, error) }
    }

    private func decode<Request: Message>(_ range: Range<Int>) throws(RPCError) -> Request {
        do {
            return try stream.input.withSpan(range) { bytes throws(WireError) in try Request(decoding: bytes) }
        } catch {
            throw Self.malformed(Request.protoName, error)
        }
    }

    /// INTERNAL, by the same document ("error parsing request proto").
    private static func malformed(_ name: String, _ error: WireError) -> RPCError {
        RPCError(.internalError, "the request is no \(name): \(error)")
    }

    /// UNIMPLEMENTED, by the table in gRPC's document of status codes ("request cardinality violation").
    static let notOneRequest = RPCError(.unimplemented, "the method takes one request, and whole")
}
