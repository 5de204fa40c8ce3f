import JSON
import Synchronization

/// Text with `{…}` in it: a format of a catalogue entry, or a string among a call's parameters.
struct Template: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case text(String)
        /// A member of the asset, or a name of the scope (`account`, `region`, `partition`), of the parent
        /// (`parent.X`), of a list (`each`, `each.X`).
        case value(FieldPath)
        /// What follows the last `:` or `/` of a value's text.
        case last(FieldPath)
    }

    var parts: [Part]

    /// Nil for braces that do not match or hold no path.
    init?(_ text: String) {
        parts = []
        var literal = ""
        var rest = text[...]
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == "{", rest.first == "{" {
                literal.append("{")
                rest = rest.dropFirst()
            } else if character == "}", rest.first == "}" {
                literal.append("}")
                rest = rest.dropFirst()
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                guard let part = Self.part(rest[..<end]) else { return nil }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(part)
                rest = rest[rest.index(after: end)...]
            } else if character == "}" {
                return nil
            } else {
                literal.append(character)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    private static func part(_ text: Substring) -> Part? {
        if text.hasPrefix("last("), text.hasSuffix(")") {
            return FieldPath(String(text.dropFirst(5).dropLast())).map { .last($0) }
        }
        guard !text.isEmpty else { return nil }
        return FieldPath(String(text)).map { .value($0) }
    }

    private static let parsed = Mutex<[String: Template]>([:])

    /// Of a text of the catalogue, which is met again with each call: parsed once.
    static func known(_ text: String) -> Template? {
        if let known = parsed.withLock({ $0[text] }) { return known }
        guard let template = Template(text) else { return nil }
        parsed.withLock { $0[text] = template }
        return template
    }

    /// Text without one stands for itself.
    static func isBrace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") }

    /// The paths that it reads.
    var paths: [FieldPath] {
        parts.compactMap {
            switch $0 {
            case .text: nil
            case .value(let path), .last(let path): path
            }
        }
    }

    var isConstant: Bool { paths.isEmpty }

    /// What reading a path gave.
    enum Outcome: Sendable, Equatable {
        case value(JSONValue)
        /// The member is absent, or `null`.
        case absent
        /// The member belongs to an enrichment that failed.
        case failed(String)
    }

    /// Fills the braces in. One template alone keeps its value's type, otherwise all is text.
    func fill(_ read: (FieldPath) -> Outcome) -> Outcome {
        if parts.count == 1, case .value(let path) = parts[0] { return read(path) }
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let path), .last(let path):
                switch read(path) {
                case .value(let value):
                    guard let piece = Self.text(value) else { return .absent }
                    if case .last = part { text += Self.last(piece) } else { text += piece }
                case let other: return other
                }
            }
        }
        return .value(.string(text))
    }

    /// A scalar's text; nil for `null`, lists and objects.
    static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.canonicalText
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    static func last(_ text: String) -> String {
        guard let cut = text.lastIndex(where: { $0 == ":" || $0 == "/" }) else { return text }
        return String(text[text.index(after: cut)...])
    }
}
