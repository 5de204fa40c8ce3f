import CZstd

/// zstd's working memory: made once, used for one body after another.
struct Zstd: ~Copyable {
    /// What a frame may unfold to: more than any configuration, less than what could exhaust the memory.
    static let limitBytes = 64 << 20

    /// Nil only where memory is out; each use then fails.
    private let compressor = ZSTD_createCCtx()
    private let expander = ZSTD_createDCtx()

    init() {
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, Int32(ZstdDictionary.level))
        // Who stores a frame notes its dictionary beside it.
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_dictIDFlag, 0)
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(expander)
    }

    /// The frame of some bytes, which carries their number; nil only where memory is out.
    func compress(_ bytes: [UInt8], _ dictionary: ZstdDictionary?) -> [UInt8]? {
        guard let compressor, ZSTD_isError(ZSTD_CCtx_refCDict(compressor, dictionary?.compressing)) == 0 else {
            return nil
        }
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { return nil }
        return Self.filled(bound) { buffer in
            bytes.withUnsafeBytes { ZSTD_compress2(compressor, buffer, bound, $0.baseAddress, $0.count) }
        }
    }

    /// The bytes of a frame; nil for a damaged one, and for another dictionary than it was made with.
    func expand(_ frame: [UInt8], _ dictionary: ZstdDictionary?) -> [UInt8]? {
        let size = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // The two highest values stand for "unknown" and "no frame".
        guard let expander, size <= UInt64(Self.limitBytes) else { return nil }
        let count = Int(size)
        let bytes = Self.filled(count) { buffer in
            frame.withUnsafeBytes { frame in
                dictionary == nil
                    ? ZSTD_decompressDCtx(expander, buffer, count, frame.baseAddress, frame.count)
                    : ZSTD_decompress_usingDDict(
                        expander, buffer, count, frame.baseAddress, frame.count, dictionary?.expanding)
            }
        }
        return bytes?.count == count ? bytes : nil
    }

    /// - Parameter fill: Writes into the buffer, and answers as zstd does: the number of bytes, or an error.
    private static func filled(_ capacity: Int, _ fill: (UnsafeMutablePointer<UInt8>?) -> Int) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let written = fill(buffer.baseAddress)
            failed = ZSTD_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? nil : bytes
    }
}

/// A dictionary in the forms that zstd works with, each made at its first use.
final class ZstdDictionary {
    static let level = 1

    private let bytes: [UInt8]
    private var forCompressing: OpaquePointer?
    private var forExpanding: OpaquePointer?

    /// - Parameter bytes: As ``train(_:limitBytes:)`` makes them, or any bytes that bodies resemble.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    deinit {
        ZSTD_freeCDict(forCompressing)
        ZSTD_freeDDict(forExpanding)
    }

    var compressing: OpaquePointer? {
        if forCompressing == nil {
            forCompressing = bytes.withUnsafeBytes { ZSTD_createCDict($0.baseAddress, $0.count, Int32(Self.level)) }
        }
        return forCompressing
    }

    var expanding: OpaquePointer? {
        if forExpanding == nil {
            forExpanding = bytes.withUnsafeBytes { ZSTD_createDDict($0.baseAddress, $0.count) }
        }
        return forExpanding
    }

    /// A dictionary of what samples have in common; nil where they are too few or too different.
    static func train(_ samples: [[UInt8]], limitBytes: Int) -> [UInt8]? {
        var dictionary = [UInt8](repeating: 0, count: limitBytes)
        let joined = samples.flatMap { $0 }
        let sizes = samples.map(\.count)
        let count = ZDICT_trainFromBuffer(&dictionary, limitBytes, joined, sizes, UInt32(clamping: sizes.count))
        return ZDICT_isError(count) != 0 ? nil : Array(dictionary.prefix(count))
    }
}
