import Platform

/// Finds one secret in text, in the forms in which AWS's answers can carry it.
///
/// Found are the secret itself, any of its characters percent-encoded (once or twice), JSON-escaped, and its base64
/// form at each of the three alignments within a longer text.
struct SecretPattern: Sendable {
    /// A secret shorter than this is found only where neither a letter nor a digit adjoins it: two characters occur
    /// everywhere.
    static let plainLength = 8

    private let secret: [UInt8]
    private let encoded: [[UInt8]]
    /// Of each pair of bytes, one bit: whether a form of the secret can begin with it.
    private let begins: [UInt64]

    /// - Parameter secret: Not empty, else nothing is ever found.
    init(_ secret: String) {
        self.secret = Array(secret.utf8)
        encoded = self.secret.count < Self.plainLength ? [] : Self.base64Forms(self.secret)
        begins = Self.beginnings(self.secret, encoded)
    }

    private static func beginnings(_ secret: [UInt8], _ encoded: [[UInt8]]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: 1024)
        func set(_ first: UInt8, _ second: UInt8) {
            let pair = Int(first) << 8 | Int(second)
            bits[pair >> 6] |= 1 << UInt64(pair & 63)
        }
        let escapes = [UInt8(ascii: "%"), UInt8(ascii: "\\")]
        for first in escapes + (secret.count == 1 ? secret : []) {
            for second in 0...UInt8.max { set(first, second) }
        }
        if secret.count > 1 { for second in escapes + [secret[1]] { set(secret[0], second) } }
        for form in encoded where form.count > 1 { set(form[0], form[1]) }
        return bits
    }

    func occurs(in text: [UInt8]) -> Bool {
        next(in: text, from: 0) != nil
    }

    /// The text with each occurrence replaced; nil when there is none.
    func replacing(in text: [UInt8], by mask: [UInt8]) -> [UInt8]? {
        guard var found = next(in: text, from: 0) else { return nil }
        var result: [UInt8] = []
        var copied = 0
        while true {
            result += text[copied..<found.lowerBound]
            result += mask
            copied = found.upperBound
            guard let another = next(in: text, from: copied) else { break }
            found = another
        }
        result += text[copied...]
        return result
    }

    private func next(in text: [UInt8], from start: Int) -> Range<Int>? {
        guard let first = secret.first else { return nil }
        var index = start
        while true {
            // Nearly all pairs begin nothing.
            index = begins.withUnsafeBufferPointer { begins in
                text.withUnsafeBufferPointer { text in
                    var index = index
                    while index + 1 < text.count {
                        let pair = Int(text[index]) << 8 | Int(text[index + 1])
                        if begins[pair >> 6] & (1 << UInt64(pair & 63)) != 0 { break }
                        index += 1
                    }
                    return index
                }
            }
            guard index < text.count else { return nil }
            let byte = text[index]
            if byte == first || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") {
                if let end = match(text, at: index) { return index..<end }
            }
            for form in encoded where byte == form[0] && text.count - index >= form.count {
                if text[index..<index + form.count].elementsEqual(form) { return index..<index + form.count }
            }
            index += 1
        }
    }

    /// Where the secret that begins at `start` ends.
    private func match(_ text: [UInt8], at start: Int) -> Int? {
        var index = start
        for wanted in secret {
            guard let width = Self.width(of: wanted, in: text, at: index) else { return nil }
            index += width
        }
        guard secret.count < Self.plainLength else { return index }
        let before = start > 0 && Self.isWord(text[start - 1])
        let after = index < text.count && Self.isWord(text[index])
        return before || after ? nil : index
    }

    /// How many bytes spell `wanted` at `index`, in any form; nil when something else stands there.
    private static func width(of wanted: UInt8, in text: [UInt8], at index: Int) -> Int? {
        guard index < text.count else { return nil }
        switch text[index] {
        case wanted: return 1
        case UInt8(ascii: "%"):
            if hex(text, index + 1, 2) == wanted { return 3 }
            return hex(text, index + 1, 2) == UInt8(ascii: "%") && hex(text, index + 3, 2) == wanted ? 5 : nil
        case UInt8(ascii: "\\"):
            guard index + 1 < text.count else { return nil }
            if text[index + 1] == wanted { return 2 }
            return text[index + 1] == UInt8(ascii: "u") && hex(text, index + 2, 4) == wanted ? 6 : nil
        default: return nil
        }
    }

    private static func hex(_ text: [UInt8], _ start: Int, _ count: Int) -> UInt8? {
        guard start + count <= text.count else { return nil }
        var value = 0
        for byte in text[start..<start + count] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | digit
        }
        return UInt8(exactly: value)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// The digits that do not depend on what stands before and after the secret, in both alphabets.
    private static func base64Forms(_ secret: [UInt8]) -> [[UInt8]] {
        var forms: Set<[UInt8]> = []
        for shift in 0..<3 {
            let skipped = shift == 0 ? 0 : shift + 1
            let whole = (shift + secret.count) * 8 / 6
            let digits = Base64.encode((Array(repeating: 0, count: shift) + secret).span, .metadata)[skipped..<whole]
            forms.insert(Array(digits))
            forms.insert(
                digits.map { digit in
                    switch digit {
                    case UInt8(ascii: "+"): UInt8(ascii: "-")
                    case UInt8(ascii: "/"): UInt8(ascii: "_")
                    default: digit
                    }
                })
        }
        return Array(forms)
    }
}
