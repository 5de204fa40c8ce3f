public import Wire

/// The responses of one call, as they come. Can be iterated once.
public struct ResponseSequence<Response: Message>: AsyncSequence, Sendable {
    public typealias Element = Response
    public typealias Failure = RPCError

    init() {}

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }

    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The next response; nil after the last, when the status was OK.
        public mutating func next() async throws(RPCError) -> Response? { nil }
    }
}

/// The encoded responses of one call, as they come. Can be iterated once.
public struct RawResponseSequence: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = RPCError

    init() {}

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }

    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The next response; nil after the last, when the status was OK.
        public mutating func next() async throws(RPCError) -> [UInt8]? { nil }
    }
}
