import Crypto

/// Names an account for good: opaque, never used again.
struct AccountID: Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// A new id of 120 random bits.
    static func generate() -> AccountID {
        AccountID(stored: prefix + Base32.encode(RandomBytes.generate(15)))
    }

    /// An id that the store gave out.
    init(stored: String) { description = stored }

    /// Whether a text has the form of an id; a name must not, or a reference could mean two accounts.
    static func hasForm(_ text: String) -> Bool {
        let folded = text.asciiLowercased
        return folded.hasPrefix(prefix) && folded.utf8.count == prefix.utf8.count + 24
            && folded.utf8.dropFirst(prefix.utf8.count).allSatisfy { Base32.alphabet.contains($0) }
    }

    private static let prefix = "acc-"
}
