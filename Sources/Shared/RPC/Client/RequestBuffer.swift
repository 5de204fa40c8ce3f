/// The framed requests of a call, kept until they need not be sent again.
struct RequestBuffer {
    /// All requests so far, while ``canReplay``.
    private(set) var bytes: [UInt8]
    private(set) var canReplay = true
    /// Whether the last request is there.
    private(set) var isFinished: Bool
    private let limit: Int

    /// - Parameter limitBytes: More than this is sent once and forgotten.
    init(_ bytes: [UInt8], isFinished: Bool, limitBytes: Int) {
        self.bytes = bytes
        self.isFinished = isFinished
        limit = limitBytes
    }

    mutating func append(_ frame: [UInt8]) {
        if canReplay { bytes.append(contentsOf: frame) }
    }

    /// Compresses the only frame.
    mutating func compress(by codec: GzipCodec) {
        MessageFraming.compress(&bytes, from: 0, by: codec)
    }

    mutating func finish() { isFinished = true }

    /// After requests were handed to a stream: gives up what is over the limit.
    mutating func sent() {
        if bytes.count > limit { commit() }
    }

    /// The call will not be made again.
    mutating func commit() {
        canReplay = false
        bytes = []
    }
}
