extension DynamicMessage {
    /// Decodes a message of a type from exactly these bytes.
    public init(
        _ name: String, in pool: DescriptorPool, decoding bytes: [UInt8], limits: WireLimits = .standard
    ) throws(WireError) {
        try self.init(name, in: pool)
        try merge(bytes, limits: limits)
    }

    /// Merges an encoded message.
    public mutating func merge(_ bytes: [UInt8], limits: WireLimits = .standard) throws(WireError) {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limitBytes: limits.bytes) }
        self = try ByteReader.read(bytes, depth: limits.depth) { [copy = self] reader throws(WireError) in
            var message = copy
            var input = FieldInput(reader: reader, elements: limits.elements)
            try message.decode(from: &input)
            return message
        }
    }

    /// Decodes up to the reader's end.
    private mutating func decode(from input: inout FieldInput) throws(WireError) {
        while true {
            let start = input.reader.offset
            guard let tag = try input.reader.tag() else { return }
            if let field = descriptor.field(tag.number), try decode(field, tag.type, from: &input) { continue }
            input.reader.offset = start
            _ = try input.reader.tag()
            try input.reader.skip(tag)
            unknownFields.bytes += input.reader.copy(start..<input.reader.offset)
        }
    }

    /// Decodes a field's value; false, nothing taken, where its wire type is another.
    private mutating func decode(
        _ field: FieldDescriptor, _ type: WireType, from input: inout FieldInput
    ) throws(WireError) -> Bool {
        if field.label == .repeated, field.isPackable, type == .lengthDelimited {
            try decodePacked(field, from: &input)
            return true
        }
        guard type == field.wireType else { return false }
        switch field.label {
        case .map:
            try input.takeElement()
            try decodeEntry(field, from: &input)
        case .repeated:
            try input.takeElement()
            if let value = try value(field, merging: nil, from: &input) { append(field, value) }
        case .implicit, .explicit:
            var earlier: DynamicMessage?
            if case .single(.message(let message)) = fields[field.number] { earlier = message }
            if let value = try value(field, merging: earlier, from: &input) { set(field, .single(value)) }
        }
        return true
    }

    private mutating func append(_ field: FieldDescriptor, _ value: DynamicValue) {
        if case .list(var values) = fields.removeValue(forKey: field.number) {
            values.append(value)
            fields[field.number] = .list(values)
        } else {
            fields[field.number] = .list([value])
        }
    }

    private mutating func decodePacked(_ field: FieldDescriptor, from input: inout FieldInput) throws(WireError) {
        let range = try input.reader.range()
        let outerEnd = input.reader.end
        input.reader.offset = range.lowerBound
        input.reader.end = range.upperBound
        while input.reader.offset < input.reader.end {
            try input.takeElement()
            if let value = try value(field, merging: nil, from: &input) { append(field, value) }
        }
        input.reader.end = outerEnd
    }

    private mutating func decodeEntry(_ field: FieldDescriptor, from input: inout FieldInput) throws(WireError) {
        var entry = try DynamicMessage(field.typeName, in: pool)
        try entry.decodeNested(try input.reader.range(), from: &input)
        guard let key = entry.descriptor.field(1), let value = entry.descriptor.field(2) else { return }
        // An entry whose enumeration has an unknown number is unknown as a whole.
        if value.type == .enumeration, pool.enums[value.typeName]?.isClosed == true, !entry.unknownFields.isEmpty {
            return unknownFields.append(field.number, .lengthDelimited(entry.encoded()))
        }
        var text = DynamicValue.zero(key.type)?.keyText ?? ""
        if case .single(let given) = entry.fields[1] { text = given.keyText }
        let mapped: DynamicValue
        if case .single(let given) = entry.fields[2] {
            mapped = given
        } else if let zero = DynamicValue.zero(value.type) {
            mapped = zero
        } else {
            mapped = .message(try DynamicMessage(value.typeName, in: pool))
        }
        guard case .map(var entries) = fields.removeValue(forKey: field.number) ?? .map([:]) else { return }
        entries[text] = mapped
        fields[field.number] = .map(entries)
    }

    private mutating func decodeNested(_ range: Range<Int>, from input: inout FieldInput) throws(WireError) {
        try input.reader.descend()
        let (outerOffset, outerEnd) = (input.reader.offset, input.reader.end)
        input.reader.offset = range.lowerBound
        input.reader.end = range.upperBound
        try decode(from: &input)
        input.reader.offset = outerOffset
        input.reader.end = outerEnd
        input.reader.depth += 1
    }

    /// One value; nil where it is the number of a closed enumeration that has no name and went to the unknown fields.
    private mutating func value(
        _ field: FieldDescriptor, merging earlier: DynamicMessage?, from input: inout FieldInput
    ) throws(WireError) -> DynamicValue? {
        switch field.type {
        case .message, .group:
            let isGroup = field.type == .group
            let range = isGroup ? try input.reader.group(field.number) : try input.reader.range()
            var message = try DynamicMessage(field.typeName, in: pool)
            if let earlier { message = earlier }
            try message.decodeNested(range, from: &input)
            return .message(message)
        case .enumeration:
            let whole = try UInt64Codec.read(from: &input, field: field.number)
            let number = Int32(truncatingIfNeeded: whole)
            if let known = pool.enums[field.typeName], known.isClosed, known.name(of: number) == nil {
                unknownFields.append(field.number, varint: whole)
                return nil
            }
            return .enumeration(number)
        default: return try scalar(field, from: &input)
        }
    }

    private func scalar(_ field: FieldDescriptor, from input: inout FieldInput) throws(WireError) -> DynamicValue {
        let number = field.number
        return switch field.type {
        case .bool: .bool(try BoolCodec.read(from: &input, field: number))
        case .int32: .signed(Int64(try Int32Codec.read(from: &input, field: number)))
        case .int64: .signed(try Int64Codec.read(from: &input, field: number))
        case .sint32: .signed(Int64(try SInt32Codec.read(from: &input, field: number)))
        case .sint64: .signed(try SInt64Codec.read(from: &input, field: number))
        case .sfixed32: .signed(Int64(try SFixed32Codec.read(from: &input, field: number)))
        case .sfixed64: .signed(try SFixed64Codec.read(from: &input, field: number))
        case .uint32: .unsigned(UInt64(try UInt32Codec.read(from: &input, field: number)))
        case .uint64: .unsigned(try UInt64Codec.read(from: &input, field: number))
        case .fixed32: .unsigned(UInt64(try Fixed32Codec.read(from: &input, field: number)))
        case .fixed64: .unsigned(try Fixed64Codec.read(from: &input, field: number))
        case .float: .float(try FloatCodec.read(from: &input, field: number))
        case .double: .double(try DoubleCodec.read(from: &input, field: number))
        case .string: .string(try StringCodec.read(from: &input, field: number))
        default: .bytes(try BytesCodec.read(from: &input, field: number))
        }
    }
}
