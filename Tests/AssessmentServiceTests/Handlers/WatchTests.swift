import API
import RPC
import Testing

@testable import AssessmentService

struct WatchTests {
    private static let off = #"{"GetVersioning":{"versioning":"Suspended"}}"#
    private static let on = #"{"GetVersioning":{"versioning":"Enabled"}}"#

    /// Looks until it is so, for a minute at most.
    private func eventually(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func `watching alerts shows the open ones first and then each change`() async throws {
        let service = try await ServiceHarness(controls: [ServiceHarness.versioning])
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        service.sync.put("aws_bucket", "b", configuration: Self.on)
        try await service.assess("s1")
        let seen = CollectedResponses<WatchAlertsResponse>()
        let watcher = Task {
            var request = WatchAlertsRequest()
            (request.accountId, request.includeOpen) = ("acc", true)
            try await service.handlers.watchAlerts(
                request, ResponseStream(collectingInto: seen), CallContext(method: "WatchAlerts"))
        }
        try await eventually { seen.responses.count == 1 }
        service.sync.put("aws_bucket", "a", configuration: Self.on)
        service.sync.put("aws_bucket", "b", configuration: Self.off)
        try await service.assess("s2")
        try await service.assess("o1", account: "other")
        try await eventually { seen.responses.count == 3 }
        service.sync.put("aws_bucket", "a", configuration: Self.off)
        try await service.assess("s3")
        try await eventually { seen.responses.count == 4 }
        #expect(seen.responses[0].event == "open")
        #expect(Set(seen.responses[1...2].map { "\($0.event) \($0.alert?.arn ?? "")" }) == ["resolved a", "opened b"])
        #expect(seen.responses[3].event == "reopened")
        #expect(seen.responses.allSatisfy { $0.alert?.accountId == "acc" })
        watcher.cancel()
        _ = await watcher.result
        await service.end()
    }

    @Test func `watching an assessment ends with its end`() async throws {
        let service = try await ServiceHarness(controls: [ServiceHarness.versioning])
        for index in 0..<20 { service.sync.put("aws_bucket", "a\(index)", configuration: Self.off) }
        let record = try await service.handlers.store.begin(accountID: "acc", syncID: "s1", at: service.clock.now())
        let seen = CollectedResponses<WatchAssessmentResponse>()
        let watcher = Task {
            var request = WatchAssessmentRequest()
            request.assessmentId = "s1"
            try await service.handlers.watchAssessment(
                request, ResponseStream(collectingInto: seen), CallContext(method: "WatchAssessment"))
        }
        try await eventually { seen.responses.count == 1 }
        try await service.assess("s1")
        try await watcher.value
        #expect(seen.responses.first?.assessment?.state == .queued)
        #expect(seen.responses.last?.assessment?.state == .succeeded)
        #expect(seen.responses.last?.assessment?.failed == 20)
        #expect(seen.responses.allSatisfy { $0.assessment?.id == record.id })
        await service.end()
    }
}
