import Platform
import Testing

@testable import AccountService

struct VaultTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-vault")
        defer { try? Files.removeTree(folder) }
        try body("\(folder)/vault.key")
    }

    private func error(path: String, inUse: Set<String> = []) -> VaultError? {
        do throws(VaultError) {
            _ = try Vault.open(path: path, keyIDsInUse: inUse)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the first start makes a key for its owner alone, later ones use it`() throws {
        try inFolder { path in
            let id = AccountID.generate()
            let sealed = try Vault.open(path: path, keyIDsInUse: []).seal(
                try ExternalID("secret"), account: id, revision: 1)
            #expect(try Files.mode(of: path) & 0o777 == 0o600)
            let again = try Vault.open(path: path, keyIDsInUse: [sealed.keyID])
            #expect(try again.open(sealed, account: id, revision: 1).reveal() == "secret")
        }
    }

    @Test func `a missing key is never replaced while secrets are sealed with it`() throws {
        try inFolder { path in
            #expect(error(path: path, inUse: ["abc"]) == .keyMissing(path: path))
            #expect(!Files.exists(path))
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644] as [UInt32])
    func `a key that others can read is refused`(mode: UInt32) throws {
        try inFolder { path in
            try Files.writeAtomically(Array(String(repeating: "ab", count: 32).utf8), to: path, mode: mode)
            guard case .keyReadableByOthers? = error(path: path) else {
                Issue.record("accepted")
                return
            }
        }
    }

    @Test(arguments: ["", "\n", "abcd", String(repeating: "g", count: 64), String(repeating: "a", count: 63)])
    func `a damaged key is refused`(text: String) throws {
        try inFolder { path in
            try Files.writeAtomically(Array(text.utf8), to: path)
            #expect(error(path: path) == .keyMalformed(path: path))
        }
    }

    @Test func `another key than the one in use is refused at start`() throws {
        try inFolder { path in
            _ = try Vault.open(path: path, keyIDsInUse: [])
            #expect(
                error(path: path, inUse: ["0123456789abcdef"]) == .keyUnknown(path: path, ids: ["0123456789abcdef"]))
        }
    }

    @Test func `a secret opens for its account and its revision alone`() throws {
        let vault = try Sample.vault()
        let (mine, other) = (AccountID.generate(), AccountID.generate())
        let sealed = try vault.seal(try ExternalID("secret"), account: mine, revision: 1)
        #expect(throws: VaultError.cannotOpen(keyID: sealed.keyID)) {
            try vault.open(sealed, account: other, revision: 1)
        }
        #expect(throws: VaultError.cannotOpen(keyID: sealed.keyID)) {
            try vault.open(sealed, account: mine, revision: 2)
        }
        #expect(throws: VaultError.self) { try Sample.vault(8).open(sealed, account: mine, revision: 1) }
        #expect(try vault.open(sealed, account: mine, revision: 1).reveal() == "secret")
    }

    @Test func `a changed bit is noticed`() throws {
        let vault = try Sample.vault()
        let id = AccountID.generate()
        let sealed = try vault.seal(try ExternalID("secret"), account: id, revision: 1)
        for index in sealed.bytes.indices {
            var changed = sealed
            changed.bytes[index] ^= 1
            #expect(throws: VaultError.self) { try vault.open(changed, account: id, revision: 1) }
        }
    }

    @Test func `an older key of the file still opens what it sealed`() throws {
        let (old, new) = (
            VaultKey(bytes: [UInt8](repeating: 1, count: 32)), VaultKey(bytes: [UInt8](repeating: 2, count: 32))
        )
        let (oldKey, newKey) = (try #require(old), try #require(new))
        let id = AccountID.generate()
        let sealed = try #require(Vault([oldKey])).seal(try ExternalID("secret"), account: id, revision: 1)
        let both = try #require(Vault([newKey, oldKey]))
        #expect(try both.open(sealed, account: id, revision: 1).reveal() == "secret")
        #expect(try both.seal(try ExternalID("secret"), account: id, revision: 1).keyID == newKey.id)
    }
}
