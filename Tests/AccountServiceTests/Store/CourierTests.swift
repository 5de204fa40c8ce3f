import API
import Platform
import RPC
import ServiceKit
import Storage
import Testing
import Wire

@testable import AccountService

struct CourierTests {
    @Test func `what was owed at a crash is delivered after it, under one key`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            #expect(bench.sync.seen.started.isEmpty)
            let again = try await bench.restarted()
            try await again.delivering {
                try await eventually("the sync is asked for") { !again.sync.seen.started.isEmpty }
            }
            // Delivered, and the process ended before it could be recorded: the receiver sees the same key.
            let first = try #require(again.sync.seen.started.first)
            #expect(first.account.description == account.id)
            #expect((1...128).contains(first.key.utf8.count))
            await again.store.database.close()
        }
    }

    @Test func `a delivery that fails is repeated under the same key`() async throws {
        try await Bench.run { bench in
            bench.sync.set { $0.startError = RPCError(.deadlineExceeded, "late") }
            _ = try await bench.connected()
            try await bench.delivering {
                try await eventually("a delivery has failed") {
                    bench.log.all.contains { $0.contains("not delivered yet") }
                }
                bench.sync.set { $0.startError = nil }
                try await eventually("the sync is asked for") { bench.sync.seen.started.count == 1 }
            }
        }
    }

    @Test func `an account stays disabling while the sync service cannot be reached`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            bench.sync.set { $0.unreachable = true }
            try await bench.delivering {
                let answer = try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
                #expect(answer.account?.state == .disabling)
                try await eventually("a delivery has failed") { bench.log.all.contains { $0.contains("cancel-sync") } }
                #expect(try await bench.get(account.id).state == .disabling)
                // Frozen all the same: no run gets a lease.
                #expect(await status { try await bench.connection(account.id) }?.code == .failedPrecondition)
                #expect(
                    await status {
                        try await bench.handlers.enableAccount(.with { $0.accountId = account.id }, bench.call())
                    }?.code == .failedPrecondition)

                bench.sync.set { $0.unreachable = false }
                try await eventually("the account is disabled") { try await bench.get(account.id).state == .disabled }
            }
            // The sync that connecting had asked for was taken back before it could be delivered.
            #expect(bench.sync.seen.started.isEmpty)
            #expect(bench.sync.seen.cancelled.last?.description == account.id)
        }
    }

    @Test func `to be told to stop is not to have stopped`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            let id = AccountID(stored: account.id)
            bench.sync.set { $0.runs[id] = RunStatus(id: "s", state: .running) }
            try await bench.delivering {
                _ = try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
                try await eventually("it was told twice") { bench.sync.seen.cancelled.count > 1 }
                #expect(try await bench.get(account.id).state == .disabling)
                bench.sync.set { $0.runs[id]?.state = .cancelled }
                try await eventually("the account is disabled") { try await bench.get(account.id).state == .disabled }
            }
        }
    }

    @Test func `a sync refused because of the account's state is dropped`() async throws {
        try await Bench.run { bench in
            bench.sync.set { $0.startError = RPCError(.failedPrecondition, "disabled") }
            _ = try await bench.connected()
            try await bench.delivering {
                try await eventually("it is refused") { try await bench.store.outbox.refused().count == 1 }
            }
        }
    }

    @Test func `a deleted account is purged everywhere, then gone, and its name is free`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            bench.assessment.set { $0.unreachable = true }
            let answer = try await bench.handlers.deleteAccount(.with { $0.accountId = account.id }, bench.call())
            #expect(answer.account?.state == .deleting)
            #expect(answer.roleRemovalSteps.joined().contains("ParapetReadOnly"))
            #expect(await status { try await bench.draft("PROD") }?.code == .alreadyExists)
            try await bench.delivering {
                try await eventually("the syncs are purged") { bench.sync.seen.purged.count == 1 }
                #expect(try await bench.get(account.id).state == .deleting)
                bench.assessment.set { $0.unreachable = false }
                try await eventually("the account is gone") {
                    await status { try await bench.get(account.id) }?.code == .notFound
                }
            }
            #expect(bench.sync.seen.started.isEmpty)
            #expect(bench.assessment.seen.purged.map(\.description) == [account.id])
            _ = try await bench.connected("prod")
        }
    }

    @Test func `a deletion survives a crash between its two purges`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            _ = try await bench.handlers.deleteAccount(.with { $0.accountId = account.id }, bench.call())
            bench.assessment.set { $0.unreachable = true }
            try await bench.delivering {
                try await eventually("the assessments are asked for") {
                    bench.log.all.contains { $0.contains("purge-assessments") }
                }
            }
            let again = try await bench.restarted()
            try await again.delivering {
                try await eventually("the account is gone") {
                    await status { try await again.get(account.id) }?.code == .notFound
                }
            }
            #expect(again.sync.seen.purged.isEmpty)
            await again.store.database.close()
        }
    }

    @Test func `an account can be deleted while it is being disabled`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            _ = try await bench.handlers.disableAccount(.with { $0.accountId = account.id }, bench.call())
            _ = try await bench.handlers.deleteAccount(.with { $0.accountId = account.id }, bench.call())
            try await bench.delivering {
                try await eventually("the account is gone") {
                    await status { try await bench.get(account.id) }?.code == .notFound
                }
            }
            #expect(bench.sync.seen.cancelled.isEmpty)
        }
    }
}
