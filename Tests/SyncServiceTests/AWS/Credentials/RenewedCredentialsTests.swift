import Platform
import Synchronization
import Testing

@testable import SyncService

/// A clock that a test turns.
final class TurnedClock: WallClock {
    private let time: Mutex<WallTime>
    init(_ time: WallTime = WallTime(unixSeconds: 1_800_000_000)) { self.time = Mutex(time) }
    func now() -> WallTime { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// Gives numbered credentials that last an hour, or the error that is set.
private final class Source: Sendable {
    private struct State {
        var count = 0
        var error: AWSError?
        var lifetime = Duration.seconds(3600)
    }

    private let state = Mutex(State())
    let clock: TurnedClock
    init(_ clock: TurnedClock) { self.clock = clock }

    var count: Int { state.withLock { $0.count } }
    func fail(_ error: AWSError?) { state.withLock { $0.error = error } }
    func last(_ lifetime: Duration) { state.withLock { $0.lifetime = lifetime } }

    func fetch() async throws(AWSError) -> AWSCredentials {
        await Task.yield()
        let (count, error, lifetime) = state.withLock { state in
            state.count += 1
            return (state.count, state.error, state.lifetime)
        }
        if let error { throw error }
        return AWSCredentials(
            accessKeyID: "AKID\(count)", secretAccessKey: "s", sessionToken: "t", expiration: clock.now() + lifetime)
    }

    func renewed() -> RenewedCredentials {
        RenewedCredentials(clock: clock) { () async throws(AWSError) in try await self.fetch() }
    }
}

@Suite struct RenewedCredentialsTests {
    private let clock = TurnedClock()
    private let denied = AWSError(.service(code: "AccessDenied", message: "no", httpStatus: 403))
    private let unreachable = AWSError(.connection("no route"))

    @Test func `however many ask at once, one renewal is made`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        for round in 1...2 {
            let keys = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<50 { group.addTask { try? await provider.credentials().accessKeyID } }
                return await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(keys == ["AKID\(round)"] && source.count == round)
            clock.advance(.seconds(3600))
        }
    }

    @Test func `from a quarter of an hour before the end they are renewed`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        _ = try await provider.credentials()
        clock.advance(.seconds(2699))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        clock.advance(.seconds(1))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func `a short session is not renewed at every call`() async throws {
        let source = Source(clock)
        source.last(.seconds(900))
        let provider = source.renewed()
        for _ in 0..<10 { _ = try await provider.credentials() }
        clock.advance(.seconds(674))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        clock.advance(.seconds(1))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func `early, any failure leaves what still works, and is tried again after a while`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        _ = try await provider.credentials()
        clock.advance(.seconds(2800))
        source.fail(denied)
        for _ in 0..<5 { #expect(try await provider.credentials().accessKeyID == "AKID1") }
        #expect(source.count == 2, "not at every call")
        clock.advance(.seconds(31))
        source.fail(nil)
        #expect(try await provider.credentials().accessKeyID == "AKID3")
    }

    @Test func `late, a refusal is met, but not a moment's trouble`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        _ = try await provider.credentials()
        clock.advance(.seconds(3100))
        source.fail(unreachable)
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        clock.advance(.seconds(60))
        source.fail(denied)
        #expect(await failure { () throws(AWSError) in _ = try await provider.credentials() } == denied)
    }

    @Test func `at the end a failure is an error, and not for good`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        _ = try await provider.credentials()
        clock.advance(.seconds(3550))
        source.fail(unreachable)
        for _ in 0..<2 {
            #expect(await failure { () throws(AWSError) in _ = try await provider.credentials() } == unreachable)
        }
        source.fail(nil)
        #expect(try await provider.credentials().accessKeyID == "AKID4")
    }

    @Test func `what is over when it comes is an error`() async throws {
        let source = Source(clock)
        source.last(.zero)
        let provider = source.renewed()
        let error = await failure { () throws(AWSError) in _ = try await provider.credentials() }
        #expect(error?.message.contains("ended at 2027-01-15T08:00:00Z") == true)
    }

    @Test func `an older refusal forgets nothing newer`() async throws {
        let source = Source(clock)
        let provider = source.renewed()
        let first = try await provider.credentials()
        await provider.invalidate(first)
        let second = try await provider.credentials()
        #expect(second.accessKeyID == "AKID2")
        await provider.invalidate(first)
        #expect(try await provider.credentials() == second)
    }

    @Test func `a cancelled renewal fails nobody else`() async throws {
        let source = Source(clock)
        source.fail(AWSError(.cancelled))
        let provider = source.renewed()
        async let first = failure { () throws(AWSError) in _ = try await provider.credentials() }
        #expect(await first?.kind == .cancelled)
        source.fail(nil)
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }
}
