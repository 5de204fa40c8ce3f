import API
import RPC
import Wire

extension AccountHandlers {
    func listRegions(_ request: ListRegionsRequest, _ call: CallContext) async throws(RPCError) -> ListRegionsResponse {
        try await answer { () async throws(AccountError) in
            let account = try await store.find(try reference(request.accountId))
            let partition = account.connection.role?.partition ?? "aws"
            var (states, problem) = ([String: String](), "")
            do throws(AccountError) { (states, problem) = try await optInStates(of: account) } catch {
                problem = try Self.explanation(of: error)
            }
            var regions = directory.regions(of: partition)
            // AWS may have opened a region that our list does not know yet.
            for name in states.keys.sorted()
            where directory.partition(ofRegion: name) == nil && !regions.contains(where: { $0.name == name }) {
                regions.append(.init(name: name, description: ""))
            }
            return .with {
                $0.regions = regions.sorted { $0.name < $1.name }.map { region in
                    .with {
                        $0.name = region.name
                        $0.description = region.description
                        $0.optInState = Self.state(states[region.name], region.name, partition)
                        $0.selected = account.regions.includes(region.name)
                    }
                }
                $0.optInKnown = problem.isEmpty
                $0.optInError = problem
                $0.defaultResourcesNotice = Self.defaultResourcesNotice
            }
        }
    }

    /// Each region's opt-in status, and why it is not known.
    private func optInStates(of account: ManagedAccount) async throws(AccountError) -> ([String: String], String) {
        try account.lifecycle.require(.test, name: account.name)
        guard account.connection.role != nil else {
            return ([:], "no role is known yet, so the account cannot be asked")
        }
        let order = ProbeOrder(account: account.id, revision: account.connection.revision, regions: true, quick: true)
        let findings: ProbeFindings
        do { findings = try await sync.probe(order) { _ throws(RPCError) in } } catch {
            throw AccountError(error, from: "sync service")
        }
        if !findings.regions.isEmpty { return (findings.regions, "") }
        if !findings.regionsError.isEmpty { return ([:], findings.regionsError) }
        return ([:], findings.report.firstFailure?.message ?? "AWS named no region")
    }

    /// The list is of use without the states: what keeps them from us is told, not thrown.
    private static func explanation(of error: AccountError) throws(AccountError) -> String {
        switch error {
        case .refused(let text, _), .unavailable(let text): return text
        default: throw error
        }
    }

    private static func state(_ status: String?, _ region: String, _ partition: String) -> OptInState {
        switch status {
        case "opt-in-not-required": .notRequired
        case "opted-in": .optedIn
        case "not-opted-in": .notOptedIn
        default: PartitionDirectory.isAlwaysOn(region, partition: partition) ? .notRequired : .unspecified
        }
    }

    static let defaultResourcesNotice = """
        AWS puts default resources into every region of a new account, used or not: a VPC with its subnets, a security \
        group, a network ACL and a route table. They count: whatever is started in a forgotten region lands in them, so Parapet collects \
        and assesses them like everything else. "All" also covers regions that are enabled later.
        """
}
