import API
import Platform
import RPC
import ServiceKit
import Testing
import Wire

@testable import AccountService

struct AccountProgramTests {
    private func build(_ folder: String, _ extra: [String] = []) async throws -> ServiceParts {
        let configuration = try ServiceConfiguration(
            service: .account, extra: AccountProgram.options,
            arguments: [
                "--plaintext", "--data-dir", folder, "--sync-service", "127.0.0.1:1", "--assessment-service",
                "127.0.0.1:1",
            ] + extra, environment: [:])
        return try await AccountProgram.build(
            ServiceContext(
                configuration: configuration, logger: .silent,
                share: ShareDirectory(path: "\(Python.root)/share/parapet")))
    }

    @Test func `a start without the key of what is sealed fails and makes no other key`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-program")
        defer { try? Files.removeTree(folder) }
        let key = "\(folder)/vault.key"
        var parts = try await build(folder)
        let handlers = try #require(parts.services.first as? AccountHandlers)
        _ = try await handlers.createAccount(.with { $0.name = "prod" }, .init())
        await parts.shutdown()
        #expect(try Files.isPrivate(key))

        let kept = try Files.read(key)
        try Files.remove(key)
        await #expect(throws: VaultError.keyMissing(path: key)) { try await build(folder) }
        #expect(!Files.exists(key))

        let elsewhere = "\(folder)/elsewhere.key"
        try Files.writeAtomically(kept, to: elsewhere)
        parts = try await build(folder, ["--vault-key", elsewhere])
        await parts.shutdown()
    }

    @Test func `the partitions that come with Parapet are read`() throws {
        let directory = try PartitionDirectory(json: try Files.read("\(Python.root)/share/parapet/partitions.json"))
        for partition in RoleARN.partitions { #expect(!directory.regions(of: partition).isEmpty, "\(partition)") }
        #expect(directory.partition(ofRegion: "eu-central-1") == "aws")
        #expect(directory.regions(of: "aws").first { $0.name == "eu-central-1" }?.description == "Europe (Frankfurt)")
        #expect(throws: AccountError.self) { try PartitionDirectory(json: Array("{}".utf8)) }
        #expect(throws: AccountError.self) { try PartitionDirectory(json: Array("[".utf8)) }
    }
}
