import API
import RPC
import Wire

/// The assessment service over gRPC.
struct RemoteAssessment: AssessmentGateway {
    private let client: AssessmentClient

    init(_ client: RPCClient) { self.client = AssessmentClient(client) }

    func posture(_ account: AccountID) async throws(RPCError) -> PostureCounts {
        let answer = try await client.getPosture(.with { $0.accountId = account.description }, timeout: .seconds(10))
        return PostureCounts(
            openAlerts: answer.openAlerts, unknownFindings: answer.severities.reduce(0) { $0 &+ $1.unknown })
    }

    func purge(_ account: AccountID) async throws(RPCError) {
        _ = try await client.purgeAccount(.with { $0.accountId = account.description }, timeout: .seconds(120))
    }
}
