import Crypto
import Platform
import RPC

/// Names one call in logs and answers: what the caller sent as `x-request-id`, or a random one. It is sent back in the
/// call's trailers, so that a caller can tell which lines are about its call.
enum RequestID {
    static let header = "x-request-id"

    /// Gives the call an id, once.
    static func assign(to call: CallContext) {
        var trailers = call.responseTrailers
        guard trailers[header] == nil else { return }
        let given = call.metadata[header].flatMap { isFit($0) ? $0 : nil }
        trailers.add(header, given ?? Hex.encode(RandomBytes.generate(8)))
        call.responseTrailers = trailers
    }

    static func of(_ call: CallContext) -> String? { call.responseTrailers[header] }

    /// 1 to 64 characters that cannot be taken for anything but an id.
    private static func isFit(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
