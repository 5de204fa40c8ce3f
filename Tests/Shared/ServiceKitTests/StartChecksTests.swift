import Platform
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct StartChecksTests {
    private func problems(
        _ arguments: [String], own: ServiceCheck = { _, _ in [] }
    ) throws -> [String] {
        let (configuration, problems) = try ServiceConfiguration.read(
            service: .sync, arguments: ["--share", Checkout.root + "/share/parapet"] + arguments, environment: [:])
        return problems + StartChecks(configuration: configuration, now: .now()).problems(own)
    }

    private let peers = ["--account-service", "a:1", "--assessment-service", "b:2"]

    @Test func `what a start would fail on is named at once, with the checks of the service`() async throws {
        try await withTemporaryDirectory { directory in
            let identities = try TestIdentities(in: directory)
            let other = try identities.files(.account)
            try Files.writeAtomically(Array("admin nonsense kim\n".utf8), to: directory + "/tokens")
            try Files.writeAtomically([], to: directory + "/file")
            let found = try problems(
                [
                    "--log-level", "loud", "--data-dir", directory + "/file/data", "--tls-cert", other.certificate,
                    "--tls-key", other.key, "--tls-ca", other.authority, "--token-file", directory + "/tokens",
                ]
            ) { configuration, share in ["own \(configuration.service) \(share != nil)"] }
            try #require(found.count == 7)
            #expect(found[0].hasPrefix("--log-level:"))
            #expect(found[1] == "--account-service: is required")
            #expect(found[2] == "--assessment-service: is required")
            #expect(found[3].contains("does not name spiffe://parapet/sync-service"))
            #expect(found[4].contains("line 1: role"))
            #expect(found[5] == "--data-dir: \(directory)/file is no directory")
            #expect(found[6] == "own sync true")
        }
    }

    @Test func `a usable configuration has no problem, and nothing is made`() async throws {
        try await withTemporaryDirectory { directory in
            let files = try TestIdentities(in: directory).files(.sync)
            let found = try problems(
                peers + [
                    "--data-dir", directory + "/new/data", "--tls-cert", files.certificate, "--tls-key", files.key,
                    "--tls-ca", files.authority,
                ])
            #expect(found == [])
            #expect(!Files.exists(directory + "/new"))
        }
    }
}
