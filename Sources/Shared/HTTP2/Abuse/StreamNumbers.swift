/// Remembers which streams of a client there have been, as far as late frames make it necessary. Performs no I/O.
struct StreamNumbers: Sendable {
    /// What a frame for a stream that nghttp2 does not know is.
    enum Lateness: Equatable, Sendable {
        /// The server has reset the stream: the client may not have known (RFC 9113, 5.1).
        case crossedReset
        /// The stream was never opened, and cannot be any more, since one with a higher number was.
        case skipped
        case afterEnd
    }

    /// From here on a connection has so few numbers left that its client had better make another one: GOAWAY says so
    /// before they run out (RFC 9113, 5.1.1).
    static let firstOfLast: Int32 = .max - 2000

    /// The highest number that the client has opened.
    private(set) var last: Int32 = 0
    /// The latest numbers that the client went past without using them.
    private var skipped: ClosedRange<Int32>?
    /// The latest that the server has reset; empty until there is one.
    private var reset: [Int32] = []
    private var nextReset = 0
    /// More than can be under way at once.
    private static let capacity = 1024

    /// Notes HEADERS with a number above ``last``.
    mutating func opened(_ stream: Int32) {
        // Not `last + 2`: the peer chooses both, and the highest number has none above it.
        if stream - last > 2 { skipped = last + 1...stream - 1 }
        last = stream
    }

    mutating func wasReset(_ stream: Int32) {
        if reset.count < Self.capacity {
            reset.append(stream)
        } else {
            reset[nextReset] = stream
            nextReset = (nextReset + 1) % Self.capacity
        }
    }

    /// For a number up to ``last``.
    func lateness(_ stream: Int32) -> Lateness {
        if reset.contains(stream) { return .crossedReset }
        return skipped?.contains(stream) == true ? .skipped : .afterEnd
    }
}
