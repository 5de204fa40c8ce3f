import Crypto
import Platform
import TestSupport
import Testing

/// The program that is attacked.
struct Target {
    let port: UInt16

    /// Runs it for `body`; it has to be there still, and to end by SIGTERM with status 0.
    static func run(_ options: [String], _ body: (Target) async throws -> Void) async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "target")
        defer { try? Files.removeTree(folder) }
        let program = try ChildProcess.start(
            [
                "/bin/sh", "-c", "exec \"$0\" \"$@\" > \(folder)/said", "\(Repository.programs)/abuse-target",
            ] + options)
        do {
            try await eventually("the target listens") { port(folder) != nil }
            try await body(Target(port: try #require(port(folder))))
        } catch {
            _ = await program.stop(grace: .seconds(10))
            throw error
        }
        #expect(await program.stop(grace: .seconds(10)) == .exited(0), "it ends by SIGTERM in order")
    }

    private static func port(_ folder: String) -> UInt16? {
        let said = String(decoding: (try? Files.read("\(folder)/said")) ?? [], as: UTF8.self)
        return said.split(separator: "\n").first?.split(separator: ":").last.flatMap { UInt16($0) }
    }
}

/// PEM files for a server on 127.0.0.1 and for clients of each kind, in a folder of their own.
enum Identities {
    static func make() throws -> String {
        let folder = try Files.createTemporaryDirectory(prefix: "identities")
        let now = WallTime.now()
        let authority = try Certificates.makeAuthority(commonName: "test", now: now)
        let other = try Certificates.makeAuthority(commonName: "other", now: now)
        let past = WallTime(unixSeconds: now.unixSeconds - 200 * 86_400)
        try Files.writeAtomically(authority.certificatePEM, to: "\(folder)/ca.pem")
        let leaves: [(String, IssuedCertificate, WallTime, LeafRequest.Usage)] = [
            ("self", authority, now, .serverAuth), ("good", authority, now, .clientAuth),
            ("server", authority, now, .serverAuth), ("foreign", other, now, .clientAuth),
            ("expired", authority, past, .clientAuth),
        ]
        for (name, issuer, time, usage) in leaves {
            let leaf = try Certificates.issue(
                LeafRequest(commonName: name, ipAddresses: ["127.0.0.1"], usages: [usage]), by: issuer, now: time)
            try Files.writeAtomically(leaf.certificatePEM, to: "\(folder)/\(name).pem")
            try Files.writeAtomically(leaf.privateKeyPEM, to: "\(folder)/\(name)-key.pem")
        }
        return folder
    }
}
