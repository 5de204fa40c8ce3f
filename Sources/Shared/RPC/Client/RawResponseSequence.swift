import Synchronization

/// The encoded responses of one call, as they come. Each iterator makes a call of its own.
public struct RawResponseSequence: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = RPCError

    let client: RPCClient
    let path: String
    let requests: [[UInt8]]
    let options: CallOptions

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        /// Cancels the call when the last copy of the iterator is gone; keeps the client until then.
        private final class Owner: Sendable {
            let client: RPCClient
            let call: ClientCall

            init(_ client: RPCClient, _ call: ClientCall) {
                self.client = client
                self.call = call
            }

            /// Whether the call has ended, and needs no cancelling.
            let hasEnded = Atomic(false)

            deinit {
                if !hasEnded.load(ordering: .relaxed) { call.cancel() }
            }
        }

        private let sequence: RawResponseSequence
        private var owner: Owner?
        private var batch: ArraySlice<ClientCall.Incoming> = []
        private var end: ClientCall.Batch.End?

        fileprivate init(sequence: RawResponseSequence) { self.sequence = sequence }

        /// The next response; nil after the last, when the status was OK.
        public mutating func next() async throws(RPCError) -> [UInt8]? {
            try await next(isolation: nil)
        }

        /// The next response; nil after the last, when the status was OK.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RPCError) -> [UInt8]? {
            while true {
                if let message = takeReceived() { return message }
                if let end {
                    owner?.hasEnded.store(true, ordering: .relaxed)
                    owner = nil
                    guard let error = end.error else { return nil }
                    throw error
                }
                let next = await (try start()).next()
                batch = next.messages[...]
                end = next.end
            }
        }

        /// A response that is here already.
        mutating func takeReceived() -> [UInt8]? { batch.popFirst()?.bytes }

        private mutating func start() throws(RPCError) -> ClientCall {
            if let owner { return owner.call }
            let call = try sequence.client.stream(sequence.path, sequence.requests, sequence.options)
            owner = Owner(sequence.client, call)
            return call
        }
    }
}
