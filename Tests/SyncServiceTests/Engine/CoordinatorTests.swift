import RPC
import ServiceKit
import Storage
import Synchronization
import Testing

@testable import SyncService

@Suite struct CoordinatorTests {
    /// Serves while `body` runs.
    private func serving(_ engine: EngineFixture, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.coordinator.serve() }
            try await body()
            group.cancelAll()
        }
    }

    private func start(_ engine: EngineFixture, key: String = "", patient: Bool = true) async throws -> RunRequest {
        let account = try await engine.account()
        let request = try await engine.store.request(
            account: account.key, cause: .change, key: key, isPatient: patient)
        engine.coordinator.wake()
        return request
    }

    private func state(_ engine: EngineFixture, _ id: String) async throws -> RunState? {
        try await engine.store.run(id: id)?.state
    }

    private func id(_ request: RunRequest) -> String {
        switch request {
        case .created(let run), .existing(let run), .busy(let run), .assessing(let run): run.id
        }
    }

    @Test func `a queued run gets its turn and ends`() async throws {
        let engine = try await EngineFixture()
        try await serving(engine) {
            let run = id(try await start(engine))
            #expect(try await eventually { try await state(engine, run) == .succeeded })
        }
    }

    @Test func `a person is refused while a run is under way, and commands become one follow-up`() async throws {
        let engine = try await EngineFixture()
        engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(engine) {
            let first = id(try await start(engine, key: "k1"))
            #expect(try await eventually { try await state(engine, first) == .running })
            guard case .busy(let busy) = try await start(engine, patient: false) else {
                Issue.record("not refused")
                return
            }
            #expect(busy.id == first)
            #expect(id(try await start(engine, key: "k1")) == first)
            let second = id(try await start(engine, key: "k2"))
            let third = id(try await start(engine, key: "k3"))
            #expect(second != first)
            #expect(third == second)
            engine.connections.choose(["us-east-1"])
            engine.aws.hang("aws_vpc", "eu-central-1", false)
            let stored = try await engine.store.run(id: first)
            _ = try await engine.coordinator.cancel(try #require(stored), .cancelled("enough"))
            #expect(try await eventually { try await state(engine, second)?.isOpen == false })
            #expect(engine.aws.listed.contains(Scope(region: "us-east-1", type: "aws_vpc")))
        }
    }

    @Test func `a cancelled run ends at once and keeps what it completed`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "b", region: "eu-central-1")])
        engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(engine) {
            let run = id(try await start(engine))
            #expect(try await eventually { try await engine.store.run(id: run)?.counts.scopesDone == 1 })
            let stored = try await engine.store.run(id: run)
            let ended = try await engine.coordinator.cancel(try #require(stored), .cancelled("by ann"))
            // Not after the hanging listing's own end, nor after the patience of whoever cancels.
            #expect(ended?.state == .cancelled)
            #expect(engine.aws.state.withLock { $0.cutOff } == [Scope(region: "eu-central-1", type: "aws_vpc")])
            #expect(ended?.problem == "by ann")
            #expect(ended?.assessment == .pending)
            #expect(try await engine.coverage("aws_s3_bucket", "global")?.state == .complete)
            #expect(try await engine.coverage("aws_vpc", "eu-central-1")?.state == .pending)
        }
    }

    @Test func `a queued run that is cancelled never begins`() async throws {
        let engine = try await EngineFixture()
        let run = id(try await start(engine))
        let stored = try await engine.store.run(id: run)
        let ended = try await engine.coordinator.cancel(try #require(stored), .cancelled("by ann"))
        #expect(ended?.state == .cancelled)
        try await serving(engine) {
            let next = id(try await start(engine))
            #expect(try await eventually { try await state(engine, next) == .succeeded })
        }
        #expect(engine.aws.state.withLock { $0.opened } == 1)
    }

    @Test func `a run that the service's end cut off resumes under its id without repeating scopes`() async throws {
        let engine = try await EngineFixture()
        engine.aws.put("aws_s3_bucket", "global", [FakeItem(id: "b", region: "eu-central-1")])
        engine.aws.hang("aws_vpc", "eu-central-1")
        var run = ""
        var queued = ""
        try await serving(engine) {
            run = id(try await start(engine, key: "k1"))
            #expect(try await eventually { try await engine.store.run(id: run)?.counts.scopesDone == 1 })
            queued = id(try await start(engine, key: "k2"))
        }
        #expect(try await state(engine, run) == .interrupted)
        await engine.store.close()

        let again = try await EngineFixture(sharing: engine)
        engine.aws.hang("aws_vpc", "eu-central-1", false)
        engine.aws.state.withLock { $0.listed = [] }
        let followUp = queued
        try await serving(again) {
            let isOver = try await eventually { try await state(again, followUp)?.isOpen == false }
            #expect(isOver)
        }
        let ended = try await again.store.run(id: run)
        #expect(ended?.state == .succeeded)
        #expect(ended?.resumptions == 1)
        #expect(ended?.counts.scopesDone == 2)
        // Once by the resumed run, of which only one scope was left, and both by the follow-up.
        #expect(engine.aws.listed.filter { $0.type == "aws_s3_bucket" }.count == 1)
        #expect(engine.aws.listed.filter { $0.type == "aws_vpc" }.count == 2)
    }

    @Test func `a run without its lease stops`() async throws {
        let instant = Mutex(ContinuousClock.now)
        let engine = try await EngineFixture {
            $0.sleep = { duration async throws(CancellationError) in
                instant.withLock { $0 += duration }
                do { try await Task.sleep(for: .milliseconds(5)) } catch { throw CancellationError() }
            }
            $0.instant = { instant.withLock { $0 } }
        }
        engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(engine) {
            let run = id(try await start(engine))
            #expect(try await eventually { try await state(engine, run) == .running })
            #expect(try await eventually { !engine.aws.listed.isEmpty })
            engine.connections.refuse(RPCError(.unavailable, "away"))
            #expect(try await eventually { try await state(engine, run) == .failed })
            #expect(try await engine.store.run(id: run)?.problem.contains("account service") == true)
        }
    }

    @Test func `disabling an account cancels its run, and nothing is assessed`() async throws {
        let engine = try await EngineFixture {
            $0.sleep = { _ async throws(CancellationError) in
                do { try await Task.sleep(for: .milliseconds(5)) } catch { throw CancellationError() }
            }
        }
        engine.aws.hang("aws_vpc", "eu-central-1")
        try await serving(engine) {
            let run = id(try await start(engine))
            #expect(try await eventually { !engine.aws.listed.isEmpty })
            engine.connections.refuse(RPCError(.failedPrecondition, "account acct-1 is disabled"))
            #expect(try await eventually { try await state(engine, run) == .cancelled })
            let ended = try await engine.store.run(id: run)
            #expect(ended?.problem == "account acct-1 is disabled")
            #expect(ended?.assessment == AssessmentState.none)
        }
    }

    @Test func `a due account is synced once and is due again a day later`() async throws {
        let engine = try await EngineFixture()
        try await engine.sync()
        let scheduler = SyncScheduler(context: engine.context, coordinator: engine.coordinator)
        try await scheduler.startDue()
        #expect(try await engine.store.openRuns().isEmpty)
        engine.clock.advance(by: .seconds(27 * 3600))
        try await scheduler.startDue()
        try await scheduler.startDue()
        let open = try await engine.store.openRuns()
        #expect(open.map(\.cause) == [.schedule])
    }

    @Test(arguments: [false, true])
    func `a run that the store refuses to record rests between its tries, and ends when it can be written`(
        isCancelled: Bool
    ) async throws {
        let notes = RefusalNotes()
        let engine = try await EngineFixture(configure: notes.take)
        engine.connections.refuse(RPCError(.unavailable, "not yet"))
        let run = id(try await start(engine))
        try await serving(engine) {
            #expect(try await eventually { try await state(engine, run) == .running })
            try await refuseWrites(engine, true)
            let before = notes.rests.all.count
            engine.connections.refuse(nil)
            #expect(try await eventually { notes.rests.all.count - before > 50 })
            let tries = notes.errors.all.count
            #expect(tries > 1 && tries <= notes.rests.all.count / 10 + 2, "\(tries) in \(notes.rests.all.count) s")
            #expect(engine.aws.state.withLock { $0.opened } == 0, "AWS was asked for what cannot be kept")
            if isCancelled { engine.coordinator.control(of: run)?.stop(.cancelled("enough")) }
            try await refuseWrites(engine, false)
            let wanted = isCancelled ? RunState.cancelled : .succeeded
            #expect(try await eventually { try await state(engine, run) == wanted })
        }
    }

    @Test func `a service that starts while its store cannot be written runs what is queued later`() async throws {
        let notes = RefusalNotes()
        let engine = try await EngineFixture(configure: notes.take)
        let run = id(try await start(engine))
        try await refuseWrites(engine, true)
        try await serving(engine) {
            #expect(try await eventually { notes.rests.all.count > 3 })
            #expect(notes.errors.all.count <= notes.rests.all.count + 1)
            try await refuseWrites(engine, false)
            #expect(try await eventually { try await state(engine, run) == .succeeded })
        }
    }

    /// The rests of an engine and the errors that it logs; a second of rest takes a millisecond.
    private struct RefusalNotes {
        let rests = Noted()
        let errors = Noted()

        func take(_ context: inout EngineContext) {
            context.sleep = { [rests] duration async throws(CancellationError) in
                rests.add(duration)
                do { try await Task.sleep(for: .milliseconds(1)) } catch { throw CancellationError() }
            }
            context.logger = Logger(service: "sync-service", level: .error, format: .json) { [errors] _ in
                errors.add(.zero)
            }
        }
    }

    private func refuseWrites(_ engine: EngineFixture, _ refuses: Bool) async throws {
        try await engine.store.writer.read { connection throws(StorageError) in
            try connection.script("PRAGMA query_only = \(refuses)")
        }
    }
}
