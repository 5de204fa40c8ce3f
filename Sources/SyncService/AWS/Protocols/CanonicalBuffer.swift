import JSON

/// Builds canonical JSON from values that arrive in any order.
///
/// A value is written at the end of `bytes`; its field is noted; when a structure closes, its fields' bytes are put in
/// order with their keys. So nothing is a tree, and an item that is handed on leaves no trace.
struct CanonicalBuffer {
    private(set) var bytes: [UInt8] = []
    private var scratch: [UInt8] = []
    private var fields: [Field] = []

    private struct Field {
        /// A structure's member number; of lists, no matter.
        var order: Int
        var start: Int
        var end: Int
        /// How many bytes of a map's entry are its key and the colon.
        var keyLength = 0
        var form = Form.value
    }

    enum Form { case value, flattenedItem, flattenedEntry }

    /// Where a value that is open began.
    struct Mark {
        var start: Int
        var fieldBase: Int
    }

    func mark() -> Mark { Mark(start: bytes.count, fieldBase: fields.count) }

    /// Notes that what was written since `mark` is a field of the structure or list around it.
    mutating func note(order: Int, since mark: Mark, form: Form = .value, keyLength: Int = 0) {
        fields.append(
            Field(order: order, start: mark.start, end: bytes.count, keyLength: keyLength, form: form))
    }

    /// Forgets what was written since `mark`.
    mutating func discard(_ mark: Mark) {
        bytes.removeSubrange(mark.start...)
        fields.removeSubrange(mark.fieldBase...)
    }

    func slice(_ mark: Mark) -> [UInt8] { Array(bytes[mark.start...]) }

    // MARK: Scalars

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func value(_ value: JSONValue) { value.write(into: &bytes, canonical: true) }

    mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            escape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    private mutating func escape(_ byte: UInt8) {
        let escaped = JSONValue.string(String(UnicodeScalar(byte))).bytes()
        bytes.append(contentsOf: escaped.dropFirst().dropLast())
    }

    // MARK: Containers

    /// Makes what was written since `mark` an object.
    mutating func closeStructure(_ mark: Mark, members: [Shape.Member]) {
        order(mark)
        let own = fields[mark.fieldBase...]
        scratch.removeAll(keepingCapacity: true)
        scratch.append(UInt8(ascii: "{"))
        var index = own.startIndex
        while index < own.endIndex {
            let field = own[index]
            var end = index + 1
            while end < own.endIndex, own[end].order == field.order { end += 1 }
            if index > own.startIndex { scratch.append(UInt8(ascii: ",")) }
            scratch.append(contentsOf: members[field.order].jsonKey)
            switch field.form {
            // A member that comes twice: the last one counts.
            case .value: copy(own[end - 1])
            case .flattenedItem: list(own[index..<end])
            case .flattenedEntry: map(own[index..<end])
            }
            index = end
        }
        scratch.append(UInt8(ascii: "}"))
        replace(mark)
    }

    mutating func closeList(_ mark: Mark) {
        let own = fields[mark.fieldBase...]
        scratch.removeAll(keepingCapacity: true)
        list(own)
        replace(mark)
    }

    mutating func closeMap(_ mark: Mark) {
        let own = fields[mark.fieldBase...]
        scratch.removeAll(keepingCapacity: true)
        map(own)
        replace(mark)
    }

    /// Makes the two fields since `mark`, key (order 0) and value (order 1), an entry; false where one is missing.
    mutating func closeEntry(_ mark: Mark) -> Int? {
        let own = fields[mark.fieldBase...]
        guard let key = own.last(where: { $0.order == 0 }), let value = own.last(where: { $0.order == 1 }) else {
            discard(mark)
            return nil
        }
        scratch.removeAll(keepingCapacity: true)
        copy(key)
        scratch.append(UInt8(ascii: ":"))
        let keyLength = scratch.count
        copy(value)
        replace(mark)
        return keyLength
    }

    /// Sorts by member, in place: fields are few, and mostly in order already. What came first of one member stays first.
    private mutating func order(_ mark: Mark) {
        var next = mark.fieldBase + 1
        while next < fields.count {
            let field = fields[next]
            var slot = next
            while slot > mark.fieldBase, fields[slot - 1].order > field.order {
                fields[slot] = fields[slot - 1]
                slot -= 1
            }
            fields[slot] = field
            next += 1
        }
    }

    private mutating func copy(_ field: Field) { scratch.append(contentsOf: bytes[field.start..<field.end]) }

    private mutating func list(_ items: ArraySlice<Field>) {
        scratch.append(UInt8(ascii: "["))
        for (number, item) in items.enumerated() {
            if number > 0 { scratch.append(UInt8(ascii: ",")) }
            copy(item)
        }
        scratch.append(UInt8(ascii: "]"))
    }

    private mutating func map(_ entries: ArraySlice<Field>) {
        // By the keys' own bytes, which an escape would hide.
        let keyed = entries.map { entry -> (key: [UInt8], field: Field) in
            let quoted = bytes[entry.start..<entry.start + max(entry.keyLength - 1, 0)]
            if quoted.contains(UInt8(ascii: "\\")), let key = try? JSONValue(parsing: Array(quoted)).string {
                return (Array(key.utf8), entry)
            }
            return (Array(quoted.dropFirst().dropLast()), entry)
        }
        let sorted = keyed.sorted {
            $0.key == $1.key ? $0.field.start < $1.field.start : $0.key.lexicographicallyPrecedes($1.key)
        }
        scratch.append(UInt8(ascii: "{"))
        var isFirst = true
        for (index, entry) in sorted.enumerated() {
            if index + 1 < sorted.count, sorted[index + 1].key == entry.key { continue }
            if !isFirst { scratch.append(UInt8(ascii: ",")) }
            isFirst = false
            copy(entry.field)
        }
        scratch.append(UInt8(ascii: "}"))
    }

    private mutating func replace(_ mark: Mark) {
        bytes.removeSubrange(mark.start...)
        bytes.append(contentsOf: scratch)
        fields.removeSubrange(mark.fieldBase...)
    }
}
