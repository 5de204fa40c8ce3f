/// Sums what the fields take on the wire. Must agree with ``FieldEncoder`` to the byte.
public struct FieldSizer: FieldVisitor {
    @inlinable @inline(__always) public static var changesFields: Bool { false }

    @usableFromInline var size = 0

    @usableFromInline init() {}

    @inlinable @inline(__always)
    public mutating func singular<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout C.Value, _: C.Type) {
        if !C.isZero(value) { size += FieldTag(number, C.wireType).size + C.size(value) }
    }

    @inlinable @inline(__always)
    public mutating func optional<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout C.Value?, _: C.Type)
    {
        if let value { size += FieldTag(number, C.wireType).size + C.size(value) }
    }

    @inlinable @inline(__always)
    public mutating func list<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout [C.Value], _: C.Type) {
        guard !value.isEmpty else { return }
        var content = 0
        for element in value { content += C.size(element) }
        if C.wireType == .lengthDelimited {
            size += content + value.count * FieldTag(number, C.wireType).size
        } else {
            size += FieldTag(number, .lengthDelimited).size + lengthSize(content)
        }
    }

    @inlinable @inline(__always)
    public mutating func enumeration<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout E) {
        if value.rawValue != 0 { size += FieldTag(number, .varint).size + Int32Codec.size(value.rawValue) }
    }

    @inlinable @inline(__always)
    public mutating func optionalEnumeration<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout E?) {
        if let value { size += FieldTag(number, .varint).size + Int32Codec.size(value.rawValue) }
    }

    @inlinable @inline(__always)
    public mutating func repeated<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout [E]) {
        guard !value.isEmpty else { return }
        var content = 0
        for element in value { content += Int32Codec.size(element.rawValue) }
        size += FieldTag(number, .lengthDelimited).size + lengthSize(content)
    }

    @inlinable @inline(__always)
    public mutating func message<M: Message>(_ number: Int32, _: StaticString, _ value: inout M?) {
        if let content = value?.measure() { size += FieldTag(number, .lengthDelimited).size + lengthSize(content) }
    }

    @inlinable @inline(__always)
    public mutating func repeated<M: Message>(_ number: Int32, _: StaticString, _ value: inout [M]) {
        size += value.count * FieldTag(number, .lengthDelimited).size
        forEach(value) { size += lengthSize($0.measure()) }
    }

    @inlinable @inline(__always)
    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout [K.Value: C.Value], _: K.Type, _: C.Type
    ) where K.Value: Hashable & Comparable {
        // Key and value are always written; their tags take a byte each.
        for (key, value) in value {
            size += FieldTag(number, .lengthDelimited).size + lengthSize(2 + K.size(key) + C.size(value))
        }
    }
}

/// Lends each element to a visit that changes nothing, though by its type it could: an element that is copied, or an
/// array that is changed, counts references or is copied as a whole.
@inlinable @inline(__always)
func forEach<M: Message>(_ elements: [M], _ visit: (inout M) -> Void) {
    unsafe elements.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for index in 0..<buffer.count { unsafe visit(&UnsafeMutablePointer(mutating: base + index).pointee) }
    }
}
