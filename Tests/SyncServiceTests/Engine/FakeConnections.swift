import API
import RPC
import Synchronization

@testable import SyncService

/// The account service with what a test puts into it.
final class FakeConnections: ConnectionSource {
    struct State {
        var connection: GetConnectionResponse
        var failure: RPCError?
        var asked: [(account: String, revision: Int64, run: String)] = []
        var accounts: [String: Account] = [:]
    }

    let state: Mutex<State>

    init(_ regions: [String] = [], externalID: String = "external-id-0123456789") {
        var connection = GetConnectionResponse()
        connection.accountId = "acct-1"
        connection.accountName = "Production"
        connection.roleArn = "arn:aws:iam::111122223333:role/ParapetReadOnly"
        connection.externalId = externalID
        connection.leaseSeconds = 90
        connection.revision = 1
        var selection = RegionSelection()
        selection.all = regions.isEmpty
        selection.names = regions
        connection.regions = selection
        state = Mutex(State(connection: connection))
    }

    func choose(_ regions: [String]) {
        state.withLock { state in
            state.connection.regions?.all = regions.isEmpty
            state.connection.regions?.names = regions
        }
    }

    func refuse(_ failure: RPCError?) { state.withLock { $0.failure = failure } }

    var askedCount: Int { state.withLock { $0.asked.count } }

    func connection(account: String, revision: Int64, run: String) async throws(RPCError) -> GetConnectionResponse {
        let (connection, failure) = state.withLock { state in
            state.asked.append((account, revision, run))
            var connection = state.connection
            connection.accountId = account
            return (connection, state.failure)
        }
        if let failure { throw failure }
        return connection
    }

    func account(_ reference: String) async throws(RPCError) -> Account {
        guard let account = state.withLock({ $0.accounts[reference] }) else {
            throw RPCError(.notFound, "account \(reference)")
        }
        return account
    }
}
