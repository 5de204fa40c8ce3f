import Glibc
import Platform
import TestSupport
import Testing

/// The sync service itself is killed at its n-th write to the store, every other time with the write half done; started
/// again, it has to come to what an undisturbed one stores. The writes are those of its start, of a sync and of its end.
///
/// `PARAPET_KILL_STRIDE` says at which writes: 1 at each of them, some 15 minutes; else at some twenty.
extension IntegrationTests {
    /// What the killed sync finds in the account.
    enum Beginning: String, CaseIterable {
        /// Nothing of it is known.
        case nothing
        /// A half of it has changed, some went away and some came, since it was read.
        case earlierSync
    }

    @Test(arguments: Beginning.allCases)
    func `a sync whose service is killed at any write comes to what an undisturbed one stores`(
        beginning: Beginning
    ) async throws {
        try await ServiceSet.run(account: "killed") { services in
            let trial = try await KillTrial(services, beginning)
            let writes = try await trial.undisturbed()
            #expect(writes > 80, "a sync writes more")
            let stride = Environment.value("PARAPET_KILL_STRIDE").flatMap { Int($0) } ?? (writes / 23 | 1)
            var (points, kills, assessed) = (0, 0, 0)
            for write in Swift.stride(from: 1, through: writes, by: stride) {
                let isAssessed = points % 7 == 0
                if try await trial.kill(at: write, isAssessed: isAssessed) { kills += 1 }
                points += 1
                assessed += isAssessed ? 1 : 0
            }
            #expect(kills > points * 9 / 10, "\(points) points, and the service was killed at \(kills)")
            print("\(beginning): killed at \(kills) of \(writes) writes, verdicts and alerts compared at \(assessed)")
        }
    }
}

/// One sync, done undisturbed and then again and again with a kill in it.
private final class KillTrial {
    private let services: ServiceSet
    private let stored: StoredContent
    private let faults: WriteFaults
    private let beginning: IntegrationTests.Beginning
    private var expected: [String] = []
    private var expectedVerdicts: [String] = []

    init(_ services: ServiceSet, _ beginning: IntegrationTests.Beginning) async throws {
        self.services = services
        stored = StoredContent(services)
        self.beginning = beginning
        faults = try await WriteFaults(in: services.folder)
        if beginning == .nothing {
            for suffix in ["", "-wal", "-shm"] where Files.exists(stored.path + suffix) {
                try Files.remove(stored.path + suffix)
            }
        } else {
            try await services.emulator.set(["generation": 1, "churn": 500, "buckets": 2, "volumes": 3, "topics": 4])
        }
        for service in ["sync-service", "assessment-service"] { try await services.save(service) }
        try await services.start("account-service")
    }

    /// Returns how many writes it took.
    func undisturbed() async throws -> Int {
        faults.set(.none, at: 0)
        try await services.start("assessment-service")
        try await services.start("sync-service", faults.environment(store: stored.path))
        let before = try await stored.lastRun()
        try await sync()
        try await stored.ended(after: before, isAssessed: true)
        expected = try await stored.content()
        expectedVerdicts = try await stored.verdicts()
        #expect(expected.count > 60 && expectedVerdicts.count > 200)
        #expect(await services.stop("sync-service") == .exited(0))
        await services.kill("assessment-service")
        return faults.writes
    }

    /// Returns whether the service was killed: at the last writes it may have less to write this time.
    func kill(at write: Int, isAssessed: Bool) async throws -> Bool {
        let told: Comment = "\(beginning), write \(write)"
        try await services.restore("sync-service")
        if isAssessed {
            try await services.restore("assessment-service")
            try await services.start("assessment-service")
        }
        faults.set(write.isMultiple(of: 2) ? .killHalfway : .kill, at: write)
        var before: Int64?
        if try await services.start("sync-service", faults.environment(store: stored.path)) {
            before = try? await stored.lastRun()
            try? await sync()
            if let before { try await stored.ended(after: before, isAssessed: isAssessed) }
        }
        let wasKilled = await services.stop("sync-service") == .signalled(SIGKILL)
        #expect(try await services.start("sync-service"), told)
        let runs = beginning == .nothing ? 0 : 1
        // Whoever asked for it asks again, unless the wish was kept.
        if try await stored.lastRun() <= runs { try await sync() }
        try await stored.ended(after: Int64(runs), isAssessed: isAssessed)
        #expect(try await stored.problems() == ["ok"], told)
        #expect(try await stored.content() == expected, told)
        if isAssessed { #expect(try await stored.verdicts() == expectedVerdicts, told) }
        await services.kill("sync-service")
        await services.kill("assessment-service")
        return wasKilled
    }

    private func sync() async throws {
        let answer = try await services.parapet(["sync", "start", "killed"])
        guard answer.status.isSuccess else { throw HarnessError(String(decoding: answer.error, as: UTF8.self)) }
    }
}
