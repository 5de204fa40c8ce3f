/// How a field's value is delimited on the wire.
public enum WireType: UInt8, Sendable {
    case varint = 0, fixed64, lengthDelimited, startGroup, endGroup, fixed32
}

/// A field's number and wire type.
@usableFromInline
struct FieldTag: Equatable {
    /// The number shifted by three, and the wire type. Zero is no tag.
    @usableFromInline var rawValue: UInt32

    @inlinable @inline(__always)
    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable @inline(__always)
    init(_ number: Int32, _ type: WireType) {
        rawValue = UInt32(truncatingIfNeeded: number) << 3 | UInt32(type.rawValue)
    }

    var number: Int32 { Int32(truncatingIfNeeded: rawValue >> 3) }
    var type: WireType { WireType(rawValue: UInt8(rawValue & 7)) ?? .endGroup }

    /// Bytes on the wire.
    @inlinable @inline(__always)
    var size: Int { Varint.size(UInt64(rawValue)) }
}

/// Sizes and zigzag of variable-length integers.
@usableFromInline
enum Varint {
    /// Bytes that the value takes, 1 to 10.
    @inlinable @inline(__always)
    static func size(_ value: UInt64) -> Int {
        // (significant bits + 6) / 7, without the division.
        ((64 - (value | 1).leadingZeroBitCount) * 9 + 64) >> 6
    }

    @inlinable @inline(__always)
    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

    @inlinable @inline(__always)
    static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
}
