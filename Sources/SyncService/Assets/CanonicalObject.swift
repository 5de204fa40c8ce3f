import Glibc
import JSON

/// An object as canonical JSON text, whose members are found and changed in the text: no tree is made of it.
///
/// Its own names, and those that paths ask for, hold nothing that JSON escapes, as those of shapes and entries do not.
struct CanonicalObject: Sendable {
    /// Canonical JSON.
    private(set) var bytes: [UInt8]
    /// In order.
    private var members: [Member]

    private struct Member {
        var nameStart: Int32
        var nameEnd: Int32
        var valueEnd: Int32

        var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        /// A quote and a colon stand between.
        var value: Range<Int> { Int(nameEnd) + 2..<Int(valueEnd) }
    }

    static let empty = CanonicalObject()

    /// Nil for text that is no object. Its names must be sorted, as all canonical text's are.
    init?(canonical bytes: [UInt8]) {
        guard bytes.count < Int(Int32.max), let members = Self.members(of: bytes) else { return nil }
        self.bytes = bytes
        self.members = members
    }

    init(_ object: JSONObject = JSONObject()) {
        bytes = JSONValue.object(object).bytes(canonical: true)
        members = Self.members(of: bytes) ?? []
    }

    /// Nil for what is no object.
    init?(_ value: JSONValue) {
        guard let object = value.object else { return nil }
        self.init(object)
    }

    private static func members(of bytes: [UInt8]) -> [Member]? {
        var members: [Member] = []
        members.reserveCapacity(32)
        let end = bytes.withUnsafeBufferPointer { text in
            CanonicalText.members(text, 0) { name, value in
                guard let end = CanonicalText.end(text, value) else { return nil }
                members.append(
                    Member(
                        nameStart: Int32(truncatingIfNeeded: name.lowerBound),
                        nameEnd: Int32(truncatingIfNeeded: name.upperBound), valueEnd: Int32(truncatingIfNeeded: end)))
                return end
            }
        }
        return end == bytes.count ? members : nil
    }

    // MARK: Reading

    /// The value of a member.
    subscript(name: String) -> JSONValue? { first(at: FieldPath(steps: [.member(name)])) }

    /// The first value at a path.
    func first(at path: FieldPath) -> JSONValue? { ranges(at: path).first.flatMap { value($0) } }

    /// All values at a path, in order, as ``FieldPath/values(in:)`` finds them.
    func values(at path: FieldPath) -> [JSONValue] { ranges(at: path).compactMap { value($0) } }

    /// The list at a path as a dictionary, where its items are objects of two texts with these names; else nil.
    func textPairs(at path: FieldPath, _ key: String, _ value: String) -> [String: String]? {
        guard let range = ranges(at: path).first else { return nil }
        return bytes.withUnsafeBufferPointer { text in
            var pairs: [String: String] = [:]
            let end = CanonicalText.items(text, range.lowerBound) { item in
                var texts: [String?] = [nil, nil]
                var count = 0
                let end = CanonicalText.members(text, item) { name, start in
                    let place = Self.isEqual(text, name, key) ? 0 : Self.isEqual(text, name, value) ? 1 : 2
                    guard place < 2, let end = CanonicalText.end(text, start) else { return nil }
                    texts[place] = Self.plainText(text[start..<end])
                    count += 1
                    return end
                }
                guard count == 2, let end, let name = texts[0], let value = texts[1] else { return nil }
                pairs[name] = value
                return end
            }
            return end == range.upperBound ? pairs : nil
        }
    }

    private static func isEqual(_ text: CanonicalText.Bytes, _ range: Range<Int>, _ other: String) -> Bool {
        var other = other
        return other.withUTF8 { CanonicalText.isEqual(text, range, $0) }
    }

    /// A string without escapes.
    private static func plainText(_ quoted: Slice<CanonicalText.Bytes>) -> String? {
        guard quoted.first == UInt8(ascii: "\""), !quoted.contains(UInt8(ascii: "\\")) else { return nil }
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }

    /// All of it as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// How many values there are at a path.
    func count(at path: FieldPath) -> Int { ranges(at: path).count }

