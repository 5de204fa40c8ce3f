import Crypto

/// The secret that AWS demands of whoever assumes the role.
///
/// No description, interpolation or mirror shows it; ``reveal()`` alone does, and is called where it is
/// sealed, handed to the sync service or written into a template.
struct ExternalID: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// AWS's rule for external IDs, as AssumeRole documents it.
    init(_ text: String) throws(AccountError) {
        guard (2...1224).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isAlphanumeric(or: "_+=,.@:/-") }) else {
            throw .invalid(field: "external_id", rule: "2 to 1,224 characters: letters, digits and _+=,.@:/-")
        }
        value = text
    }

    private init(generated: String) { value = generated }

    /// 160 random bits.
    static func generate() -> ExternalID { ExternalID(generated: Base32.encode(RandomBytes.generate(20))) }

    func reveal() -> String { value }

    var description: String { "(external id)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
