/// Decodes: each visited field takes what the decoder stands before, if it is its own.
///
/// Fields mostly arrive in the order of their numbers, so a field that took its value reads the next tag at once:
/// one pass over the list of fields decodes a message written in order, and another pass is made for each step
/// backwards.
public struct FieldDecoder: FieldVisitor, ~Copyable {
    @inlinable @inline(__always) public static var changesFields: Bool { true }

    @usableFromInline var input: FieldInput
    /// The tag before which the decoder stands; zero at the message's end.
    @usableFromInline var tag = FieldTag(rawValue: 0)
    /// Where that tag begins.
    @usableFromInline var tagStart = 0
    /// What the message at hand does not know; most know all.
    @usableFromInline var rest: Rest?

    @usableFromInline struct Rest {
        @usableFromInline var unknown = UnknownFields()
        /// Enumerations that got a known value after so many bytes of unknown fields, which may hold earlier values of
        /// theirs.
        @usableFromInline var superseded: [Int32: Int] = [:]

        @usableFromInline init() {}
    }

    @usableFromInline init(input: FieldInput) { self.input = input }

    @inlinable @inline(__always)
    mutating func advance() throws(WireError) {
        tagStart = input.reader.offset
        tag = try input.reader.tag() ?? FieldTag(rawValue: 0)
    }

    /// Decodes up to the end of the message that the reader is in.
    @inlinable @inline(__always)
    mutating func decode<M: Message>(_ message: inout M) throws(WireError) {
        try advance()
        while tag.rawValue != 0 {
            let start = tagStart
            try message.fields(&self)
            if tagStart == start, tag.rawValue != 0 { try keepUnknown() }
        }
        if let rest = rest.take() { try give(rest, to: &message) }
    }

    @usableFromInline
    mutating func give<M: Message>(_ rest: Rest, to message: inout M) throws(WireError) {
        var unknown = rest.unknown
        if !rest.superseded.isEmpty { try unknown.removeVarints(before: rest.superseded) }
        message.unknownFields.append(unknown)
    }

    @usableFromInline
    mutating func keepUnknown() throws(WireError) {
        try input.reader.skip(tag)
        var kept = rest.take() ?? Rest()
        kept.unknown.bytes += input.reader.copy(tagStart..<input.reader.offset)
        rest = kept
        try advance()
    }

    /// Notes that an enumeration gets a known value.
    @inlinable @inline(__always)
    mutating func supersede(_ number: Int32) {
        if let count = rest?.unknown.bytes.count { rest?.superseded[number] = count }
    }

    /// Decodes a length-delimited message before whose length the reader stands.
    @inlinable
    mutating func nested<M: Message>(_ message: inout M) throws(WireError) {
        try input.reader.descend()
        let range = try input.reader.range()
        let outerEnd = input.reader.end
        let outer = rest.take()
        input.reader.offset = range.lowerBound
        input.reader.end = range.upperBound
        try message.decode(from: &self)
        input.reader.end = outerEnd
        input.reader.depth += 1
        rest = outer
    }

    /// Reads the elements of a packed field.
    @inlinable
    mutating func packed(_ element: (inout FieldDecoder) throws(WireError) -> Void) throws(WireError) {
        let range = try input.reader.range()
        let outerEnd = input.reader.end
        input.reader.offset = range.lowerBound
        input.reader.end = range.upperBound
        while input.reader.offset < input.reader.end {
            try input.takeElement()
            try element(&self)
        }
        input.reader.end = outerEnd
    }

    /// The case of a number; one without a case becomes an unknown field.
    @inlinable
    mutating func known<E: ProtoEnum>(_ number: Int32) throws(WireError) -> E? {
        let value = Int32(truncatingIfNeeded: try input.reader.varint())
        if let known = E(rawValue: value) { return known }
        var kept = rest.take() ?? Rest()
        kept.unknown.append(number, varint: UInt64(bitPattern: Int64(value)))
        rest = kept
        return nil
    }
}

