/// A piece of SQL text, comments and white space left out.
struct SQLToken: Equatable, Sendable {
    enum Kind: Sendable { case word, quotedWord, string, number, symbol }

    var kind: Kind
    /// Words in lower case and without their quotes.
    var text: String

    /// An unquoted word with this text.
    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
    /// A name, quoted or not.
    var isName: Bool { kind == .word || kind == .quotedWord }
}

/// Cuts SQL into tokens, as far as the rules about controls need it. It accepts more than SQLite does: SQLite itself
/// judges the text afterwards.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var position = 0

    static func tokens(of sql: String) -> [SQLToken] {
        var tokenizer = SQLTokenizer(bytes: Array(sql.utf8))
        var tokens: [SQLToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func next() -> SQLToken? {
        skipBlanks()
        guard position < bytes.count else { return nil }
        switch byte() {
        case UInt8(ascii: "'"): return SQLToken(kind: .string, text: quoted(until: UInt8(ascii: "'")))
        case UInt8(ascii: "\""): return word(quoted(until: UInt8(ascii: "\"")))
        case UInt8(ascii: "`"): return word(quoted(until: UInt8(ascii: "`")))
        case UInt8(ascii: "["): return word(quoted(until: UInt8(ascii: "]")))
        case let first where Self.isDigit(first): return SQLToken(kind: .number, text: run { Self.isWordByte($0) })
        case let first where Self.isWordByte(first):
            return SQLToken(kind: .word, text: run { Self.isWordByte($0) }.lowercased())
        default:
            position += 1
            return SQLToken(kind: .symbol, text: String(decoding: bytes[(position - 1)..<position], as: UTF8.self))
        }
    }

    private func word(_ text: String) -> SQLToken { SQLToken(kind: .quotedWord, text: text.lowercased()) }

    private mutating func skipBlanks() {
        while position < bytes.count {
            if byte() == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-") {
                while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
            } else if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                position += 2
                while position < bytes.count, !(byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
                    position += 1
                }
                position = min(position + 2, bytes.count)
            } else if byte() <= UInt8(ascii: " ") {
                position += 1
            } else {
                return
            }
        }
    }

    /// A doubled quote stands for itself; text that does not end goes to the end.
    private mutating func quoted(until end: UInt8) -> String {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            if byte() == end {
                guard byte(1) == end, end != UInt8(ascii: "]") else { break }
                position += 1
            }
            text.append(byte())
            position += 1
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func run(while condition: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, condition(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
    }
}

extension SQLTokenizer {
    /// The text before a semicolon that nothing but blanks and comments follow; nil when there is no such semicolon.
    static func onlyStatementEnd(of sql: String) -> String? {
        var tokenizer = SQLTokenizer(bytes: Array(sql.utf8))
        var end: Int?
        while let token = tokenizer.next() {
            if end != nil { return nil }
            if token.isSymbol(";") { end = tokenizer.position - 1 }
        }
        return end.map { String(decoding: tokenizer.bytes[..<$0], as: UTF8.self) }
    }
}
