/// Policies in text that is no JSON (YAML templates, cut documents): what follows `sts:ExternalId` is masked by lines.
enum ConditionText {
    private static let word = Array("externalid".utf8)

    /// Whether the text can hold the condition key at all.
    static func mayMention(_ bytes: [UInt8]) -> Bool {
        occurrence(in: bytes, from: 0) != nil
    }

    /// The text with what stands behind each condition key masked: the rest of its line, and a list that begins there.
    static func masked(_ bytes: [UInt8], by mask: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while let found = occurrence(in: bytes, from: index) {
            let end = found + word.count
            result += bytes[index..<end]
            index = end
            guard isCondition(bytes, before: found) else { continue }
            let last = endOfValue(bytes, from: end)
            if last > end { result += Array(": ".utf8) + mask }
            index = last
        }
        return result + bytes[index...]
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func occurrence(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            word.withUnsafeBufferPointer { word in
                guard bytes.count >= word.count else { return nil }
                // The word's rarest letter leads: most text is passed over by it alone.
                var index = start + rarest
                let end = bytes.count - word.count + rarest
                while index <= end {
                    if bytes[index] | 0x20 == word[rarest],
                        word.indices.allSatisfy({ lowered(bytes[index - rarest + $0]) == word[$0] })
                    {
                        return index - rarest
                    }
                    index += 1
                }
                return nil
            }
        }
    }

    /// Where the `x` of the word stands.
    private static let rarest = 1

    /// Whether `sts` and a separator stand before the word.
    private static func isCondition(_ bytes: [UInt8], before start: Int) -> Bool {
        let near = bytes[max(0, start - 8)..<start].map { lowered($0) }
        return String(decoding: near, as: UTF8.self).contains("sts")
    }

    /// The end of the line, or of the list whose items stand on the lines that follow.
    private static func endOfValue(_ bytes: [UInt8], from start: Int) -> Int {
        var end = endOfLine(bytes, from: start)
        let opens = bytes[start..<end].contains(UInt8(ascii: "["))
        var closes = bytes[start..<end].contains(UInt8(ascii: "]"))
        while end < bytes.count {
            let next = endOfLine(bytes, from: end + 1)
            let line = bytes[min(end + 1, bytes.count)..<next]
            let first = line.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            if opens && !closes {
                closes = line.contains(UInt8(ascii: "]"))
            } else if first != UInt8(ascii: "-") {
                break
            }
            end = next
        }
        return end
    }

    private static func endOfLine(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[min(start, bytes.count)...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }
}
