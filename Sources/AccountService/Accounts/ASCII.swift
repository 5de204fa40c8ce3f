/// The character classes that the rules for names are written in.
extension UInt8 {
    var isLetter: Bool { (0x61...0x7A).contains(self) || (0x41...0x5A).contains(self) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Whether the byte is one of `others`, a letter or a digit.
    func isAlphanumeric(or others: StaticString) -> Bool {
        if isLetter || isDigit { return true }
        return others.withUTF8Buffer { $0.contains(self) }
    }
}

extension String {
    /// Upper-case ASCII letters made lower-case, everything else kept: how names are compared.
    var asciiLowercased: String {
        String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
