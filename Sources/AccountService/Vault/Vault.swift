import Crypto
import Platform

/// Seals external IDs so that the database alone gives none away.
///
/// A sealed secret is bound to its account, its revision and its purpose: moved to another row, it does not
/// open. The first key of the file seals, and every key of it opens, so that keys can be changed.
struct Vault: Sendable {
    private let current: VaultKey
    private let keys: [String: VaultKey]

    /// - Parameters:
    ///   - path: The key file. It is made, for its owner alone, where it is missing and nothing was sealed yet.
    ///   - keyIDsInUse: The keys that the database's secrets are sealed with.
    static func open(path: String, keyIDsInUse: Set<String>) throws(VaultError) -> Vault {
        guard Files.exists(path) else {
            guard keyIDsInUse.isEmpty else { throw .keyMissing(path: path) }
            return try make(path: path)
        }
        let text: String
        do {
            let mode = try Files.mode(of: path)
            guard mode & 0o077 == 0 else { throw VaultError.keyReadableByOthers(path: path, mode: mode) }
            text = String(decoding: try Files.read(path, limitBytes: 1 << 16), as: UTF8.self)
        } catch let error as VaultError {
            throw error
        } catch {
            throw .file("\(error)")
        }
        var keys: [VaultKey] = []
        for line in text.split(separator: "\n") {
            guard let key = VaultKey(hex: line) else { throw .keyMalformed(path: path) }
            keys.append(key)
        }
        guard let vault = Vault(keys) else { throw .keyMalformed(path: path) }
        let unknown = keyIDsInUse.subtracting(vault.keys.keys)
        guard unknown.isEmpty else { throw .keyUnknown(path: path, ids: unknown.sorted()) }
        return vault
    }

    /// - Parameter keys: The first seals; nil when there is none.
    init?(_ keys: [VaultKey]) {
        guard let first = keys.first else { return nil }
        current = first
        self.keys = Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func make(path: String) throws(VaultError) -> Vault {
        let bytes = RandomBytes.generate(AESGCM.keyLength)
        guard let key = VaultKey(bytes: bytes), let vault = Vault([key]) else { throw .keyMalformed(path: path) }
        do {
            try Files.writeAtomically(Array((Hex.encode(bytes) + "\n").utf8), to: path, mode: 0o600)
        } catch {
            throw .file("\(error)")
        }
        return vault
    }

    func seal(_ secret: ExternalID, account: AccountID, revision: Int64) throws(VaultError) -> SealedSecret {
        do {
            let bytes = try AESGCM.seal(
                Array(secret.reveal().utf8), key: current.bytes, aad: Self.binding(account, revision))
            return SealedSecret(keyID: current.id, bytes: bytes)
        } catch {
            throw .cannotSeal("\(error)")
        }
    }

    func open(_ sealed: SealedSecret, account: AccountID, revision: Int64) throws(VaultError) -> ExternalID {
        guard let key = keys[sealed.keyID] else { throw .cannotOpen(keyID: sealed.keyID) }
        do {
            let bytes = try AESGCM.open(sealed.bytes, key: key.bytes, aad: Self.binding(account, revision))
            return try ExternalID(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .cannotOpen(keyID: sealed.keyID)
        }
    }

    /// What a secret is bound to. No part can hold a line's end, so two bindings never read the same.
    private static func binding(_ account: AccountID, _ revision: Int64) -> [UInt8] {
        Array("parapet vault 1\nexternal-id\n\(account)\n\(revision)".utf8)
    }
}
