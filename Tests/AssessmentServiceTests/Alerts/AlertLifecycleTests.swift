import API
import Platform
import Storage
import Testing

@testable import AssessmentService

/// Alerts against a model: one small state machine an asset, walked at random.
struct AlertLifecycleTests {
    private struct Model {
        var verdict: Verdict.Status?
        var state: AlertState?
        var confirmed = true
        var reopened: Int32 = 0
        var resolution = ""
        var events: [String] = []

        mutating func see(_ new: Verdict.Status?, gone: Bool) {
            defer { verdict = new }
            switch (new, state) {
            case (.fail, nil): (state, events) = (.open, events + ["opened"])
            case (.fail, .resolved?):
                (state, confirmed, resolution) = (.open, true, "")
                reopened += 1
                events.append("reopened")
            case (.fail, _):
                if !confirmed { events.append("confirmed") }
                confirmed = true
            case (.unknown, .open?):
                if confirmed { events.append("unconfirmed") }
                confirmed = false
            case (.pass, .open?), (nil, .open?):
                (state, confirmed) = (.resolved, true)
                resolution = gone ? "asset removed" : new == .pass ? "passes" : "not applicable"
                events.append("resolved")
            default: break
            }
        }
    }

    @Test(arguments: [7, 8] as [UInt64])
    func `alerts and their events are what the model says`(seed: UInt64) async throws {
        let directory = try Files.createTemporaryDirectory(prefix: "parapet-alerts")
        defer { try? Files.removeTree(directory) }
        let database = try await Database.open(
            path: directory + "/assessment.db", migrations: AssessmentSchema.migrations)
        let store = AssessmentStore(database: database)
        let control = ControlDefinition(id: "c", title: "C", severity: .high, resourceType: "aws_bucket", sql: "select")
        let key = try #require(try await store.register([control])["c"])
        var random = SplitMix(seed: seed)
        let arns = (0..<6).map { "arn\($0)" }
        var models = Dictionary(uniqueKeysWithValues: arns.map { ($0, Model()) })
        for round in 0..<60 {
            let time = WallTime(unixSeconds: 1_800_000_000 + Int64(round))
            let record = try await store.begin(accountID: "acc", syncID: "s\(round)", at: time)
            var outcome = ControlOutcome()
            var present: [String: String] = [:]
            for arn in arns where random.chance(90) {
                present[arn] = "r1"
                if random.chance(15) { continue }
                let status = random.pick([.pass, .fail, .fail, .unknown] as [Verdict.Status])
                outcome.verdicts.append(Verdict(arn: arn, status: status, reason: "\(random.below(2))"))
            }
            let stored = try await store.verdicts(accountID: "acc", control: key)
            let diff = FindingDiff(control: key, type: "aws_bucket", stored: stored, present: present)
            let before = models
            for arn in arns {
                let verdict = outcome.verdicts.first { $0.arn == arn }?.status
                models[arn]?.see(verdict, gone: present[arn] == nil)
            }
            let ended = try #require(
                try await store.finish(record, AssessmentResult(deltas: diff.deltas(outcome)), at: time))
            func new(_ event: String) -> Int {
                arns.reduce(0) { sum, arn in
                    let count = (models[arn]?.events ?? []).dropFirst(before[arn]?.events.count ?? 0)
                    return sum + count.count { $0 == event }
                }
            }
            #expect(ended.alerts.opened == Int64(new("opened")))
            #expect(ended.alerts.reopened == Int64(new("reopened")))
            #expect(ended.alerts.resolved == Int64(new("resolved")))
            #expect(ended.open == Int64(models.values.count { $0.state == .open }))
        }
        for stored in try await store.alerts(AlertFilter(), after: nil, limit: 100) {
            let model = try #require(models[stored.alert.arn])
            #expect(stored.alert.state == model.state)
            #expect(stored.alert.confirmed == model.confirmed)
            #expect(stored.alert.reopened == model.reopened)
            #expect(stored.alert.resolution == model.resolution)
            #expect(try await store.alert(stored.alert.id)?.events.map(\.event) == model.events)
        }
        #expect(
            try await store.alerts(AlertFilter(), after: nil, limit: 100).count
                == models.values.count { $0.state != nil })
        await database.close()
    }

    @Test func `an unknown verdict opens nothing, and a new reason makes no event`() async throws {
        let service = try await ServiceHarness(controls: [ServiceHarness.versioning])
        service.sync.put("aws_bucket", "a", gaps: ["GetVersioning"])
        #expect(try await service.assess("s1").alertsOpen == 0)
        service.sync.put("aws_bucket", "a", configuration: #"{"GetVersioning":null}"#)
        #expect(try await service.assess("s2").alertsOpened == 1)
        service.sync.put("aws_bucket", "a", configuration: #"{"GetVersioning":{"versioning":"Suspended"}}"#)
        try await service.assess("s3")
        let alert = try #require(try await service.alerts().first)
        #expect(alert.reason == "versioning is Suspended")
        #expect(try await service.alert(alert.id).events.map(\.event) == ["opened"])
        service.sync.put("aws_bucket", "a", configuration: #"{"GetVersioning":{"versioning":"Enabled"}}"#)
        try await service.assess("s4")
        #expect(try await service.alerts().map(\.resolution) == ["passes"])
        await service.end()
    }
}
