import HTTP2

@testable import RPC

/// gRPC's frames as they come in pieces, plain and with gzip.
enum FramingTarget {
    private static let limit = 4096

    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let encoding: Compression = choices.below(2) == 0 ? .identity : .gzip
        let step = choices.below(64) + 1
        let whole = try messages(Array(choices.rest), step: max(choices.rest.count, 1), encoding)
        let pieces = try messages(Array(choices.rest), step: step, encoding)
        try require(whole == pieces, "another outcome in pieces of \(step)")
        for message in whole { try roundTrip(message) }
    }

    /// The messages up to the first refusal.
    private static func messages(
        _ bytes: [UInt8], step: Int, _ encoding: Compression
    ) throws(Violation) -> [[UInt8]] {
        var queue = ByteQueue()
        var rest = bytes[...]
        var found: [[UInt8]] = []
        let codec = GzipCodec()
        while true {
            switch MessageFraming.next(in: queue, limitBytes: limit, what: "message", encoding: encoding) {
            case .refused: return found
            case .incomplete:
                if rest.isEmpty { return found }
                queue.append(rest.prefix(step))
                rest = rest.dropFirst(step)
            case .message(let range):
                try require(range.upperBound <= queue.count && range.count <= limit, "a message beyond its bounds")
                if MessageFraming.isCompressed(queue) {
                    let inflated = try? queue.withSpan(range) { span throws(RPCError) in
                        try codec.inflate(span, limitBytes: limit, what: "message")
                    }
                    guard let inflated else { return found }
                    try require(inflated.count <= limit, "inflated to \(inflated.count) bytes")
                    found.append(inflated)
                } else {
                    found.append(queue.bytes(range))
                }
                queue.removeFirst(range.upperBound)
            }
        }
    }

    /// What is framed, compressed where that helps, is what comes out.
    private static func roundTrip(_ message: [UInt8]) throws(Violation) {
        var frame: [UInt8] = []
        let refused = MessageFraming.append(to: &frame, limitBytes: limit, what: "message") { $0 += message }
        try require(refused == nil, "a message within the limit is refused")
        MessageFraming.compress(&frame, from: 0, by: GzipCodec())
        try require(try messages(frame, step: frame.count, .gzip) == [message], "another message after a round trip")
    }
}