extension FieldDecoder {
    @inlinable @inline(__always)
    public mutating func singular<C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout C.Value, _: C.Type
    ) throws(WireError) {
        guard tag == FieldTag(number, C.wireType) else { return }
        value = try C.read(from: &input, field: number)
        try advance()
    }

    @inlinable @inline(__always)
    public mutating func optional<C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout C.Value?, _: C.Type
    ) throws(WireError) {
        guard tag == FieldTag(number, C.wireType) else { return }
        value = try C.read(from: &input, field: number)
        try advance()
    }

    @inlinable @inline(__always)
    public mutating func list<C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout [C.Value], _: C.Type
    ) throws(WireError) {
        if C.wireType != .lengthDelimited, tag == FieldTag(number, .lengthDelimited) {
            value.reserveCapacity(value.count + min(input.reader.elementsAhead(C.wireType), input.elements))
            try packed { decoder throws(WireError) in
                value.append(try C.read(from: &decoder.input, field: number))
            }
            try advance()
        }
        while tag == FieldTag(number, C.wireType) {
            try input.takeElement()
            value.append(try C.read(from: &input, field: number))
            try advance()
        }
    }

    @inlinable @inline(__always)
    public mutating func enumeration<E: ProtoEnum>(
        _ number: Int32, _: StaticString, _ value: inout E
    ) throws(WireError) {
        guard tag == FieldTag(number, .varint) else { return }
        supersede(number)
        if let known: E = try known(number) ?? E(rawValue: 0) { value = known }
        try advance()
    }

    @inlinable @inline(__always)
    public mutating func optionalEnumeration<E: ProtoEnum>(
        _ number: Int32, _: StaticString, _ value: inout E?
    ) throws(WireError) {
        guard tag == FieldTag(number, .varint) else { return }
        supersede(number)
        value = try known(number)
        try advance()
    }

    @inlinable @inline(__always)
    public mutating func repeated<E: ProtoEnum>(
        _ number: Int32, _: StaticString, _ value: inout [E]
    ) throws(WireError) {
        if tag == FieldTag(number, .lengthDelimited) {
            try packed { decoder throws(WireError) in
                if let known: E = try decoder.known(number) { value.append(known) }
            }
            try advance()
        }
        while tag == FieldTag(number, .varint) {
            try input.takeElement()
            if let known: E = try known(number) { value.append(known) }
            try advance()
        }
    }

    @inlinable @inline(__always)
    public mutating func message<M: Message>(
        _ number: Int32, _: StaticString, _ value: inout M?
    ) throws(WireError) {
        guard tag == FieldTag(number, .lengthDelimited) else { return }
        if value == nil { value = M() }
        // Where it is: to take it out and put it back would count references.
        try value?.decodeNested(from: &self)
        try advance()
    }

    @inlinable @inline(__always)
    public mutating func repeated<M: Message>(
        _ number: Int32, _: StaticString, _ value: inout [M]
    ) throws(WireError) {
        guard tag == FieldTag(number, .lengthDelimited) else { return }
        if value.isEmpty { value.reserveCapacity(4) }
        while tag == FieldTag(number, .lengthDelimited) {
            try input.takeElement()
            value.append(M())
            try value[value.count - 1].decodeNested(from: &self)
            try advance()
        }
    }

    @inlinable @inline(__always)
    public mutating func map<K: ScalarCodec, C: ScalarCodec>(
        _ number: Int32, _: StaticString, _ value: inout [K.Value: C.Value], _: K.Type, _: C.Type
    ) throws(WireError) where K.Value: Hashable & Comparable {
        while tag == FieldTag(number, .lengthDelimited) {
            try input.takeElement()
            var entry = MapEntry<K, C>()
            try nested(&entry)
            value[entry.key] = entry.value
            try advance()
        }
    }
}

extension Message {
    /// Decodes a length-delimited message before whose length the decoder stands.
    @inlinable @inline(__always)
    mutating func decodeNested(from decoder: inout FieldDecoder) throws(WireError) { try decoder.nested(&self) }
}

/// One entry of a map as the wire has it: a message of two fields.
@usableFromInline
struct MapEntry<K: ScalarCodec, C: ScalarCodec>: Message {
    @usableFromInline static var protoName: String { "" }
    @usableFromInline var key = K.zero
    @usableFromInline var value = C.zero
    @usableFromInline var unknownFields = UnknownFields()

    @inlinable init() {}

    @inlinable @inline(__always)
    mutating func fields<V: FieldVisitor & ~Copyable>(_ visitor: inout V) throws(WireError) {
        try visitor.singular(1, "key", &key, K.self)
        try visitor.singular(2, "value", &value, C.self)
    }
}
