/// HTTP/2 frames as the inputs of the targets have them.
enum ShortFrames {
    static func frame(_ type: Int, _ flags: Int, _ stream: Int, _ payload: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(clamping: payload.count), UInt8(clamping: type), UInt8(clamping: flags), 0, 0, 0]
            + [UInt8(clamping: stream)] + payload
    }

    /// The rest of an input: bytes as they are, or frames in short form (type, flags, stream and length in one byte
    /// each, and the payload), so that most inputs get past the frame's header.
    static func read(_ choices: inout Choices, areShort: Bool) -> [UInt8] {
        guard areShort else { return Array(choices.rest) }
        var bytes: [UInt8] = []
        while !choices.rest.isEmpty {
            let (type, flags, stream) = (choices.below(256), choices.below(256), choices.below(256))
            bytes += frame(type, flags, stream, choices.take(choices.below(256)))
        }
        return bytes
    }
}
