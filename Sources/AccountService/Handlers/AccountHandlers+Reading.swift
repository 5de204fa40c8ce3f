import API
import RPC
import ServiceKit
import Wire

extension AccountHandlers {
    func getAccount(_ request: GetAccountRequest, _ call: CallContext) async throws(RPCError) -> GetAccountResponse {
        try await answer { () async throws(AccountError) in
            let account = try await store.find(try reference(request.accountId))
            return .with { $0.account = Account(account) }
        }
    }

    func listAccounts(
        _ request: ListAccountsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListAccountsResponse {
        let list = AccountMethods.listAccounts.name
        let size = try FieldRule.range("page_size", request.pageSize, in: 0...500)
        let limit = size == 0 ? 50 : Int(size)
        let filter = ["\(request.state.rawValue)", request.nameContains.asciiLowercased]
        let position = try pages.read(request.pageToken, list: list, filter: filter)
        return try await answer { () async throws(AccountError) in
            // One more than asked for tells whether there is a next page.
            var accounts = try await store.list(
                after: position?.first, state: request.state.domain, containing: request.nameContains,
                limit: limit + 1)
            var response = ListAccountsResponse()
            if accounts.count > limit {
                accounts.removeLast(accounts.count - limit)
                let last = accounts.last.map { [$0.name.key] } ?? []
                response.nextPageToken = pages.issue(list: list, filter: filter, position: last)
            }
            response.accounts = accounts.map { Account($0) }
            return response
        }
    }

    func checkToken(_ request: CheckTokenRequest, _ call: CallContext) async throws(RPCError) -> CheckTokenResponse {
        guard request.tokenSha256.count == 32 else {
            throw FieldRule.violated("token_sha256", "32 bytes, has \(request.tokenSha256.count)")
        }
        let holder = try await tokens.holder(ofTokenHash: request.tokenSha256)
        guard let holder, let role = holder.role else { throw RPCError(.notFound, "the token is not known") }
        return .with {
            $0.name = holder.name
            $0.role = AccessRole(role)
        }
    }
}

extension AccessRole {
    fileprivate init(_ role: Role) {
        switch role {
        case .viewer: self = .viewer
        case .operator: self = .operator
        case .admin: self = .admin
        }
    }
}
