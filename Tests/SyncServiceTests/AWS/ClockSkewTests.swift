import Glibc
import Platform
import Synchronization
import Testing

@testable import SyncService

@Suite struct ClockSkewTests {
    private static func refusal(_ code: String, _ date: String) -> StandInServer.Answer {
        .reply(
            403, "<ErrorResponse><Error><Code>\(code)</Code><Message>no</Message></Error></ErrorResponse>",
            headers: ["Date": date])
    }

    private func withSkew(
        _ answer: @escaping @Sendable (StandInServer.Request, Int) -> StandInServer.Answer,
        _ body: (StandInServer, ClientHarness) async throws -> Void
    ) async throws {
        let clock = TurnedClock(WallTime(unixSeconds: 1_800_000_000))
        let server = try StandInServer(answer)
        let harness = try ClientHarness(endpoint: server.endpoint, clock: clock)
        try await body(server, harness)
        await harness.stop()
        server.stop()
    }

    /// An hour after the clock of these tests, 2027-01-15T08:00:00Z.
    private static let later = "Fri, 15 Jan 2027 09:00:00 GMT"
    private static let earlier = "Fri, 15 Jan 2027 07:00:00 GMT"

    @Test(arguments: [
        ("RequestTimeTooSkewed", later, "20270115T090000Z"), ("RequestExpired", later, "20270115T090000Z"),
        ("SignatureDoesNotMatch", earlier, "20270115T070000Z"), ("AuthFailure", earlier, "20270115T070000Z"),
        ("InvalidSignatureException", later, "20270115T090000Z"),
    ])
    func `a clock that is wrong is set by AWS's, and the call repeated once`(
        code: String, date: String, signed: String
    ) async throws {
        try await withSkew { request, _ in
            request.headers["x-amz-date"] == signed ? .reply(200, FaultTests.topics) : Self.refusal(code, date)
        } _: { server, harness in
            _ = try await harness.call("sns", "ListTopics")
            #expect(server.requests.map { $0.headers["x-amz-date"] } == ["20270115T080000Z", signed])
            _ = try await harness.call("sns", "ListTopics")
            #expect(server.requests.count == 3, "what was learnt is kept")
            _ = try await harness.call("sns", "ListTopics", region: "eu-west-1")
            #expect(server.requests.count == 5, "for this endpoint")
        }
    }

    @Test func `calls that are under way together when the clock is found wrong are all repeated`() async throws {
        let come = Atomic(0)
        try await withSkew { request, _ in
            come.add(1, ordering: .relaxed)
            // Nobody is told before all have come.
            for _ in 0..<10_000 where come.load(ordering: .relaxed) < 8 { usleep(1000) }
            return request.headers["x-amz-date"] == "20270115T090000Z"
                ? .reply(200, FaultTests.topics) : Self.refusal("SignatureDoesNotMatch", Self.later)
        } _: { server, harness in
            await withTaskGroup(of: AWSError?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") }
                    }
                }
                for await error in group { #expect(error == nil) }
            }
            #expect(server.requests.count == 16)
        }
    }

    @Test(arguments: [
        ("SignatureDoesNotMatch", "Fri, 15 Jan 2027 08:03:59 GMT"), ("SignatureDoesNotMatch", "yesterday"),
        ("SignatureDoesNotMatch", ""), ("AccessDenied", later),
    ])
    func `a refusal for another reason is final`(code: String, date: String) async throws {
        try await withSkew { _, _ in
            Self.refusal(code, date)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") }
            #expect(error?.code == code && server.requests.count == 1)
        }
    }

    @Test func `a clock that cannot be set ends the call at its second refusal`() async throws {
        try await withSkew { _, number in
            Self.refusal("RequestTimeTooSkewed", number == 0 ? Self.later : Self.earlier)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("sns", "ListTopics") }
            #expect(error?.code == "RequestTimeTooSkewed" && server.requests.count == 2)
        }
    }
}
