extension DynamicMessage {
    /// The encoded message: unknown fields, then fields in ascending order of numbers, map entries in the order of
    /// their keys.
    public func encoded() -> [UInt8] {
        var writer = GrowingWriter(bytes: unknownFields.bytes)
        for field in descriptor.fields.sorted(by: { $0.number < $1.number }) {
            switch fields[field.number] {
            case .single(let value) where field.label == .explicit || !value.isZero: writer.field(field, value)
            case .list(let values) where field.isPacked && field.isPackable && !values.isEmpty:
                var packed = GrowingWriter()
                for value in values { packed.value(field, value) }
                writer.tag(field.number, .lengthDelimited)
                writer.lengthDelimited(packed.bytes)
            case .list(let values):
                for value in values { writer.field(field, value) }
            case .map(let entries): writer.map(field, entries, in: pool)
            case .single, nil: break
            }
        }
        return writer.bytes
    }
}

extension GrowingWriter {
    fileprivate mutating func lengthDelimited(_ content: some Collection<UInt8>) {
        varint(UInt64(content.count))
        bytes += content
    }

    fileprivate mutating func field(_ field: FieldDescriptor, _ value: DynamicValue) {
        tag(field.number, field.wireType)
        self.value(field, value)
        if field.type == .group { tag(field.number, .endGroup) }
    }

    fileprivate mutating func map(_ field: FieldDescriptor, _ entries: [String: DynamicValue], in pool: DescriptorPool)
    {
        guard let entry = pool.messages[field.typeName], let key = entry.field(1), let value = entry.field(2) else {
            return
        }
        for (text, mapped) in entries.sorted(by: { $0.key < $1.key }) {
            guard let keyValue = DynamicValue(keyText: text, key.type) else { continue }
            var content = GrowingWriter()
            content.field(key, keyValue)
            content.field(value, mapped)
            tag(field.number, .lengthDelimited)
            lengthDelimited(content.bytes)
        }
    }

    fileprivate mutating func value(_ field: FieldDescriptor, _ value: DynamicValue) {
        switch value {
        case .bool(let flag): varint(flag ? 1 : 0)
        case .signed(let number): signed(number, field.type)
        case .unsigned(let number):
            switch field.type {
            case .fixed32: fixed(UInt32(truncatingIfNeeded: number))
            case .fixed64: fixed(number)
            default: varint(number)
            }
        case .float(let number): fixed(number.bitPattern)
        case .double(let number): fixed(number.bitPattern)
        case .string(let text): lengthDelimited(text.utf8)
        case .bytes(let content): lengthDelimited(content)
        case .enumeration(let number): varint(UInt64(bitPattern: Int64(number)))
        case .message(let message):
            if field.type == .group { bytes += message.encoded() } else { lengthDelimited(message.encoded()) }
        }
    }

    private mutating func signed(_ number: Int64, _ type: FieldType) {
        switch type {
        case .sint32, .sint64: varint(Varint.zigzag(number))
        case .sfixed32: fixed(UInt32(truncatingIfNeeded: number))
        case .sfixed64: fixed(UInt64(bitPattern: number))
        default: varint(UInt64(bitPattern: number))
        }
    }
}
