import EventLoop
import HTTP2
import Wire

extension ServerCall {
    func beginResponse(compressed: Bool = false) {
        guard !stream.headersSent else { return }
        announcedGzip = compressed && acceptsGzip
        guard hasResponseMetadata || announcedGzip else {
            return stream.respond(.constant(StatusHeaders.responseStart))
        }
        stream.respond(StatusHeaders.start(context?.responseHeaders ?? Metadata(), gzip: announcedGzip))
    }

    func reply(_ response: some Message) throws(RPCError) {
        loop.assertCurrent()
        guard !isAnswered, !isClosed else { return }
        try append(response, nil)
    }

    private func append(_ response: some Message, _ compressed: Bool?) throws(RPCError) {
        if let refusal = core.outputOverload(of: stream) { throw refusal }
        let size = response.encodedSize()
        let limit = core.configuration.sendLimitBytes
        guard size <= limit else { throw MessageFraming.tooLarge(size, limit, "response") }
        let compress = compressed ?? (context?.compressesResponses == true)
        beginResponse(compressed: compress)
        if compress, announcedGzip { return try writeCompressed(response) }
        stream.write(upTo: MessageFraming.headerCount + size) {
            MessageFraming.append(response, size: size, to: &$0)
        }
    }

    private func writeCompressed(_ response: some Message) throws(RPCError) {
        var frame: [UInt8] = []
        let refused = MessageFraming.append(
            to: &frame, limitBytes: core.configuration.sendLimitBytes, what: "response"
        ) { response.encode(into: &$0) }
        if let refused { throw refused }
        MessageFraming.compress(&frame, from: 0, by: core.gzip)
        stream.write(frame)
    }

    /// Queues a response; suspends over the high-water mark. Callable from any thread: off the loop it hops.
    func send(_ response: some Message, _ generation: UInt64, _ compressed: Bool?) async throws(RPCError) {
        guard loop.isCurrent else { return try await sendFromElsewhere(response, generation, compressed) }
        try checkOpen(generation)
        try append(response, compressed)
        guard stream.queuedBytes > limits.streamHighWaterBytes else { return }
        await withCheckedContinuation { wait($0) }
        try checkOpen(generation)
    }

    private func sendFromElsewhere(
        _ response: some Message, _ generation: UInt64, _ compressed: Bool?
    ) async throws(RPCError) {
        let result: Result<Void, RPCError> = await withCheckedContinuation { done in
            loop.execute {
                do throws(RPCError) {
                    try self.checkOpen(generation)
                    try self.append(response, compressed)
                    done.resume(returning: .success(()))
                } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
        await withCheckedContinuation { room in
            loop.execute {
                let full = self.generation == generation && self.stream.queuedBytes > self.limits.streamHighWaterBytes
                if full { self.wait(room) } else { room.resume() }
            }
        }
    }

    private func wait(_ writer: CheckedContinuation<Void, Never>) {
        guard !isClosed, !isAnswered else { return writer.resume() }
        writers.append(writer)
        stream.notifyAtLowWater()
    }

    private func checkOpen(_ generation: UInt64) throws(RPCError) {
        guard generation == self.generation, !isClosed else { throw Self.cancelled }
        guard !isAnswered else { throw RPCError(.deadlineExceeded, "the deadline passed") }
    }

    static let cancelled = RPCError(.cancelled, "the client has given up the call")

    func wakeWriters() {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers = []
        for writer in waiting { writer.resume() }
    }

    func wakeReader() {
        let waiting = reader
        reader = nil
        waiting?.resume()
    }
}
