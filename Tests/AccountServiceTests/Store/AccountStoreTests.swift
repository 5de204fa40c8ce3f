import API
import Platform
import RPC
import ServiceKit
import Storage
import Testing

@testable import AccountService

struct AccountStoreTests {
    @Test func `every part of an account comes back as it was stored`() async throws {
        try await Bench.run { bench in
            var account = try Sample.enabled(bench.vault)
            account.regions = .only(["eu-central-1", "us-east-1"])
            account.schedule = Schedule(stored: 6, off: true)
            account.lastTest = TestReport(
                checks: [
                    .init(name: "assume_role", outcome: .passed, message: "a"),
                    .init(name: "external_id_wrong", outcome: .warning, message: "b"),
                    .init(name: "account_id", outcome: .unknown, message: ""),
                ],
                awsAccountID: "111122223333", principal: "arn:aws:iam::1:user/u", time: Sample.time, revision: 1)
            _ = try account.apply(
                AccountChange(
                    role: try Sample.role("arn:aws:iam::111122223333:role/p/New"), externalID: try ExternalID("other")),
                vault: bench.vault, directory: Sample.directory)
            try await bench.store.create(account, by: .system("Test"))
            #expect(try await bench.store.find(account.id.description) == account)
            #expect(try await bench.store.find("PROD") == account)

            account.candidate = nil
            account.lastTest = nil
            account.regions = .all
            let changed = account
            _ = try await bench.store.change("prod", by: .system("Test")) { stored throws(AccountError) in
                stored = changed
                return AccountStore.Decision(value: (), duties: [])
            }
            var found = try await bench.store.find("prod")
            found.updated = changed.updated
            #expect(found == changed)
        }
    }

    @Test func `a decision that throws changes nothing and is in the audit log`() async throws {
        try await Bench.run { bench in
            let account = try Sample.draft(bench.vault)
            try await bench.store.create(account, by: .system("Test"))
            await #expect(throws: AccountError.refused("no", .accountDraft)) {
                try await bench.store.change("prod", by: .system("Test")) { stored throws(AccountError) in
                    stored.regions = .only(["us-east-1"])
                    throw .refused("no", .accountDraft) as AccountError
                } as (ManagedAccount, Void)
            }
            #expect(try await bench.store.find("prod") == account)
            let last = try #require(try await bench.audited().last)
            #expect(last.outcome == .refused)
            #expect(last.detail == "no")
            #expect(last.accountID == account.id.description)
        }
    }

    @Test func `the keys in use are those of both secrets of each account`() async throws {
        try await Bench.run { bench in
            var account = try Sample.enabled(try Sample.vault(1))
            account.candidate = CandidateConnection(
                revision: 2, role: try Sample.role(), externalID: SealedSecret(keyID: "second", bytes: [1]),
                externalIDChanged: true)
            try await bench.store.create(account, by: .system("Test"))
            let keys = try await bench.store.read { connection throws(StorageError) in
                try AccountRows.keyIDs(on: connection)
            }
            #expect(keys == [account.connection.externalID.keyID, "second"])
        }
    }

    @Test func `a secret moved to another account's row does not open`() async throws {
        try await Bench.run { bench in
            let (first, second) = (try await bench.connected("first"), try await bench.draft("second"))
            try await bench.store.write { connection throws(StorageError) in
                try connection.execute(
                    "UPDATE account SET external_id = (SELECT external_id FROM account WHERE id = ?1) WHERE id = ?2",
                    [.text(second.id), .text(first.id)])
            }
            #expect(await status { try await bench.connection(first.id) }?.code == .internalError)
        }
    }
}
