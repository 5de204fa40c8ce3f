/// Fields that a message was decoded with and does not know, as they came.
public struct UnknownFields: Sendable, Equatable {
    /// Whole fields, tag included, one after the other.
    public internal(set) var bytes: [UInt8] = []

    public init() {}

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { bytes.isEmpty }

    /// One field's value.
    public enum Value: Sendable, Equatable {
        case varint(UInt64)
        case fixed64(UInt64)
        case lengthDelimited([UInt8])
        /// The fields of the group, without its end tag.
        case group([UInt8])
        case fixed32(UInt32)
    }

    /// The fields in the order in which they came. Empty where the bytes are malformed, which those that were
    /// decoded never are.
    public var values: [(number: Int32, value: Value)] {
        (try? ByteReader.read(bytes) { reader throws(WireError) in
            var found: [(number: Int32, value: Value)] = []
            while let tag = try reader.tag() {
                found.append((tag.number, try reader.unknownValue(tag)))
            }
            return found
        }) ?? []
    }

    /// The values of one field, in the order in which they came.
    public func values(of number: Int32) -> [Value] {
        isEmpty ? [] : values.filter { $0.number == number }.map(\.value)
    }

    /// The bytes of the last length-delimited field of that number: a message extension, a string or bytes.
    public func bytes(of number: Int32) -> [UInt8]? {
        for case .lengthDelimited(let bytes) in values(of: number).reversed() { return bytes }
        return nil
    }

    /// The last varint of that number: an integer, enumeration or bool.
    public func varint(of number: Int32) -> UInt64? {
        for case .varint(let value) in values(of: number).reversed() { return value }
        return nil
    }

    /// Appends a field.
    public mutating func append(_ number: Int32, _ value: Value) {
        var writer = GrowingWriter()
        switch value {
        case .varint(let value):
            writer.tag(number, .varint)
            writer.varint(value)
        case .fixed64(let value):
            writer.tag(number, .fixed64)
            writer.fixed(value)
        case .lengthDelimited(let value):
            writer.tag(number, .lengthDelimited)
            writer.varint(UInt64(value.count))
            writer.bytes += value
        case .group(let value):
            writer.tag(number, .startGroup)
            writer.bytes += value
            writer.tag(number, .endGroup)
        case .fixed32(let value):
            writer.tag(number, .fixed32)
            writer.fixed(value)
        }
        bytes += writer.bytes
    }

    /// Removes varints of some numbers: those that begin before the given byte.
    @usableFromInline mutating func removeVarints(before limits: [Int32: Int]) throws(WireError) {
        bytes = try ByteReader.read(bytes) { reader throws(WireError) in
            var kept: [UInt8] = []
            var start = 0
            while let tag = try reader.tag() {
                try reader.skip(tag)
                let isSuperseded = tag.type == .varint && limits[tag.number].map { start < $0 } == true
                if !isSuperseded { kept += reader.copy(start..<reader.offset) }
                start = reader.offset
            }
            return kept
        }
    }

    @usableFromInline mutating func append(_ other: UnknownFields) { bytes += other.bytes }

    @usableFromInline mutating func append(_ number: Int32, varint: UInt64) { append(number, .varint(varint)) }
}

/// Appends wire-format scalars to an array, for the few places where no size is known beforehand.
struct GrowingWriter {
    var bytes: [UInt8] = []

    mutating func tag(_ number: Int32, _ type: WireType) {
        varint(UInt64(UInt32(bitPattern: number) << 3 | UInt32(type.rawValue)))
    }

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func fixed(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
