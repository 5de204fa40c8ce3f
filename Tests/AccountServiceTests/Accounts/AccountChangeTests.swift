import Platform
import Testing

@testable import AccountService

struct AccountChangeTests {
    let vault: Vault
    init() throws { vault = try Sample.vault() }

    private func apply(_ change: AccountChange, to account: inout ManagedAccount) throws -> [Lifecycle.Duty] {
        try account.apply(change, vault: vault, directory: Sample.directory)
    }

    @Test func `a draft takes a new role and external ID at once, and forgets its test`() throws {
        var account = try Sample.draft(vault)
        #expect(try apply(AccountChange(role: try Sample.role()), to: &account) == [])
        _ = try account.record(Sample.report(1), of: try account.trial())
        #expect(account.lastTest?.passed == true)
        _ = try apply(AccountChange(externalID: try ExternalID("second-secret")), to: &account)
        #expect(account.lastTest == nil)
        #expect(account.candidate == nil)
        #expect(account.connection.revision == 1)
        #expect(
            try vault.open(account.connection.externalID, account: account.id, revision: 1).reveal() == "second-secret")
    }

    @Test func `a connected account keeps what works until the new connection passed its test`() throws {
        var account = try Sample.enabled(vault)
        let inUse = account.connection
        let duties = try apply(
            AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/New")), to: &account)
        #expect(duties == [])
        #expect(account.connection == inUse)
        #expect(account.candidate?.revision == 2)
        #expect(account.candidate?.externalIDChanged == false)

        let failed = try account.record(Sample.report(2, passed: false), of: try account.trial())
        #expect(failed == [])
        #expect(account.connection == inUse)
        #expect(account.candidate != nil)

        let passed = try account.record(Sample.report(2), of: try account.trial())
        #expect(passed == [.startSync])
        #expect(account.candidate == nil)
        #expect(account.connection.revision == 2)
        #expect(account.connection.role?.name == "New")
        #expect(account.lastTest?.revision == 2)
        #expect(
            try vault.open(account.connection.externalID, account: account.id, revision: 2).reveal() == "first-secret")
    }

    @Test func `a second change keeps what the first one proposed`() throws {
        var account = try Sample.enabled(vault)
        _ = try apply(AccountChange(externalID: try ExternalID("second-secret")), to: &account)
        _ = try apply(AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/New")), to: &account)
        let candidate = try #require(account.candidate)
        #expect(candidate.externalIDChanged)
        #expect(candidate.role.name == "New")
        #expect(try vault.open(candidate.externalID, account: account.id, revision: 2).reveal() == "second-secret")
    }

    @Test func `proposing what is in use takes the candidate back`() throws {
        var account = try Sample.enabled(vault)
        _ = try apply(AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/New")), to: &account)
        _ = try apply(AccountChange(role: try Sample.role()), to: &account)
        #expect(account.candidate == nil)
    }

    @Test func `a test of what was changed meanwhile proves nothing`() throws {
        var account = try Sample.enabled(vault)
        _ = try apply(AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/New")), to: &account)
        let trial = try account.trial()
        _ = try apply(AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/Other")), to: &account)
        guard
            case .changedMeanwhile = failure(of: { () throws(AccountError) in
                try account.record(Sample.report(2), of: trial)
            })
        else {
            Issue.record("recorded")
            return
        }
        #expect(account.candidate?.role.name == "Other")
    }

    @Test func `a connected account stays with its AWS account`() throws {
        var account = try Sample.enabled(vault)
        let before = account
        #expect(throws: AccountError.self) {
            try apply(AccountChange(role: try Sample.role("arn:aws:iam::999900001111:role/New")), to: &account)
        }
        #expect(account == before)
    }

    @Test func `a change of regions starts a sync of an enabled account only`() throws {
        var account = try Sample.enabled(vault)
        let choice = RegionChoice.only(["eu-central-1"])
        #expect(try apply(AccountChange(regions: choice), to: &account) == [.startSync])
        #expect(try apply(AccountChange(regions: choice), to: &account) == [])
        #expect(account.configurationRevision == 2)
        _ = try account.lifecycle.apply(.disable, name: account.name)
        _ = try account.lifecycle.apply(.stopped, name: account.name)
        #expect(try apply(AccountChange(regions: .all), to: &account) == [])
        #expect(account.regions == .all)
    }

    @Test func `regions of another partition than the role's are refused and nothing is changed`() throws {
        var account = try Sample.draft(vault)
        _ = try apply(AccountChange(regions: .only(["cn-north-1"])), to: &account)
        let before = account
        #expect(throws: AccountError.self) { try apply(AccountChange(role: try Sample.role()), to: &account) }
        #expect(account == before)
    }

    @Test func `an account that is being deleted cannot be changed`() throws {
        var account = try Sample.draft(vault)
        _ = try account.lifecycle.apply(.delete, name: account.name)
        #expect(throws: AccountError.self) { try apply(AccountChange(name: AccountName(stored: "x")), to: &account) }
    }

    @Test func `a lease is for enabled accounts, a probe also for drafts and candidates`() throws {
        var account = try Sample.draft(vault)
        #expect(throws: AccountError.self) { try account.lease(revision: 0, probe: true) }
        _ = try apply(AccountChange(role: try Sample.role()), to: &account)
        #expect(try account.lease(revision: 1, probe: true).revision == 1)
        #expect(throws: AccountError.self) { try account.lease(revision: 1, probe: false) }
        _ = try account.lifecycle.apply(.connect, name: account.name)
        _ = try apply(AccountChange(role: try Sample.role("arn:aws:iam::111122223333:role/New")), to: &account)
        #expect(try account.lease(revision: 0, probe: false).role?.name == "ParapetReadOnly")
        #expect(try account.lease(revision: 2, probe: true).role?.name == "New")
        #expect(throws: AccountError.self) { try account.lease(revision: 2, probe: false) }
        #expect(throws: AccountError.self) { try account.lease(revision: 3, probe: true) }
        for event in [Lifecycle.Event.disable, .stopped, .delete] {
            _ = try account.lifecycle.apply(event, name: account.name)
            #expect(throws: AccountError.self) { try account.lease(revision: 0, probe: true) }
            #expect(throws: AccountError.self) { try account.lease(revision: 0, probe: false) }
        }
    }

    @Test func `a passed test stands in for a new one for 15 minutes`() {
        let report = Sample.report(1)
        #expect(report.isFresh(at: Sample.time + Duration.seconds(900), revision: 1))
        #expect(!report.isFresh(at: Sample.time + Duration.seconds(901), revision: 1))
        #expect(!report.isFresh(at: Sample.time, revision: 2))
        #expect(!Sample.report(1, passed: false).isFresh(at: Sample.time, revision: 1))
    }
}
