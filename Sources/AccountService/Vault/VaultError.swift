/// Why the vault cannot be used. The texts name files and keys' ids, never a key or a secret.
enum VaultError: Error, Equatable, CustomStringConvertible {
    /// The database holds secrets, and the file with their key is not there.
    case keyMissing(path: String)
    case keyReadableByOthers(path: String, mode: UInt32)
    case keyMalformed(path: String)
    /// The file has keys, but not the ones that these ids name.
    case keyUnknown(path: String, ids: [String])
    case file(String)
    /// Wrong key, or a secret that was changed or belongs to another account or revision.
    case cannotOpen(keyID: String)
    case cannotSeal(String)

    var description: String {
        switch self {
        case .keyMissing(let path):
            "the vault's key \(path) is missing, and the database holds external IDs sealed with it: put the file back, or name it with --vault-key; a new key could not open them"
        case .keyReadableByOthers(let path, let mode):
            "others can read the vault's key \(path) (mode \(String(mode & 0o7777, radix: 8))): chmod 600 it"
        case .keyMalformed(let path):
            "the vault's key \(path) is damaged: it holds one key a line, each of 64 hexadecimal digits"
        case .keyUnknown(let path, let ids):
            "the vault's key \(path) is not the one that the database's external IDs are sealed with (key id \(ids.joined(separator: ", "))): put the right file back, or name it with --vault-key"
        case .file(let text): "the vault's key: \(text)"
        case .cannotOpen(let keyID): "a secret cannot be opened with key \(keyID)"
        case .cannotSeal(let text): "a secret cannot be sealed: \(text)"
        }
    }
}
