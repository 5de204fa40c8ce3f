import CZstd

/// Bodies of versions, compressed by zstd at level 1.
enum Compression {
    /// What a stored body may unfold to: more than any configuration, less than what could exhaust the memory.
    static let limitBytes = 64 << 20

    /// The frame; nil only where memory is out.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { return nil }
        var failed = false
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let written = bytes.withUnsafeBytes {
                ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, 1)
            }
            failed = ZSTD_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? nil : frame
    }

    /// The bytes of a frame that carries its size; nil for a damaged one.
    static func expand(_ frame: [UInt8]) -> [UInt8]? {
        let size = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // The two highest values stand for "unknown" and "no frame".
        guard size <= UInt64(limitBytes) else { return nil }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let written = frame.withUnsafeBytes {
                ZSTD_decompress(buffer.baseAddress, Int(size), $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(written) != 0 || written != Int(size)
            count = failed ? 0 : Int(size)
        }
        return failed ? nil : bytes
    }
}
