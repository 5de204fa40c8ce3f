import Platform
import Testing

@testable import CLI

@Suite struct ProfileTests {
    private let profile = Profile(
        accountService: "127.0.0.1:1", syncService: "127.0.0.1:2", assessmentService: "127.0.0.1:3",
        certificateAuthorityFile: "/ca.pem", token: "secret-token", dataDirectory: "/data")

    @Test func `a profile is read back as it was written, for its owner alone`() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "profile")
        defer { try? Files.removeTree(folder) }
        try profile.write(to: folder + "/new/profile.json")
        #expect(try Profile.load(folder + "/new/profile.json") == profile)
        #expect(try Files.mode(of: folder + "/new/profile.json") & 0o777 == 0o600)
    }

    @Test func `a profile that others can read is refused`() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "profile")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(profile.encoded(), to: folder + "/p", mode: 0o644)
        let error = #expect(throws: CLIError.self) { try Profile.load(folder + "/p") }
        #expect(error?.code == .forbidden)
        #expect(error?.message.contains("secret-token") == false)
    }

    @Test(arguments: ["", "[]", "{}", "{\"account_service\": 1}"])
    func `a broken profile is refused with what is wrong`(text: String) {
        let error = #expect(throws: CLIError.self) { try Profile(parsing: Array(text.utf8)) }
        #expect(error?.code == .usage)
    }
}

@Suite struct InstallationTests {
    @Test func `certificates and token are kept from one start to the next, and keys are private`() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "installation")
        defer { try? Files.removeTree(folder) }
        let installation = Installation(directory: folder + "/data")
        try installation.prepare(now: .now())
        let token = try installation.administratorToken(keeping: nil)
        let certificate = try Files.read(installation.certificateFile("sync-service"))
        try installation.prepare(now: .now())
        #expect(try installation.administratorToken(keeping: token) == token)
        #expect(try Files.read(installation.certificateFile("sync-service")) == certificate)
        for file in [installation.keyFile("sync-service"), installation.pki + "/ca.key", installation.tokenFile] {
            #expect(try Files.isPrivate(file))
        }
        let stored = String(decoding: try Files.read(installation.tokenFile), as: UTF8.self)
        #expect(!stored.contains(token), "the services learn the token's hash alone")
        try Files.writeAtomically(Array("viewer 00ff ci\n\(stored)".utf8), to: installation.tokenFile)
        _ = try installation.administratorToken(keeping: nil)
        let renewed = String(decoding: try Files.read(installation.tokenFile), as: UTF8.self)
        #expect(renewed.hasPrefix("viewer 00ff ci\n"), "a line that a person added was lost")
        #expect(renewed.split(separator: "\n").count == 2)
    }

    @Test func `a certificate near its end is replaced`() throws {
        let folder = try Files.createTemporaryDirectory(prefix: "installation")
        defer { try? Files.removeTree(folder) }
        let installation = Installation(directory: folder + "/data")
        try installation.prepare(now: .now())
        let certificate = try Files.read(installation.certificateFile("sync-service"))
        try installation.prepare(now: .now() + .seconds(61 * 86_400))
        #expect(try Files.read(installation.certificateFile("sync-service")) != certificate)
    }

    @Test func `a service that keeps ending is started again ever later`() {
        var backoff = RestartBackoff()
        let waits = (0..<8).map { _ in backoff.next(afterRunning: .seconds(1)) }
        #expect(waits.first == .milliseconds(500))
        #expect(waits.last == .seconds(30))
        #expect(backoff.next(afterRunning: .seconds(61)) == .milliseconds(500))
    }
}
