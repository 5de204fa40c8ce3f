import Glibc

/// Finds its way in canonical JSON text that was written by this program: no blanks, names sorted.
///
/// It never reads beyond the text; in one that is not canonical it finds less, or nothing.
enum CanonicalText {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The end of the value that begins at `start`; nil where the text ends first.
    static func end(_ text: Bytes, _ start: Int) -> Int? {
        guard start < text.count else { return nil }
        switch text[start] {
        case UInt8(ascii: "\""): return endOfString(text, start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfContainer(text, start)
        default:
            var index = start
            while index < text.count, !isEnd(text[index]) { index += 1 }
            return index > start ? index : nil
        }
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private static func endOfString(_ text: Bytes, _ start: Int) -> Int? {
        guard let base = text.baseAddress else { return nil }
        let end = closingQuote(base, start + 1, text.count)
        return end < text.count ? end + 1 : nil
    }

    /// Where the string's closing quote stands, from within it; `count` or more where there is none.
    @inline(__always)
    private static func closingQuote(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int {
        var index = start
        while index < count {
            // Eight bytes at a time while none of them is a quote or a backslash.
            if index + 8 <= count {
                let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self).littleEndian
                let hits = zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
                if hits == 0 {
                    index += 8
                    continue
                }
                index += hits.trailingZeroBitCount >> 3
            }
            if base[index] == UInt8(ascii: "\"") { return index }
            index += base[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index
    }

    /// The highest bit of the first byte that is zero, and perhaps of others behind it.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    private static func endOfContainer(_ text: Bytes, _ start: Int) -> Int? {
        guard let base = text.baseAddress else { return nil }
        let count = text.count
        var depth = 0
        var index = start
        while index < count {
            let byte = base[index]
            if byte == UInt8(ascii: "\"") {
                index = closingQuote(base, index + 1, count)
            } else if byte | 0x20 == UInt8(ascii: "{") {
                // A bracket and a brace differ in this bit alone.
                depth += 1
            } else if byte | 0x20 == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
            index += 1
        }
        return nil
    }

    /// Hands over the members of the object at `start`: where the name stands, without its quotes, and where the value
    /// begins. `body` says where the value ends, nil to stop.
    static func members(_ text: Bytes, _ start: Int, _ body: (_ name: Range<Int>, _ value: Int) -> Int?) -> Int? {
        guard start < text.count, text[start] == UInt8(ascii: "{") else { return nil }
        var index = start + 1
        if index < text.count, text[index] == UInt8(ascii: "}") { return index + 1 }
        while index < text.count, text[index] == UInt8(ascii: "\"") {
            guard let nameEnd = endOfString(text, index), nameEnd < text.count, text[nameEnd] == UInt8(ascii: ":"),
                let end = body(index + 1..<nameEnd - 1, nameEnd + 1), end < text.count
            else { return nil }
            if text[end] == UInt8(ascii: "}") { return end + 1 }
            guard text[end] == UInt8(ascii: ",") else { return nil }
            index = end + 1
        }
        return nil
    }

    /// Hands over where each item of the list at `start` begins. `body` says where it ends, nil to stop.
    static func items(_ text: Bytes, _ start: Int, _ body: (Int) -> Int?) -> Int? {
        guard start < text.count, text[start] == UInt8(ascii: "[") else { return nil }
        var index = start + 1
        if index < text.count, text[index] == UInt8(ascii: "]") { return index + 1 }
        while index < text.count {
            guard let end = body(index), end < text.count else { return nil }
            if text[end] == UInt8(ascii: "]") { return end + 1 }
            guard text[end] == UInt8(ascii: ",") else { return nil }
            index = end + 1
        }
        return nil
    }

    /// The ranges of all values at a path below the value at `start`, in order.
    static func ranges(_ text: Bytes, _ start: Int, _ steps: ArraySlice<FieldPath.Step>, into found: inout [Range<Int>])
    {
        guard let step = steps.first else {
            if let end = end(text, start) { found.append(start..<end) }
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .member(let name):
            if let value = value(text, start, of: name) { Self.ranges(text, value, rest, into: &found) }
        case .values:
            _ = members(text, start) { _, value in
                Self.ranges(text, value, rest, into: &found)
                return end(text, value)
            }
        case .elements:
            _ = items(text, start) { item in
                Self.ranges(text, item, rest, into: &found)
                return end(text, item)
            }
        case .index(let wanted):
            var number = 0
            _ = items(text, start) { item in
                defer { number += 1 }
                if number == wanted {
                    Self.ranges(text, item, rest, into: &found)
                    return nil
                }
                return end(text, item)
            }
        }
    }

    /// Where the value of a member of the object at `start` begins.
    static func value(_ text: Bytes, _ start: Int, of name: String) -> Int? {
        var name = name
        return name.withUTF8 { wanted in
            var found: Int?
            _ = members(text, start) { own, value in
                if isEqual(text, own, wanted) {
                    found = value
                    return nil
                }
                return end(text, value)
            }
            return found
        }
    }

    static func isEqual(_ text: Bytes, _ range: Range<Int>, _ other: Bytes) -> Bool {
        guard range.count == other.count else { return false }
        guard let left = text.baseAddress, let right = other.baseAddress, !range.isEmpty else { return range.isEmpty }
        return left[range.lowerBound] == right[0] && memcmp(left + range.lowerBound, right, range.count) == 0
    }

    /// Whether one range's bytes come before the other's.
    static func precedes(_ text: Bytes, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard let base = text.baseAddress else { return false }
        let order = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count))
        return order == 0 ? left.count < right.count : order < 0
    }
}
