/// What people call an account; unique without regard to case.
struct AccountName: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ text: String) throws(AccountError) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isAlphanumeric(or: " ._-") }) else {
            throw .invalid(field: "name", rule: "1 to 64 characters: letters, digits, space, '.', '_', '-'")
        }
        guard text.first != " ", text.last != " " else {
            throw .invalid(field: "name", rule: "must not begin or end with a space")
        }
        guard !AccountID.hasForm(text) else {
            throw .invalid(field: "name", rule: "must not have the form of an account id")
        }
        description = text
    }

    /// A name that the store holds.
    init(stored: String) { description = stored }

    /// Equal for names that differ in case alone.
    var key: String { description.asciiLowercased }
}
