import Crypto
import Platform
import Testing

@testable import CLI

@Suite struct IdentityFoldersTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = try Files.createTemporaryDirectory(prefix: "identities")
        defer { try? Files.removeTree(folder) }
        try body(folder)
    }

    private func folders(_ directory: String, host: String = "localhost") -> IdentityFolders {
        IdentityFolders(
            directory: directory,
            addresses: IdentityFolders.defaultAddresses.map {
                ($0.service, $0.address.split(separator: ":").last.map { "\(host):\($0)" } ?? "")
            })
    }

    @Test func `each folder holds what its service needs, and the authority's key stays in its own`() throws {
        try withFolder { directory in
            #expect(try folders(directory).prepare(now: .now()).map(\.issued) == [true, true, true])
            #expect(try Files.list(directory + "/ca") == ["ca.key", "ca.pem"])
            #expect(try Files.list(directory + "/account-service") == ["ca.pem", "cert.pem", "key.pem", "tokens"])
            #expect(try Files.list(directory + "/sync-service") == ["ca.pem", "cert.pem", "key.pem"])
            #expect(try Files.list(directory + "/operator") == ["ca.pem", "profile.json"])
            for file in ["ca/ca.key", "sync-service/key.pem", "account-service/tokens", "operator/profile.json"] {
                #expect(try Files.isPrivate("\(directory)/\(file)"))
            }
            let info = try CertificateInfo(pem: Files.read(directory + "/sync-service/cert.pem"))
            #expect(info.dnsNames == ["localhost", "sync-service"])
            #expect(info.uris == ["spiffe://parapet/sync-service"])
            #expect(info.ipAddresses.contains([127, 0, 0, 1]))
            let profile = try Profile.load(directory + "/operator/profile.json")
            #expect(profile.certificateAuthorityFile == directory + "/operator/ca.pem")
            #expect(profile.syncService == "localhost:7742")
            let tokens = String(decoding: try Files.read(directory + "/account-service/tokens"), as: UTF8.self)
            #expect(tokens.hasPrefix("admin ") && !tokens.contains(profile.token))
        }
    }

    @Test func `a second run changes nothing, a later one renews, a new name is taken up`() throws {
        try withFolder { directory in
            _ = try folders(directory).prepare(now: .now())
            let before = try Profile.load(directory + "/operator/profile.json")
            let later = WallTime.now() + .seconds(59 * 86_400)
            #expect(try folders(directory).prepare(now: later).map(\.issued) == [false, false, false])
            #expect(try Profile.load(directory + "/operator/profile.json") == before)
            let renewed = try folders(directory).prepare(now: later + .seconds(2 * 86_400))
            #expect(renewed.map(\.issued) == [true, true, true])
            #expect(try folders(directory, host: "parapet.example").prepare(now: .now()).allSatisfy(\.issued))
            #expect(try !folders(directory, host: "parapet.example").prepare(now: .now()).contains { $0.issued })
            let after = try Profile.load(directory + "/operator/profile.json")
            #expect(after.token == before.token && after.syncService == "parapet.example:7742")
        }
    }

    @Test func `a certificate without its key, or of an authority that is gone, is replaced`() throws {
        try withFolder { directory in
            _ = try folders(directory).prepare(now: .now())
            try Files.remove(directory + "/sync-service/key.pem")
            #expect(try folders(directory).prepare(now: .now()).map(\.issued) == [false, true, false])
            try Files.writeAtomically(
                Files.read(directory + "/account-service/key.pem"), to: directory + "/sync-service/key.pem")
            #expect(try folders(directory).prepare(now: .now()).map(\.issued) == [false, true, false])
            try Files.remove(directory + "/ca/ca.key")
            #expect(try folders(directory).prepare(now: .now()).map(\.issued) == [true, true, true])
        }
    }
}
