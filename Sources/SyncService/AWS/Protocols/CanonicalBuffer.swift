import JSON

/// Builds canonical JSON from values that arrive in any order.
///
/// A field is written at the end, its key before it and a comma behind it, and its place is noted. When a structure
/// closes, its fields mostly stand in order already, and its bytes stay; otherwise they are put in order once. So nothing
/// is a tree, and an item that is handed on leaves no trace.
struct CanonicalBuffer: ~Copyable {
    private var stack = ByteStack()
    private var scratch = ByteStack(capacity: 16)
    private var fields: [Field] = []

    private struct Field {
        /// A structure's member number; of an entry, 0 is its key and 1 its value.
        var order: Int
        /// Without the separator that stands behind it.
        var start: Int
        var end: Int
        /// How many bytes of a map's entry are its key and the colon.
        var keyLength: Int
        var form: Form
    }

    /// Items and entries of what is flattened stand beside their structure's fields, without a key.
    enum Form { case value, flattenedItem, flattenedEntry }

    /// Where a value that is open began.
    struct Mark {
        var start: Int
        var fieldBase: Int
    }

    var isEmpty: Bool { stack.isEmpty }
    var count: Int { stack.count }

    @inline(__always)
    func mark() -> Mark { Mark(start: stack.count, fieldBase: fields.count) }

    /// Forgets what was written since `mark`.
    mutating func discard(_ mark: Mark) {
        stack.cut(to: mark.start)
        forgetFields(mark)
    }

    /// What was written since `mark`, or all.
    func bytes(since mark: Mark = Mark(start: 0, fieldBase: 0)) -> [UInt8] { stack.array(from: mark.start) }

    // MARK: Fields

    /// Ends a member of a structure, or an entry of a map, whose key was written at `start`.
    mutating func note(order: Int, since start: Int, form: Form = .value, keyLength: Int = 0) {
        fields.append(Field(order: order, start: start, end: stack.count, keyLength: keyLength, form: form))
        stack.append(UInt8(ascii: ","))
    }

    /// Ends an item of a list.
    mutating func noteItem() { stack.append(UInt8(ascii: ",")) }

    /// Ends the key or the value of an entry, which may come in either order.
    mutating func notePart(isKey: Bool, since mark: Mark) {
        fields.append(
            Field(order: isKey ? 0 : 1, start: mark.start, end: stack.count, keyLength: 0, form: .value))
        if isKey { stack.append(UInt8(ascii: ":")) }
    }

    // MARK: Scalars

    mutating func raw(_ text: StaticString) { stack.append(text) }

    mutating func raw(_ text: UnsafeBufferPointer<UInt8>) { stack.append(text) }

    mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { stack.append($0) }
    }

    mutating func value(_ value: JSONValue) {
        value.bytes(canonical: true).withUnsafeBufferPointer { stack.append($0) }
    }

    mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        stack.append(UInt8(ascii: "\""))
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                stack.append(UnsafeBufferPointer(rebasing: text[start..<index]))
                escape(byte)
                start = index + 1
            }
            index += 1
        }
        stack.append(UnsafeBufferPointer(rebasing: text[start...]))
        stack.append(UInt8(ascii: "\""))
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    private mutating func escape(_ byte: UInt8) {
        let escaped = JSONValue.string(String(UnicodeScalar(byte))).bytes()
        escaped[1..<escaped.count - 1].withUnsafeBufferPointer { stack.append($0) }
    }

    // MARK: Containers

    mutating func openStructure() { stack.append(UInt8(ascii: "{")) }
    mutating func openList() { stack.append(UInt8(ascii: "[")) }
    mutating func openMap() { stack.append(UInt8(ascii: "{")) }

    /// - Parameter shape: The structure's, which knows the keys of what is flattened.
    mutating func closeStructure(_ mark: Mark, _ table: ShapeTable, shape: Int) {
        if isInOrder(mark) {
            end(by: UInt8(ascii: "}"))
        } else {
            rewrite(mark, table, shape)
        }
        forgetFields(mark)
    }

    mutating func closeList() { end(by: UInt8(ascii: "]")) }

    mutating func closeMap(_ mark: Mark) {
        if isSortedMap(fields[mark.fieldBase...]) {
            end(by: UInt8(ascii: "}"))
        } else {
            scratch.cut(to: 0)
            map(fields[mark.fieldBase...])
            replace(mark)
        }
        forgetFields(mark)
    }

    /// Makes the two parts since `mark` an entry; nil where one is missing. Returns the length of key and colon.
    mutating func closeEntry(_ mark: Mark) -> Int? {
        let own = fields[mark.fieldBase...]
        guard let key = own.last(where: { $0.order == 0 }), let value = own.last(where: { $0.order == 1 }) else {
            discard(mark)
            return nil
        }
        let keyLength = key.end - key.start + 1
        if own.count != 2 || key.start > value.start {
            scratch.cut(to: 0)
            copy(key)
            scratch.append(UInt8(ascii: ":"))
            copy(value)
            replace(mark)
        }
        forgetFields(mark)
        return keyLength
    }

    /// The last comma becomes the end; where there is none, nothing was written.
    private mutating func end(by byte: UInt8) {
        if stack[stack.count - 1] == UInt8(ascii: ",") {
            stack[stack.count - 1] = byte
        } else {
            stack.append(byte)
        }
    }

    private mutating func forgetFields(_ mark: Mark) {
        if fields.count > mark.fieldBase { fields.removeLast(fields.count - mark.fieldBase) }
    }

    private func isInOrder(_ mark: Mark) -> Bool {
        var last = -1
        var index = mark.fieldBase
        while index < fields.count {
            guard fields[index].form == .value, fields[index].order > last else { return false }
            last = fields[index].order
            index += 1
        }
        return true
    }

    private mutating func rewrite(_ mark: Mark, _ table: ShapeTable, _ shape: Int) {
        sort(mark)
        let own = fields[mark.fieldBase...]
        scratch.cut(to: 0)
        scratch.append(UInt8(ascii: "{"))
        var index = own.startIndex
        while index < own.endIndex {
            let field = own[index]
            var end = index + 1
            while end < own.endIndex, own[end].order == field.order { end += 1 }
            if index > own.startIndex { scratch.append(UInt8(ascii: ",")) }
            if field.form != .value {
                table.withText(table.member(field.order, of: shape).jsonKey) { scratch.append($0) }
            }
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

    /// Sorts by member, in place: fields are few, and mostly in order already. What came first of one member stays first.
    private mutating func sort(_ mark: Mark) {
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

    private mutating func copy(_ field: Field) { scratch.append(stack.bytes(field.start..<field.end)) }

    private mutating func list(_ items: ArraySlice<Field>) {
        scratch.append(UInt8(ascii: "["))
        for (number, item) in items.enumerated() {
            if number > 0 { scratch.append(UInt8(ascii: ",")) }
            copy(item)
        }
        scratch.append(UInt8(ascii: "]"))
    }

    // MARK: Maps

    /// A key's text as it stands, without its quotes.
    private func keyText(_ entry: Field) -> UnsafeBufferPointer<UInt8> {
        stack.bytes(entry.start + 1..<entry.start + max(entry.keyLength - 2, 1))
    }

    /// Whether the keys rise by their own bytes, which an escape would hide.
    private func isSortedMap(_ entries: ArraySlice<Field>) -> Bool {
        var index = entries.startIndex
        while index < entries.endIndex {
            if keyText(entries[index]).contains(UInt8(ascii: "\\")) { return false }
            if index > entries.startIndex,
                !keyText(entries[index - 1]).lexicographicallyPrecedes(keyText(entries[index]))
            {
                return false
            }
            index += 1
        }
        return true
    }

    private mutating func map(_ entries: ArraySlice<Field>) {
        var keyed: [(key: [UInt8], field: Field)] = []
        for entry in entries { keyed.append((plainKey(entry), entry)) }
        keyed.sort { $0.key == $1.key ? $0.field.start < $1.field.start : $0.key.lexicographicallyPrecedes($1.key) }
        scratch.append(UInt8(ascii: "{"))
        var isFirst = true
        for (index, entry) in keyed.enumerated() {
            if index + 1 < keyed.count, keyed[index + 1].key == entry.key { continue }
            if !isFirst { scratch.append(UInt8(ascii: ",")) }
            isFirst = false
            copy(entry.field)
        }
        scratch.append(UInt8(ascii: "}"))
    }

    private func plainKey(_ entry: Field) -> [UInt8] {
        let text = Array(keyText(entry))
        guard text.contains(UInt8(ascii: "\\")) else { return text }
        let quoted = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
        return (try? JSONValue(parsing: quoted))?.string.map { Array($0.utf8) } ?? text
    }

    private mutating func replace(_ mark: Mark) {
        stack.cut(to: mark.start)
        stack.append(scratch.all)
    }
}
