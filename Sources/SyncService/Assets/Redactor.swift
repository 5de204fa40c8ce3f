import Glibc
import JSON

/// Takes external IDs out of what AWS tells, before it is hashed or stored.
///
/// Each value under a condition key `sts:ExternalId` becomes a mask that keeps that there is one, and under which
/// operator; any other occurrence of the account's own external ID is masked too. Policies are found anywhere, also as
/// JSON text inside a string, percent-encoded or not.
struct Redactor: Sendable {
    /// What stands in a secret's place. No external ID can look like it: `*` is not among their characters.
    static let mask = "***"
    private static let maskBytes = Array(mask.utf8)
    private static let conditionKey = "sts:externalid"
    private static let nestingLimit = 4

    private let pattern: SecretPattern

    /// - Parameter externalID: The account's own; empty when it has none.
    init(externalID: String) {
        pattern = SecretPattern(externalID)
    }

    /// A text without the account's external ID, and without those of policies in it.
    func mask(_ text: String) -> String {
        redacted(text, nesting: 0)
    }

    /// A configuration's canonical text, redacted.
    func redacted(_ configuration: CanonicalObject) -> [UInt8] {
        let bytes = configuration.bytes
        let isSuspicious =
            ConditionText.mayMention(bytes) || pattern.occurs(in: bytes) || Self.holdsEscapedText(bytes)
        guard isSuspicious else { return bytes }
        return redacted(configuration.tree(), nesting: 0).bytes(canonical: true)
    }

    /// Whether a string holds a backslash: as JSON inside of JSON, a secret may be escaped twice there.
    private static func holdsEscapedText(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            var start = 0
            // Most text has no backslash at all.
            while let found = memchr(base + start, Int32(UInt8(ascii: "\\")), bytes.count - start) {
                start = UnsafeRawPointer(found) - base + 1
                guard start < bytes.count else { return false }
                if bytes[start] == UInt8(ascii: "\\") { return true }
            }
            return false
        }
    }

    /// Whether nothing in a JSON text could be a secret. An escape may hide where a word ends: such text is not clean.
    func isClean(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(UInt8(ascii: "\\")) && !ConditionText.mayMention(bytes) && !pattern.occurs(in: bytes)
    }

    private func redacted(_ value: JSONValue, nesting: Int) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .number(let number):
            return pattern.occurs(in: Array(number.text.utf8)) ? .string(Self.mask) : value
        case .string(let text): return .string(redacted(text, nesting: nesting))
        case .array(let items): return .array(items.map { redacted($0, nesting: nesting) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { name, value in
                        if name.lowercased() == Self.conditionKey { return (name: name, value: Self.masked(value)) }
                        return (name: masked(name), value: redacted(value, nesting: nesting))
                    }))
        }
    }

    /// As many masks as there were values.
    private static func masked(_ value: JSONValue) -> JSONValue {
        if case .array(let items) = value { return .array(items.map { _ in .string(mask) }) }
        return .string(mask)
    }

    private func masked(_ text: String) -> String {
        pattern.replacing(in: Array(text.utf8), by: Self.maskBytes).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    private func redacted(_ text: String, nesting: Int) -> String {
        let bytes = Array(text.utf8)
        guard ConditionText.mayMention(bytes) else {
            return pattern.replacing(in: bytes, by: Self.maskBytes).map { String(decoding: $0, as: UTF8.self) } ?? text
        }
        if nesting < Self.nestingLimit, let document = EmbeddedJSON.document(bytes) {
            let redacted = redacted(document, nesting: nesting + 1)
            return redacted == document ? masked(text) : redacted.text(canonical: true)
        }
        return masked(String(decoding: ConditionText.masked(bytes, by: Self.maskBytes), as: UTF8.self))
    }
}
