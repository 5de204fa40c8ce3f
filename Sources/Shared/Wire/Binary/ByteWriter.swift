/// A position in room that a size pass has measured. Every write is checked against the end.
@safe @usableFromInline
struct ByteWriter {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline var offset = 0
    @usableFromInline let end: Int

    @unsafe @usableFromInline
    init(_ room: UnsafeMutableRawBufferPointer) {
        unsafe base = room.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1).unsafelyUnwrapped
        end = room.count
    }

    @inlinable @inline(__always)
    mutating func byte(_ value: UInt8) {
        precondition(offset < end)
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
        offset += 1
    }

    @inlinable @inline(__always)
    mutating func varint(_ value: UInt64) {
        if value < 0x80 { byte(UInt8(truncatingIfNeeded: value)) } else { longVarint(value) }
    }

    @usableFromInline
    mutating func longVarint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            byte(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        byte(UInt8(truncatingIfNeeded: value))
    }

    @inlinable @inline(__always)
    mutating func tag(_ tag: FieldTag) { varint(UInt64(tag.rawValue)) }

    @inlinable @inline(__always)
    mutating func fixed<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        precondition(end - offset >= MemoryLayout<T>.size)
        unsafe base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
        offset += MemoryLayout<T>.size
    }

    @inlinable @inline(__always)
    mutating func bytes(_ span: RawSpan) {
        precondition(end - offset >= span.byteCount)
        unsafe span.withUnsafeBytes { source in
            if let from = source.baseAddress { unsafe (base + offset).copyMemory(from: from, byteCount: source.count) }
        }
        offset += span.byteCount
    }
}
