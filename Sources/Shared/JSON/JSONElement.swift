/// One value of a ``JSONDocument``; keeps the document alive.
public struct JSONElement: Sendable {
    /// What a value is.
    public enum Kind: Sendable, Equatable { case null, bool, number, string, array, object }

    let document: JSONDocument
    /// Where the value stands on the document's tape.
    let index: Int

    static let stringTag = UInt8(ascii: "\"")
    static let endTags = [UInt8(ascii: "]"), UInt8(ascii: "}")]

    var tag: UInt8 { UInt8(truncatingIfNeeded: document.tape[index] >> 56) }
    /// The low 56 bits of the tape's entry.
    private var payload: UInt64 { document.tape[index] & 0x00FF_FFFF_FFFF_FFFF }
    /// How many entries this one takes by itself: a number's value follows its tag.
    var width: Int { kind == .number ? 2 : 1 }
    /// The index after this value and all that is in it.
    private var end: Int {
        switch kind {
        case .array, .object: Int(payload & 0xFFFF_FFFF)
        case .number: index + 2
        default: index + 1
        }
    }

    /// What this value is.
    public var kind: Kind {
        switch tag {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case Self.stringTag: .string
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        default: .null
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The value of a `true` or `false`.
    public var bool: Bool? { kind == .bool ? tag == UInt8(ascii: "t") : nil }

    /// The text of a string.
    public var string: String? { kind == .string ? document.string(at: Int(payload)) : nil }

    /// Hands over the text of a string in UTF-8, valid inside `body`; nil where this is no string.
    public func withText<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T? {
        kind == .string ? document.withString(at: Int(payload), body) : nil
    }

    /// The number's text as it was written, valid inside `body`; nil where this is no number.
    public func withNumberText<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T? {
        kind == .number ? document.withNumberText(at: Int(payload), body) : nil
    }

    /// The number, with its text as it was written.
    public var number: JSONNumber? {
        kind == .number ? JSONNumber(unchecked: document.numberText(at: Int(payload))) : nil
    }

    /// A number that is an integer and fits.
    public var int64: Int64? {
        tag == UInt8(ascii: "l") ? Int64(bitPattern: document.tape[index + 1]) : number?.int64
    }

    /// The nearest double of a number.
    public var double: Double? {
        tag == UInt8(ascii: "d") ? Double(bitPattern: document.tape[index + 1]) : number?.double
    }

    /// The items of an array in order; of anything else, none.
    public var items: Items { Items(self) }

    /// The members of an object in order, a name as often as it occurs; of anything else, none.
    public var members: Members { Members(self) }

    /// The members of an object in order, without making a text of their names.
    public var fields: Fields { Fields(self) }

    /// The first member of that name; nil where this is no object or has none.
    public func member(_ name: String) -> JSONElement? { members.first { $0.name == name }?.value }

    /// The items of an array.
    public struct Items: Sequence, IteratorProtocol, Sendable {
        private var upcoming: JSONElement?
        init(_ array: JSONElement) { upcoming = array.kind == .array ? array.inside : nil }
        public mutating func next() -> JSONElement? {
            guard let element = upcoming, !element.isEnd else { return nil }
            upcoming = element.following
            return element
        }
    }

    /// The members of an object.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        private var upcoming: JSONElement?
        init(_ object: JSONElement) { upcoming = object.kind == .object ? object.inside : nil }
        public mutating func next() -> (name: String, value: JSONElement)? {
            guard let name = upcoming, let text = name.string else { return nil }
            let value = name.following
            upcoming = value.following
            return (text, value)
        }
    }

    /// The members of an object, each as its name, a string, and its value.
    public struct Fields: Sequence, IteratorProtocol, Sendable {
        private var upcoming: JSONElement?
        init(_ object: JSONElement) { upcoming = object.kind == .object ? object.inside : nil }
        public mutating func next() -> (name: JSONElement, value: JSONElement)? {
            guard let name = upcoming, name.kind == .string else { return nil }
            let value = name.following
            upcoming = value.following
            return (name, value)
        }
    }

    private var inside: JSONElement { JSONElement(document: document, index: index + 1) }
    private var following: JSONElement { JSONElement(document: document, index: end) }
    private var isEnd: Bool { Self.endTags.contains(tag) }
}

extension JSONElement {
    /// This value as a tree. Throws ``JSONError/Kind/duplicateName`` where an object names a member twice.
    public func value() throws(JSONError) -> JSONValue {
        var cursor = index
        return try document.tree(at: &cursor)
    }
}

extension JSONDocument {
    /// The value at `cursor`, which then stands behind it. By bare indices: an element would retain the document.
    fileprivate func tree(at cursor: inout Int) throws(JSONError) -> JSONValue {
        let entry = tape[cursor]
        let payload = entry & 0x00FF_FFFF_FFFF_FFFF
        cursor += 1
        switch UInt8(truncatingIfNeeded: entry >> 56) {
        case UInt8(ascii: "{"): return .object(try object(at: &cursor, end: Int(payload & 0xFFFF_FFFF) - 1))
        case UInt8(ascii: "["):
            let end = Int(payload & 0xFFFF_FFFF) - 1
            var values: [JSONValue] = []
            while cursor < end { values.append(try tree(at: &cursor)) }
            cursor = end + 1
            return .array(values)
        case JSONElement.stringTag: return .string(string(at: Int(payload)))
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"):
            cursor += 1
            return .number(JSONNumber(unchecked: numberText(at: Int(payload))))
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        default: return .null
        }
    }

    private func object(at cursor: inout Int, end: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        while cursor < end {
            let name = cursor
            let text = string(at: Int(tape[name] & 0x00FF_FFFF_FFFF_FFFF))
            cursor += 1
            guard object.appendIfNew(text, try tree(at: &cursor)) else {
                throw JSONError(.duplicateName, offset: sourceOffset(ofStringAt: name))
            }
        }
        cursor = end + 1
        return object
    }
}
