import API
import Platform
import RPC
import Testing
import Wire

@testable import AccountService

struct SecrecyTests {
    @Test func `no answer, log line or file holds an external ID`() async throws {
        try await Bench.run { bench in
            let canaries = ["canary-first-4711", "canary-second-0815"]
            var written: [String] = []
            let account = try await bench.connected(secret: canaries[0])
            written.append(account.jsonText())
            // GetConnection gives it out by design; the others would end the account, or never end themselves.
            let excepted = ["GetConnection", "DeleteAccount", "DisableAccount", "WatchAccount"]
            for (name, call) in RefusalTests.addressing where !excepted.contains(name) {
                if let error = await status({ try await call(bench, account.id) }) { written.append("\(error)") }
            }
            let updated = try await bench.update(account.id, ["external_id"]) { $0.externalId = canaries[1] }
            written.append(updated.jsonText())
            bench.sync.set { $0.failure = "AccessDenied" }
            written += try await bench.test(account.id).map { $0.jsonText() }
            written.append("\(await status { try await bench.draft("x", secret: canaries[0] + " not legal") } as Any)")
            written.append(try await bench.handlers.listAccounts(.init(), bench.call()).jsonText())
            bench.sync.set { $0.unreachable = true }
            try await bench.delivering {
                _ = await status {
                    try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
                }
                try await eventually("a delivery has failed") { bench.log.all.contains { $0.contains("cancel-sync") } }
            }
            let deleted = try await bench.handlers.deleteAccount(.with { $0.accountId = account.id }, bench.call())
            written.append(deleted.jsonText())
            written += try await bench.audited().map { "\($0)" }
            written += bench.log.all
            for name in try Files.list(bench.folder) {
                written.append(String(decoding: try Files.read("\(bench.folder)/\(name)"), as: UTF8.self))
            }
            #expect(written.count > 20)
            for text in written {
                #expect(!text.contains("canary"), "\(text.prefix(300))")
            }
        }
    }
}
