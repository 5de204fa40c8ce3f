extension JSONValue {
    /// Appends this value as UTF-8 text without spaces.
    ///
    /// - Parameter canonical: One text per value: members sorted by the bytes of their names, numbers as
    ///   ``JSONNumber/canonicalText``. Otherwise members keep their order and numbers their text.
    public func write(into output: inout [UInt8], canonical: Bool = false) {
        var writer = JSONWriter(canonical: canonical, pretty: false)
        swap(&writer.output, &output)
        writer.write(self)
        swap(&writer.output, &output)
    }

    /// This value as UTF-8 text.
    public func bytes(canonical: Bool = false, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(canonical: canonical, pretty: pretty)
        writer.write(self)
        return writer.output
    }

    /// This value as text; `pretty` puts each member and item on a line of its own, indented by two spaces.
    public func text(canonical: Bool = false, pretty: Bool = false) -> String {
        String(decoding: bytes(canonical: canonical, pretty: pretty), as: UTF8.self)
    }
}

/// Writes values as text.
struct JSONWriter {
    var output: [UInt8] = []
    let canonical: Bool
    let pretty: Bool
    private var depth = 0

    init(canonical: Bool, pretty: Bool) {
        self.canonical = canonical
        self.pretty = pretty
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: (canonical ? number.canonicalText : number.text).utf8)
        case .string(let text): write(text)
        case .array(let items): list("[", "]", items.count) { writer, index in writer.write(items[index]) }
        case .object(let object):
            let sorted = canonical ? object.sorted : []
            list("{", "}", object.count) { writer, index in
                let member = writer.canonical ? sorted[index] : object[index]
                writer.write(member.name)
                writer.output.append(contentsOf: (writer.pretty ? ": " : ":").utf8)
                writer.write(member.value)
            }
        }
    }

    private mutating func list(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ count: Int, _ item: (inout JSONWriter, Int) -> Void
    ) {
        output.append(UInt8(ascii: open))
        depth += 1
        for index in 0..<count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine()
            item(&self, index)
        }
        depth -= 1
        if count > 0 { breakLine() }
        output.append(UInt8(ascii: close))
    }

    private mutating func breakLine() {
        guard pretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    /// Escapes what JSON demands and no more.
    mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            // Runs that need no escape are copied as a whole.
            var start = 0
            for index in bytes.indices where Self.isEscaped(bytes[index]) {
                output.append(contentsOf: bytes[start..<index])
                escape(bytes[index])
                start = index + 1
            }
            output.append(contentsOf: bytes[start...])
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        let short: Unicode.Scalar? =
            switch byte {
            case UInt8(ascii: "\""): "\""
            case UInt8(ascii: "\\"): "\\"
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            default: nil
            }
        if let short {
            output += [UInt8(ascii: "\\"), UInt8(ascii: short)]
        } else {
            output.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
            output.append(contentsOf: String(byte, radix: 16).utf8)
        }
    }
}