    /// The whole as a tree.
    func tree() -> JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }

    private func ranges(at path: FieldPath) -> [Range<Int>] {
        var found: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { text in
            switch path.steps.first {
            case .member(let name):
                guard let index = index(of: name, text) else { return }
                CanonicalText.ranges(text, members[index].value.lowerBound, path.steps.dropFirst(), into: &found)
            default: CanonicalText.ranges(text, 0, path.steps[...], into: &found)
            }
        }
        return found
    }

    private func index(of name: String, _ text: CanonicalText.Bytes) -> Int? {
        var name = name
        return name.withUTF8 { wanted in members.firstIndex { CanonicalText.isEqual(text, $0.name, wanted) } }
    }

    private func value(_ range: Range<Int>) -> JSONValue? {
        let inner = range.dropFirst().dropLast()
        if bytes[range.lowerBound] == UInt8(ascii: "\""), !bytes[inner].contains(UInt8(ascii: "\\")) {
            return .string(String(decoding: bytes[inner], as: UTF8.self))
        }
        return try? JSONValue(parsing: Array(bytes[range]))
    }

    // MARK: Changing

    /// Sets a member; `value` is canonical JSON.
    mutating func set(_ name: String, _ value: [UInt8]) {
        let quoted = JSONValue.string(name).bytes()
        let key = quoted[1..<quoted.count - 1]
        let place = bytes.withUnsafeBufferPointer { text in
            members.firstIndex { !text[$0.name].lexicographicallyPrecedes(key) } ?? members.count
        }
        if place < members.count, bytes[members[place].name] == key {
            let old = members[place].value
            bytes.replaceSubrange(old, with: value)
            move(from: place, by: value.count - old.count)
            members[place].nameStart -= Int32(truncatingIfNeeded: value.count - old.count)
            members[place].nameEnd -= Int32(truncatingIfNeeded: value.count - old.count)
        } else {
            insert(quoted, value, at: place)
        }
    }

    private mutating func insert(_ quoted: [UInt8], _ value: [UInt8], at place: Int) {
        var entry = quoted
        entry.reserveCapacity(quoted.count + value.count + 2)
        entry.append(UInt8(ascii: ":"))
        entry += value
        // The first member's quote stands behind the brace, others' behind a comma.
        var start = place == 0 ? 1 : Int(members[place - 1].valueEnd) + 1
        if place < members.count {
            entry.append(UInt8(ascii: ","))
            bytes.insert(contentsOf: entry, at: start)
        } else {
            if place > 0 { entry.insert(UInt8(ascii: ","), at: 0) }
            start = bytes.count - 1 + (place > 0 ? 1 : 0)
            bytes.insert(contentsOf: entry, at: bytes.count - 1)
        }
        move(from: place, by: entry.count)
        let nameStart = Int32(truncatingIfNeeded: start + 1)
        let nameEnd = nameStart + Int32(truncatingIfNeeded: quoted.count - 2)
        members.insert(
            Member(
                nameStart: nameStart, nameEnd: nameEnd,
                valueEnd: nameEnd + 2 + Int32(truncatingIfNeeded: value.count)),
            at: place)
    }

    private mutating func move(from place: Int, by distance: Int) {
        let distance = Int32(truncatingIfNeeded: distance)
        for index in place..<members.count {
            members[index].nameStart += distance
            members[index].nameEnd += distance
            members[index].valueEnd += distance
        }
    }

    /// Whether there is such a member.
    func has(_ name: String) -> Bool { bytes.withUnsafeBufferPointer { index(of: name, $0) } != nil }

    /// Replaces each value at a path by what `change` returns, canonical JSON; nil leaves it.
    mutating func replace(at path: FieldPath, _ change: (ArraySlice<UInt8>) -> [UInt8]?) {
        var changed: [UInt8] = []
        var copied = 0
        for range in ranges(at: path) {
            guard let value = change(bytes[range]) else { continue }
            changed += bytes[copied..<range.lowerBound]
            changed += value
            copied = range.upperBound
        }
        guard copied > 0 else { return }
        changed += bytes[copied...]
        bytes = changed
        members = Self.members(of: bytes) ?? []
    }

    /// Removes each value at a path; in a list `null` stands there then.
    mutating func remove(at path: FieldPath) {
        if path.steps.count == 1, case .member(let name) = path.steps[0] { return remove(name) }
        guard !ranges(at: path).isEmpty else { return }
        var tree = tree()
        path.update(&tree) { _ in nil }
        if let object = CanonicalObject(tree) { self = object }
    }

    /// Removes a member.
    mutating func remove(_ name: String) {
        guard let place = bytes.withUnsafeBufferPointer({ index(of: name, $0) }) else { return }
        let start = members[place].name.lowerBound - 1
        let end = Int(members[place].valueEnd)
        // With the comma behind it, or before it where it is the last of several.
        let isLast = place == members.count - 1
        let range = isLast ? (place > 0 ? start - 1 : start)..<end : start..<end + 1
        bytes.removeSubrange(range)
        members.remove(at: place)
        move(from: place, by: -range.count)
    }

    /// Sorts the items of each list at a path by their text.
    mutating func sortLists(at path: FieldPath) {
        for range in ranges(at: path) {
            guard let sorted = sortedList(range) else { continue }
            // As long as before: nothing else moves.
            bytes.replaceSubrange(range, with: sorted)
        }
    }

    /// Nil where it is sorted, or no list.
    private func sortedList(_ range: Range<Int>) -> [UInt8]? {
        bytes.withUnsafeBufferPointer { text in
            var items: [Range<Int>] = []
            var isSorted = true
            let end = CanonicalText.items(text, range.lowerBound) { start in
                guard let end = CanonicalText.end(text, start) else { return nil }
                if let last = items.last, CanonicalText.precedes(text, start..<end, last) { isSorted = false }
                items.append(start..<end)
                return end
            }
            guard !isSorted, end == range.upperBound else { return nil }
            items.sort { CanonicalText.precedes(text, $0, $1) }
            var sorted: [UInt8] = []
            sorted.reserveCapacity(range.count)
            for item in items {
                sorted.append(sorted.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
                sorted += text[item]
            }
            sorted.append(UInt8(ascii: "]"))
            return sorted
        }
    }
}
