import API
import RPC
import Testing

@testable import AssessmentService

struct PostureTests {
    @Test func `the score weighs by severity, and unknown counts only against the evidence`() {
        var posture = Posture()
        posture.add(4, 1, 1)
        posture.add(4, 2, 1)
        posture.add(3, 1, 2)
        posture.add(2, 2, 3)
        posture.add(1, 3, 4)
        posture.add(1, 4, 1)
        posture.addOpen(4, 1)
        posture.addOpen(2, 3)
        // (8 + 2 × 4) of (2 × 8 + 2 × 4 + 3 × 2)
        #expect(posture.scorePercent == 100 * 16.0 / 30.0)
        #expect(posture.evidencePercent == 100 * 8.0 / 12.0)
        let message = posture.message
        #expect(message.severities.map(\.severity) == [.critical, .high, .medium, .low])
        #expect(message.openAlerts == 4)
        #expect(message.severities[3].exempt == 1)
    }

    @Test func `without evidence there is no score`() {
        var posture = Posture()
        #expect((posture.scorePercent, posture.evidencePercent) == (-1, -1))
        posture.add(2, 3, 5)
        #expect((posture.scorePercent, posture.evidencePercent) == (-1, 0))
    }

    @Test func `posture is counted for an account or for all`() async throws {
        let service = try await ServiceHarness()
        var request = GetPostureRequest()
        request.accountId = "acc"
        let before = try await service.handlers.getPosture(request, .init())
        #expect((before.scorePercent, before.assessTime == nil, before.assessmentId) == (-1, true, ""))
        service.sync.put("aws_bucket", "a", configuration: #"{"GetVersioning":{},"GetStatus":{"public":false}}"#)
        service.sync.put("aws_bucket", "b", gaps: ["GetStatus"])
        let assessment = try await service.assess("s1")
        try await service.assess("o1", account: "other")
        let one = try await service.handlers.getPosture(request, .init())
        #expect(one.severities.map(\.severity) == [.critical, .high])
        #expect((one.severities[0].passed, one.severities[0].unknown) == (1, 1))
        #expect((one.severities[1].failed, one.severities[1].openAlerts) == (2, 2))
        #expect(one.scorePercent == 100 * 8.0 / 16.0)
        #expect(one.evidencePercent == 75)
        #expect((one.openAlerts, one.assessmentId) == (2, assessment.id))
        #expect(one.assessTime == assessment.endTime)
        let all = try await service.handlers.getPosture(GetPostureRequest(), .init())
        #expect((all.openAlerts, all.assessmentId) == (4, ""))
        await service.end()
    }
}
