/// Writes the fields in the order of their visit, map entries in the order of their keys.
public struct FieldEncoder: FieldVisitor {
    @inlinable @inline(__always) public static var changesFields: Bool { false }

    @usableFromInline var output: FieldOutput

    @usableFromInline init(output: FieldOutput) { self.output = output }

    @inlinable @inline(__always)
    mutating func tag(_ number: Int32, _ type: WireType) { output.writer.tag(FieldTag(number, type)) }

    @inlinable @inline(__always)
    mutating func length(_ count: Int) { output.writer.varint(UInt64(truncatingIfNeeded: count)) }

    @inlinable @inline(__always)
    public mutating func singular<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout C.Value, _: C.Type) {
        guard !C.isZero(value) else { return }
        tag(number, C.wireType)
        C.write(value, to: &output)
    }

    @inlinable @inline(__always)
    public mutating func optional<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout C.Value?, _: C.Type)
    {
        guard let value else { return }
        tag(number, C.wireType)
        C.write(value, to: &output)
    }

    @inlinable @inline(__always)
    public mutating func list<C: ScalarCodec>(_ number: Int32, _: StaticString, _ value: inout [C.Value], _: C.Type) {
        guard !value.isEmpty else { return }
        if C.wireType == .lengthDelimited {
            for element in value {
                tag(number, C.wireType)
                C.write(element, to: &output)
            }
        } else {
            var content = 0
            for element in value { content += C.size(element) }
            tag(number, .lengthDelimited)
            length(content)
            for element in value { C.write(element, to: &output) }
        }
    }

    @inlinable @inline(__always)
    public mutating func enumeration<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout E) {
        guard value.rawValue != 0 else { return }
        tag(number, .varint)
        Int32Codec.write(value.rawValue, to: &output)
    }

    @inlinable @inline(__always)
    public mutating func optionalEnumeration<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout E?) {
        guard let value else { return }
        tag(number, .varint)
        Int32Codec.write(value.rawValue, to: &output)
    }

    @inlinable @inline(__always)
    public mutating func repeated<E: ProtoEnum>(_ number: Int32, _: StaticString, _ value: inout [E]) {
        guard !value.isEmpty else { return }
        var content = 0
        for element in value { content += Int32Codec.size(element.rawValue) }
        tag(number, .lengthDelimited)
        length(content)
        for element in value { Int32Codec.write(element.rawValue, to: &output) }
    }

    @inlinable @inline(__always)
    public mutating func message<M: Message>(_ number: Int32, _: StaticString, _ value: inout M?) {
        guard let size = value?.measure() else { return }
        tag(number, .lengthDelimited)
        length(size)
        value?.write(to: &self)
    }

    @inlinable @inline(__always)
    public mutating func repeated<M: Message>(_ number: Int32, _: StaticString, _ value: inout [M]) {
        forEach(value) {
            tag(number, .lengthDelimited)
            length($0.measure())
            $0.write(to: &self)
        }
    }

    @inlinable @inline(__always)
    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout [K.Value: C.Value], _: K.Type, _: C.Type
    ) where K.Value: Hashable & Comparable {
        for (key, value) in value.sorted(by: { $0.key < $1.key }) {
            tag(number, .lengthDelimited)
            length(2 + K.size(key) + C.size(value))
            tag(1, K.wireType)
            K.write(key, to: &output)
            tag(2, C.wireType)
            C.write(value, to: &output)
        }
    }
}
