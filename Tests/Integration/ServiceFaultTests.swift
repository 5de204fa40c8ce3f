import Glibc
import JSON
import Platform
import TestSupport
import Testing

/// What goes wrong around the sync service: its disk is full, its network is lost.
extension IntegrationTests {
    private static let changed = ["generation": 1, "churn": 500, "buckets": 2, "volumes": 3, "topics": 4]

    @Test func `a full disk loses nothing, is named, and the sync after it is complete`() async throws {
        try await ServiceSet.run(account: "full") { services in
            let stored = StoredContent(services)
            let faults = try await WriteFaults(in: services.folder)
            try await services.emulator.set(Self.changed)
            for service in ["sync-service", "assessment-service"] { try await services.save(service) }
            try await services.start("account-service")
            try await services.start("assessment-service")
            // What there is to find, and how many writes it takes to.
            try await services.start("sync-service", faults.environment(store: stored.path))
            let start = faults.writes
            try await Self.sync(services, "full")
            try await stored.ended(after: 1, isAssessed: false)
            let expected = try await stored.content(history: false)
            let writes = faults.writes
            #expect(writes - start > 40)
            for part in 0..<4 {
                let told: Comment = "from write \(start + 2 + (writes - start) * part / 4) on"
                try await Self.backToTheStart(services)
                let before = try await stored.assetIDs()
                faults.set(.fullDisk, at: start + 2 + (writes - start) * part / 4)
                try await services.start("sync-service", faults.environment(store: stored.path))
                let answer = try await services.parapet(["sync", "start", "full"])
                if !answer.status.isSuccess {
                    let said = String(decoding: answer.error, as: UTF8.self)
                    #expect(said.contains("disk") || said.contains("space"), "a clear refusal: \(said)")
                }
                try await eventually("a write is refused") { faults.refused > 0 }
                #expect(services.status(of: "sync-service") == nil, "the service ended: \(told)")
                #expect(try await before.isSubset(of: stored.assetIDs().union(stored.removedIDs())), told)
                faults.heal()
                try await eventually("the sync is complete, with room again") {
                    _ = try await services.parapet(["sync", "start", "full"])
                    guard try await stored.lastRun() > 1 else { return false }
                    try await stored.ended(after: 1, isAssessed: false)
                    return try await stored.content(history: false) == expected
                }
                #expect(try await stored.problems() == ["ok"], told)
                let log = String(decoding: try Files.read(services.log(of: "sync-service")), as: UTF8.self)
                #expect(log.contains("full"), "the log says why: \(told)")
            }
        }
    }

    @Test func `a network that is lost in a sync and comes back loses nothing`() async throws {
        try await ServiceSet.run(account: "lost") { services in
            let stored = StoredContent(services)
            try await services.emulator.set(Self.changed)
            for service in ["sync-service", "assessment-service"] { try await services.save(service) }
            try await services.start("account-service")
            try await services.start("assessment-service")
            try await services.start("sync-service")
            try await Self.sync(services, "lost")
            try await stored.ended(after: 1, isAssessed: false)
            let expected = try await stored.content(history: false)
            try await Self.backToTheStart(services)
            let before = try await stored.assetIDs()
            let removed = try await stored.removedIDs()
            // What scopes write is committed together within half a second: the rest has to take longer than that.
            try await services.emulator.set(["latency": 300])
            try await services.start("sync-service")
            try await Self.sync(services, "lost")
            try await eventually("a part of it was read", every: .milliseconds(5)) { try await stored.finished() > 3 }
            await services.emulator.stop()
            try await stored.ended(after: 1, isAssessed: false)
            #expect(services.status(of: "sync-service") == nil)
            // Only what was listed anew, and whole, may be gone.
            let gone = try await before.subtracting(stored.assetIDs())
            #expect(try await gone.isSubset(of: stored.removedIDs().subtracting(removed)))
            let unread = try await stored.gapCodes()
            #expect(unread.contains("Parapet.Connection"), "\(unread)")
            try await services.emulator.restart(ServiceSet.fleet.merging(Self.changed) { _, new in new })
            // The breakers stay open for half a minute.
            try await eventually("the sync is complete, with the network again", limit: .seconds(90)) {
                let run = try await stored.lastRun()
                try await Self.sync(services, "lost")
                try await stored.ended(after: run, isAssessed: false)
                return try await stored.content(history: false) == expected
            }
        }
    }

    /// Puts back what was saved of the services that keep what a sync finds; the assessment service runs then.
    private static func backToTheStart(_ services: ServiceSet) async throws {
        for service in ["sync-service", "assessment-service"] {
            await services.kill(service)
            try await services.restore(service)
        }
        try await services.start("assessment-service")
    }

    /// Starts a sync, when what the last one found was assessed, or cannot be.
    private static func sync(_ services: ServiceSet, _ account: String) async throws {
        try await eventually("a sync begins") {
            try await services.parapet(["sync", "start", account]).status.isSuccess
        }
    }
}
