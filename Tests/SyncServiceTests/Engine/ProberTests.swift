import API
import RPC
import Synchronization
import Testing

@testable import SyncService

@Suite final class ProberTests: Sendable {
    let aws = FakeAWS()
    let connections = FakeConnections()
    let waits = Mutex<[Duration]>([])
    let progress = Mutex<[String]>([])

    private static let denied = ReadFailure(.denied, code: "AccessDenied", message: "not authorized")
    private static let secret = "external-id-0123456789"

    private func probe(quick: Bool = false, regions: Bool = false) async throws(RPCError) -> ProbeResult {
        var request = ProbeRequest()
        request.accountId = "acct-1"
        request.quick = quick
        request.regions = regions
        let prober = Prober(
            aws: aws, connections: connections,
            sleep: { [self] duration async throws(CancellationError) in waits.withLock { $0.append(duration) } },
            now: { 1_800_000_000_000 })
        return try await prober.probe(request) { [self] text async throws(RPCError) in
            progress.withLock { $0.append(text) }
        }
    }

    private func outcomes(_ result: ProbeResult) -> [String: ProbeOutcome] {
        Dictionary(result.checks.map { ($0.name, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    }

    private func answer(_ externalID: String?, _ failures: [ReadFailure?]) {
        aws.state.withLock { $0.assumeOutcomes[externalID] = failures }
    }

    @Test func `a role that needs the external ID passes every check`() async throws {
        answer(nil, [Self.denied])
        answer("wrong", [Self.denied])
        let result = try await probe(regions: true)
        #expect(result.checks.map(\.name) == ["assume_role", "account_id", "external_id_omitted", "external_id_wrong"])
        #expect(result.checks.allSatisfy { $0.outcome == .passed })
        #expect(result.awsAccountId == "111122223333")
        #expect(result.principalArn == "arn:aws:iam::999988887777:role/parapet")
        #expect(result.regions.map(\.name) == ["eu-central-1"])
        #expect(waits.withLock { $0.isEmpty })
    }

    @Test func `a role that anybody's ID opens is a warning that says how to mend it`() async throws {
        let result = try await probe()
        #expect(outcomes(result)["external_id_omitted"] == .warning)
        #expect(outcomes(result)["external_id_wrong"] == .warning)
        #expect(result.checks.last?.message.contains("sts:ExternalId") == true)
    }

    @Test func `a negative probe that AWS throttles tells nothing`() async throws {
        answer(nil, [ReadFailure(.throttled, code: "Throttling", message: "Rate exceeded")])
        answer("wrong", [Self.denied])
        let result = try await probe()
        #expect(outcomes(result)["external_id_omitted"] == .unknown)
        #expect(result.checks[2].message.contains("Rate exceeded"))
        #expect(outcomes(result)["external_id_wrong"] == .passed)
    }

    @Test func `a new role that is refused for a while is waited for`() async throws {
        answer(Self.secret, [Self.denied, Self.denied, Self.denied, nil])
        answer(nil, [Self.denied])
        answer("wrong", [Self.denied])
        let result = try await probe()
        #expect(result.checks.allSatisfy { $0.outcome == .passed })
        let waited = waits.withLock { $0 }
        #expect(waited == [.seconds(2), .seconds(3), .seconds(5)])
        #expect(progress.withLock { $0.count(where: { $0.contains("trying again") }) } == 3)
    }

    @Test func `a role that stays refused fails after a minute, and no negative probe is made`() async throws {
        answer(Self.secret, [Self.denied])
        let result = try await probe()
        #expect(result.checks.map(\.name) == ["assume_role"])
        #expect(result.checks.first?.outcome == .failed)
        #expect(waits.withLock { $0.reduce(.zero, +) } == .seconds(60))
        #expect(aws.state.withLock { $0.assumed.allSatisfy { $0 == Self.secret } })
    }

    @Test func `an error that is no refusal is not retried, nor is a refusal when it has to be quick`() async throws {
        answer(Self.secret, [ReadFailure(.other, code: "ValidationError", message: "\(Self.secret) is invalid")])
        let result = try await probe()
        #expect(result.checks.first?.outcome == .failed)
        #expect(result.checks.first?.message.contains("ValidationError") == true)
        #expect(result.checks.first?.message.contains(Self.secret) == false)
        answer(Self.secret, [Self.denied])
        #expect(try await probe(quick: true).checks.first?.outcome == .failed)
        #expect(waits.withLock { $0.isEmpty })
    }

    @Test func `a session in another account than the role's fails`() async throws {
        aws.state.withLock { $0.accountID = "444455556666" }
        #expect(outcomes(try await probe(quick: true))["account_id"] == .failed)
    }

    @Test func `nothing is asked of AWS for a disabled account`() async throws {
        connections.refuse(RPCError(.failedPrecondition, "account acct-1 is disabled"))
        await #expect(throws: RPCError(.failedPrecondition, "account acct-1 is disabled")) { try await probe() }
        #expect(aws.state.withLock { $0.assumed.isEmpty })
    }
}
