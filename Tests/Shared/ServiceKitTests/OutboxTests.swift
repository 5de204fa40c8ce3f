import Platform
import ServiceKit
import Storage
import Synchronization
import Testing

private func open(_ directory: String) async throws -> Database {
    try await Database.open(path: directory + "/a.db", migrations: [Migration(1, Outbox.schema)])
}

private func command(_ kind: String, _ account: String, _ key: String? = nil) -> OutboxCommand {
    OutboxCommand(destination: "sync-service", kind: kind, key: key, accountID: account, payload: Array(kind.utf8))
}

extension Outbox {
    fileprivate func enqueue(_ commands: [OutboxCommand], in database: Database) async throws {
        try await database.write { connection throws(StorageError) in
            for command in commands { try self.enqueue(command, on: connection) }
        }
    }

    fileprivate func isDone(_ kind: String) async -> Bool {
        (try? await isInFlight(kind: kind, accountID: "a")) == false
    }

    /// Runs the dispatcher as long as `body` runs.
    fileprivate func running<T: Sendable>(
        _ deliver: @escaping OutboxDelivery, settle: OutboxSettlement? = nil, _ body: @Sendable () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.run(deliver: deliver, settle: settle) }
            let result = try await body()
            group.cancelAll()
            return result
        }
    }
}

