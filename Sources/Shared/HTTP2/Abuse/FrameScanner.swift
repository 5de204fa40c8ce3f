/// Follows the frame headers (RFC 9113, 4.1) in the bytes of a peer, in front of nghttp2, which says nothing of frames
/// that it ignores or that have not ended. Holds no payload; takes the bytes in any pieces.
struct FrameScanner: Sendable {
    struct Header: Equatable, Sendable {
        var length: Int
        var type: UInt8
        var flags: UInt8
        var stream: Int32

        /// - Parameters:
        ///   - first: The first byte on the wire.
        ///   - rest: The eight behind it.
        init(_ first: UInt8, _ rest: UInt64) {
            length = Int(first) << 16 | Int(truncatingIfNeeded: rest >> 48)
            type = UInt8(truncatingIfNeeded: rest >> 40)
            flags = UInt8(truncatingIfNeeded: rest >> 32)
            stream = Int32(truncatingIfNeeded: rest & 0x7fff_ffff)
        }

        init(length: Int, type: UInt8, flags: UInt8, stream: Int32) {
            self.length = length
            self.type = type
            self.flags = flags
            self.stream = stream
        }

        func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
    }

    static let headerCount = 9

    /// Bytes before the next frame header: of the client's preface, or of a payload.
    private var skip: Int
    private var partial: UInt64 = 0
    private var partialCount = 0
    private var lengthByte: UInt8 = 0

    /// - Parameter preface: Bytes that come before the first frame: 24 from a client, 0 from a server.
    init(preface: Int) { skip = preface }

    /// Whether a frame has begun, or the preface has, and is not complete.
    var isInsideFrame: Bool { skip > 0 || partialCount > 0 }

    /// The next header that is complete in `bytes` from `offset` on, which moves behind it; nil at the end of `bytes`.
    mutating func next(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Header? {
        let skipped = min(skip, bytes.count - offset)
        skip -= skipped
        offset += skipped
        if partialCount == 0, bytes.count - offset >= Self.headerCount {
            let rest = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 1, as: UInt64.self))
            let header = Header(bytes[offset], rest)
            offset += Self.headerCount
            skip = header.length
            return header
        }
        // A header that comes in pieces.
        while offset < bytes.count {
            if partialCount == 0 { lengthByte = bytes[offset] } else { partial = partial << 8 | UInt64(bytes[offset]) }
            offset += 1
            partialCount += 1
            guard partialCount == Self.headerCount else { continue }
            let header = Header(lengthByte, partial)
            partialCount = 0
            partial = 0
            skip = header.length
            return header
        }
        return nil
    }
}

/// The frame types and flags of RFC 9113, section 6, as they are on the wire.
enum FrameType {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let windowUpdate: UInt8 = 8
    static let continuation: UInt8 = 9

    static let endStream: UInt8 = 1
    static let ack: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
}
