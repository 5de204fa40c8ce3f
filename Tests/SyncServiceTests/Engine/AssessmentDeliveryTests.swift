import API
import RPC
import ServiceKit
import Synchronization
import Testing
import Wire

@testable import SyncService

@Suite struct AssessmentDeliveryTests {
    final class FakePort: AssessmentPort {
        struct State {
            var isReachable = true
            var failure: RPCError?
            var calls = 0
            var whileRunning: (@Sendable () async -> Void)?
        }

        let state = Mutex(State())

        func isReachable(run: String) async -> Bool { state.withLock { $0.isReachable } }

        func assess(_ request: AssessRequest) async throws(RPCError) -> String {
            let (failure, meanwhile) = state.withLock { state in
                state.calls += 1
                return (state.failure, state.whileRunning)
            }
            await meanwhile?()
            if let failure { throw failure }
            return "assessment-1"
        }
    }

    let port = FakePort()

    private func deliver(
        _ engine: EngineFixture, _ run: StoredRun
    ) async throws -> (verdict: DeliveryVerdict, state: SyncService.AssessmentState?) {
        let delivery = AssessmentDelivery(store: engine.store, port: port, events: engine.context.events)
        let payload = AssessRequest.with {
            $0.accountId = run.accountID
            $0.syncId = run.id
        }.encoded()
        let verdict = await delivery.deliver(
            OutboxCommand(
                destination: "assessment-service", kind: AssessmentDelivery.kind, accountID: run.accountID,
                payload: payload))
        return (verdict, try await engine.store.run(id: run.id)?.assessment)
    }

    @Test func `an assessment is running while it is delivered and done afterwards`() async throws {
        let engine = try await EngineFixture()
        let run = try await engine.sync()
        let seen = Mutex<SyncService.AssessmentState?>(nil)
        let store = engine.store
        port.state.withLock { state in
            state.whileRunning = {
                let now = try? await store.run(id: run.id)?.assessment
                seen.withLock { $0 = now }
            }
        }
        let (verdict, state) = try await deliver(engine, run)
        #expect(seen.withLock { $0 } == .running)
        #expect(verdict == .acknowledged)
        #expect(state == .done)
        #expect(try await engine.store.run(id: run.id)?.assessmentID == "assessment-1")
    }

    @Test func `an assessment service that cannot be reached leaves it owed`() async throws {
        let engine = try await EngineFixture()
        let run = try await engine.sync()
        port.state.withLock { $0.isReachable = false }
        let (verdict, state) = try await deliver(engine, run)
        guard case .retry = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(state == .waiting)
        #expect(port.state.withLock { $0.calls } == 0)
    }

    @Test(arguments: [StatusCode.unavailable, .cancelled, .internalError, .permissionDenied])
    func `a delivery that breaks off is made again`(code: StatusCode) async throws {
        let engine = try await EngineFixture()
        let run = try await engine.sync()
        port.state.withLock { $0.failure = RPCError(code, "away") }
        let (verdict, state) = try await deliver(engine, run)
        guard case .retry = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(state == .waiting)
    }

    @Test func `a refused assessment is owed no longer, nor is one of an account that was purged`() async throws {
        let engine = try await EngineFixture()
        let run = try await engine.sync()
        port.state.withLock { $0.failure = RPCError(.failedPrecondition, "account acct-1 is disabled") }
        let (verdict, state) = try await deliver(engine, run)
        guard case .refused = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(state == SyncService.AssessmentState.none)
        _ = try await engine.store.purge(accountID: run.accountID)
        #expect(try await deliver(engine, run).verdict == .acknowledged)
        #expect(port.state.withLock { $0.calls } == 1)
    }
}