@Suite struct OutboxTests {
    @Test func `a command is delivered once it is committed, and then is gone`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let outbox = Outbox(database: database)
            let delivered = Collected<OutboxCommand>()
            try await outbox.running({
                delivered.add($0); return .acknowledged
            }) {
                try? await database.write { connection throws(StorageError) in
                    try outbox.enqueue(command("rolled-back", "a"), on: connection)
                    throw StorageError(.other, "stop")
                }
                try await outbox.enqueue([command("start-sync", "a", "key-1")], in: database)
                #expect(await eventually { await outbox.isDone("start-sync") })
            }
            #expect(delivered.all.map(\.kind) == ["start-sync"])
            #expect(delivered.all.map(\.key) == ["key-1"])
            #expect(delivered.all.map(\.payload) == [Array("start-sync".utf8)])
        }
    }

    @Test func `a crash between commit and delivery loses nothing, one before the record delivers again`() async throws
    {
        try await withTemporaryDirectory { directory in
            do {
                let database = try await open(directory)
                try await Outbox(database: database).enqueue([command("purge", "a", "key-1")], in: database)
                await database.close()
            }
            let keys = Collected<String>()
            do {
                // Delivered, but the process ends before the answer is recorded.
                let database = try await open(directory)
                let outbox = Outbox(database: database, pause: { _ in })
                try await outbox.running({ command in
                    keys.add(command.key)
                    await database.close()
                    return .acknowledged
                }) { #expect(await eventually { !keys.all.isEmpty }) }
            }
            let database = try await open(directory)
            let outbox = Outbox(database: database)
            #expect(try await outbox.isInFlight(kind: "purge", accountID: "a"))
            try await outbox.running({
                keys.add($0.key); return .acknowledged
            }) {
                #expect(await eventually { await outbox.isDone("purge") })
            }
            #expect(keys.all.count >= 2)
            #expect(Set(keys.all) == ["key-1"])
        }
    }

    @Test func `one account's commands stay in order behind one that is retried, another's pass`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let clock = ManualClock()
            let outbox = Outbox(
                database: database, clock: clock, random: { 0.999 },
                pause: { _ in
                    try? await Task.sleep(for: .milliseconds(1)); clock.advance(by: .seconds(1))
                })
            try await outbox.enqueue(
                [command("1", "a"), command("2", "a"), command("3", "a"), command("1", "b")], in: database)
            let seen = Collected<String>()
            let failures = Mutex(3)
            try await outbox.running({ command in
                seen.add(command.accountID + command.kind)
                let fails = failures.withLock { left in
                    guard command.accountID == "a", command.kind == "1", left > 0 else { return false }
                    left -= 1
                    return true
                }
                return fails ? .retry(reason: "unavailable") : .acknowledged
            }) {
                #expect(await eventually { seen.all.count == 7 })
            }
            #expect(seen.all.filter { $0.hasPrefix("a") } == ["a1", "a1", "a1", "a1", "a2", "a3"])
            #expect(seen.all.filter { $0.hasPrefix("b") } == ["b1"])
        }
    }

    @Test func `accounts are served side by side, up to the limit`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let outbox = Outbox(database: database, parallelism: 3)
            try await outbox.enqueue((0..<9).map { command("x", "account-\($0)") }, in: database)
            let running = Mutex((now: 0, most: 0))
            let done = Collected<String>()
            try await outbox.running({ command in
                running.withLock {
                    $0.now += 1; $0.most = max($0.most, $0.now)
                }
                // Everybody waits until as many as may run do run, or the rest is too few for that.
                _ = await eventually(within: .milliseconds(200)) { running.withLock { $0.most == 3 } }
                running.withLock { $0.now -= 1 }
                done.add(command.accountID)
                return .acknowledged
            }) { #expect(await eventually { done.all.count == 9 }) }
            #expect(running.withLock { $0.most } == 3)
        }
    }

    @Test func `a refusal is kept with its reason and blocks nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let outbox = Outbox(database: database)
            try await outbox.enqueue([command("bad", "a", "k"), command("good", "a")], in: database)
            let seen = Collected<String>()
            try await outbox.running({ command in
                seen.add(command.kind)
                return command.kind == "bad" ? .refused(reason: "no such account") : .acknowledged
            }) { #expect(await eventually { await outbox.isDone("good") }) }
            #expect(seen.all == ["bad", "good"])
            let refused = try await outbox.refused()
            #expect(refused.map(\.command.key) == ["k"])
            #expect(refused.map(\.reason) == ["no such account"])
            #expect(try await !outbox.isInFlight(kind: "bad", accountID: "a"))
            // The key is free again.
            try await outbox.enqueue([command("bad", "a", "k")], in: database)
            #expect(try await outbox.isInFlight(kind: "bad", accountID: "a"))
        }
    }

    @Test func `a key that waits already is not added again, and what waits can be withdrawn`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let outbox = Outbox(database: database)
            try await outbox.enqueue([command("x", "a", "k"), command("x", "a", "k"), command("x", "b")], in: database)
            let withdrawn = try await database.write { connection throws(StorageError) in
                try outbox.withdraw(kind: "x", accountID: "a", on: connection)
            }
            #expect(withdrawn == 1)
            #expect(try await !outbox.isInFlight(kind: "x", accountID: "a"))
            #expect(try await outbox.isInFlight(kind: "x", accountID: "b"))
        }
    }

    @Test func `what comes with an acknowledgement is in the same transaction`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            try await database.write { connection throws(StorageError) in
                try connection.script("CREATE TABLE settled (key TEXT)")
            }
            let outbox = Outbox(database: database)
            try await outbox.enqueue([command("x", "a", "k")], in: database)
            try await outbox.running(
                { _ in .acknowledged },
                settle: { command, verdict, connection throws(StorageError) in
                    try connection.execute("INSERT INTO settled VALUES (?1)", [.text(command.key)])
                }
            ) { #expect(await eventually { await outbox.isDone("x") }) }
            let keys = try await database.read { connection throws(StorageError) in
                try connection.rows("SELECT key FROM settled") { row in row.text(0) }
            }
            #expect(keys == ["k"])
        }
    }

    @Test func `a command that is not due yet waits for its time`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await open(directory)
            let clock = ManualClock()
            let slept = Collected<Duration>()
            let outbox = Outbox(
                database: database, clock: clock,
                pause: { duration in
                    slept.add(duration)
                    clock.advance(by: duration)
                })
            var later = command("x", "a")
            later.notBefore = clock.now() + .seconds(3600)
            try await outbox.enqueue([later], in: database)
            let at = Collected<WallTime>()
            try await outbox.running({ _ in
                at.add(clock.now()); return .acknowledged
            }) {
                #expect(await eventually { !at.all.isEmpty })
            }
            #expect(at.all.first.map { $0 >= WallTime(unixSeconds: 1_800_003_600) } == true)
            #expect(slept.all.first.map { $0 >= .seconds(3600) } == true)
        }
    }
}
