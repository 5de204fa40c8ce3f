public import Wire

/// The responses of one call, as they come. Each iterator makes a call of its own.
public struct ResponseSequence<Response: Message>: AsyncSequence, Sendable {
    public typealias Element = Response
    public typealias Failure = RPCError

    let raw: RawResponseSequence

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(raw: raw.makeAsyncIterator()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var raw: RawResponseSequence.AsyncIterator

        /// The next response; nil after the last, when the status was OK.
        public mutating func next() async throws(RPCError) -> Response? {
            try await next(isolation: nil)
        }

        /// The next response; nil after the last, when the status was OK.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RPCError) -> Response? {
            // Most are here already, and to await them would look for the executor each time.
            if let bytes = raw.takeReceived() { return try RPCClient.decode(bytes) }
            guard let bytes = try await raw.next(isolation: actor) else { return nil }
            return try RPCClient.decode(bytes)
        }
    }
}
