/// A position in bytes of a peer. Every read is checked against the end.
///
/// The base address is lent by the caller of ``read(_:_:)`` and must not outlive it: a reader never leaves the closure.
@safe @usableFromInline
struct ByteReader {
    @usableFromInline let base: UnsafeRawPointer
    /// The next byte to read.
    @usableFromInline var offset = 0
    /// Where the message being read ends; never beyond the bytes.
    @usableFromInline var end: Int
    /// How deep messages and groups may still nest.
    @usableFromInline var depth: Int
    @usableFromInline let depthLimit: Int

    @unsafe @usableFromInline
    init(_ bytes: UnsafeRawBufferPointer, depth: Int) {
        // An empty buffer may have no address; none of its bytes is ever read.
        unsafe base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        end = bytes.count
        self.depth = depth
        depthLimit = depth
    }

    /// Reads from an array.
    @inlinable
    static func read<T>(
        _ bytes: [UInt8], depth: Int = 100, _ body: (inout ByteReader) throws(WireError) -> T
    ) throws(WireError) -> T {
        try unsafe bytes.span.bytes.withUnsafeBytes { raw throws(WireError) in
            var reader = unsafe ByteReader(raw, depth: depth)
            return try body(&reader)
        }
    }

    @inlinable @inline(__always)
    mutating func byte() throws(WireError) -> UInt8 {
        guard offset < end else { throw .truncated }
        defer { offset += 1 }
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inlinable @inline(__always)
    mutating func varint() throws(WireError) -> UInt64 {
        let first = try byte()
        return first < 0x80 ? UInt64(first) : try longVarint(first)
    }

    @usableFromInline
    mutating func longVarint(_ first: UInt8) throws(WireError) -> UInt64 {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            let next = try byte()
            // Ten bytes at most; what of the tenth is over 64 bits is dropped, as Google's runtimes do.
            if shift == 63, next >= 0x80 { throw .malformedVarint }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    @inlinable @inline(__always)
    mutating func fixed<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(WireError) -> T {
        let size = MemoryLayout<T>.size
        guard end - offset >= size else { throw .truncated }
        defer { offset += size }
        return unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// A length and the range of so many bytes, over which the reader steps.
    @inlinable @inline(__always)
    mutating func range() throws(WireError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - offset) else { throw .truncated }
        let start = offset
        offset += Int(length)
        return start..<offset
    }

    @inlinable @inline(__always)
    mutating func bytes() throws(WireError) -> [UInt8] { copy(try range()) }

    /// Bytes of a range that ``range()`` gave, or of what was read already.
    @inlinable
    func copy(_ range: Range<Int>) -> [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// A string, checked to be UTF-8.
    @inlinable
    mutating func string(_ field: Int32) throws(WireError) -> String {
        let range = try range()
        let raw = unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
        do {
            return unsafe String(copying: try UTF8Span(validating: Span<UInt8>(_bytes: raw.bytes)))
        } catch {
            throw .invalidUTF8(field: field)
        }
    }

    /// The next tag; nil at the end.
    @inlinable @inline(__always)
    mutating func tag() throws(WireError) -> FieldTag? {
        guard offset < end else { return nil }
        let start = offset
        let value = try varint()
        // 32 bits, in five bytes at most: an overlong tag is none (Google's runtimes read no further).
        guard value >= 8, value <= UInt64(UInt32.max), value & 7 < 6, offset - start <= 5 else { throw .invalidTag }
        return FieldTag(rawValue: UInt32(truncatingIfNeeded: value))
    }

    /// How many elements the packed field has before whose length the reader stands, if it is well-formed; for room, and
    /// never more than the bytes that are there.
    @usableFromInline
    func elementsAhead(_ type: WireType) -> Int {
        var ahead = self
        guard let range = try? ahead.range() else { return 0 }
        switch type {
        case .fixed32: return range.count / 4
        case .fixed64: return range.count / 8
        default:
            // The last byte of each varint has its highest bit clear.
            var count = 0
            for offset in range { unsafe count += Int(~base.load(fromByteOffset: offset, as: UInt8.self) >> 7) }
            return count
        }
    }

    /// Enters a nested message.
    @inlinable @inline(__always)
    mutating func descend() throws(WireError) {
        guard depth > 0 else { throw .tooDeep(limit: depthLimit) }
        depth -= 1
    }

    /// Steps over the value of a field whose tag was read.
    @usableFromInline
    mutating func skip(_ tag: FieldTag) throws(WireError) {
        switch tag.type {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed(UInt64.self)
        case .lengthDelimited: _ = try range()
        case .fixed32: _ = try fixed(UInt32.self)
        case .endGroup: throw .invalidTag
        case .startGroup: _ = try group(tag.number)
        }
    }

    /// Steps over a group, and gives the range of its fields without the end tag.
    mutating func group(_ number: Int32) throws(WireError) -> Range<Int> {
        try descend()
        let start = offset
        while true {
            let end = offset
            guard let tag = try tag() else { throw .truncated }
            if tag.type == .endGroup {
                guard tag.number == number else { throw .invalidTag }
                depth += 1
                return start..<end
            }
            try skip(tag)
        }
    }

    mutating func unknownValue(_ tag: FieldTag) throws(WireError) -> UnknownFields.Value {
        switch tag.type {
        case .varint: .varint(try varint())
        case .fixed64: .fixed64(try fixed(UInt64.self))
        case .lengthDelimited: .lengthDelimited(try bytes())
        case .fixed32: .fixed32(try fixed(UInt32.self))
        case .startGroup: .group(copy(try group(tag.number)))
        case .endGroup: throw .invalidTag
        }
    }
}
