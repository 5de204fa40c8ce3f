/// Finds the first byte at which a text stops being acceptable JSON. Slow, and run on refused texts only.
struct JSONFaultLocator {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var offset = 0

    init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    /// The fault, or nil where there is none.
    mutating func fault() -> JSONError? {
        do {
            skipSpace()
            guard offset < bytes.count else { return JSONError(.empty, offset: offset) }
            try value(depth: 0)
            skipSpace()
            return offset < bytes.count ? JSONError(.malformed, offset: offset) : nil
        } catch {
            return error
        }
    }

    static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func malformed() -> JSONError { JSONError(.malformed, offset: offset) }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: expected) else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) {
        switch byte {
        case UInt8(ascii: "{"): try list(depth, "}") { (self: inout Self) throws(JSONError) in try self.member(depth) }
        case UInt8(ascii: "["):
            try list(depth, "]") { (self: inout Self) throws(JSONError) in try self.value(depth: depth + 1) }
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func list(
        _ depth: Int, _ close: Unicode.Scalar, _ item: (inout Self) throws(JSONError) -> Void
    ) throws(JSONError) {
        let start = offset
        offset += 1
        skipSpace()
        if take(close) { return }
        // Like simdjson, which does not count an empty one.
        guard depth < depthLimit else { throw JSONError(.tooDeep, offset: start) }
        while true {
            skipSpace()
            try item(&self)
            skipSpace()
            if take(close) { return }
            guard take(",") else { throw malformed() }
        }
    }

    private mutating func member(_ depth: Int) throws(JSONError) {
        guard byte == UInt8(ascii: "\"") else { throw malformed() }
        try string()
        skipSpace()
        guard take(":") else { throw malformed() }
        skipSpace()
        try value(depth: depth + 1)
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for expected in String(describing: word).unicodeScalars {
            guard take(expected) else { throw malformed() }
        }
    }

    private mutating func number() throws(JSONError) {
        let start = offset
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        let isInteger = !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        let fits = isInteger ? Int64(text) != nil || UInt64(text) != nil : Double(text)?.isFinite == true
        guard fits else { throw JSONError(.numberOutOfRange, offset: start) }
    }

    private mutating func digits() throws(JSONError) {
        let start = offset
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard offset > start else { throw malformed() }
    }

    private mutating func string() throws(JSONError) {
        offset += 1
        let start = offset
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw malformed() }
            offset += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        guard byte != nil else { throw malformed() }
        if String(validating: bytes[start..<offset], as: UTF8.self) == nil {
            throw JSONError(.invalidUTF8, offset: start)
        }
        offset += 1
    }

    private mutating func escape() throws(JSONError) {
        switch byte {
        case UInt8(ascii: "u"):
            offset += 1
            let unit = try hexadecimal()
            guard 0xD800..<0xE000 ~= unit else { return }
            // Halves of a surrogate pair stand together, the high one first.
            guard unit < 0xDC00, take("\\"), take("u"), 0xDC00..<0xE000 ~= (try hexadecimal()) else {
                throw malformed()
            }
        case .some(let byte) where "\"\\/bfnrt".utf8.contains(byte): offset += 1
        default: throw malformed()
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed() }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}
