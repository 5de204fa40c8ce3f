import API
import Platform
import RPC
import ServiceKit

/// The RPCs of the account service: messages to domain and back.
struct AccountHandlers: AccountAPI {
    let store: AccountStore
    let vault: Vault
    let directory: PartitionDirectory
    let sync: any SyncGateway
    let assessment: any AssessmentGateway
    let tokens: any TokenSource
    let pages: PageTokens
    let clock: any WallClock
    let logger: Logger
    /// Waits between two looks at what goes on; returns early when the task is cancelled.
    let pause: @Sendable (Duration) async -> Void

    init(
        store: AccountStore, vault: Vault, directory: PartitionDirectory, sync: any SyncGateway,
        assessment: any AssessmentGateway, tokens: any TokenSource, pages: PageTokens = PageTokens(),
        clock: any WallClock, logger: Logger,
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.vault = vault
        self.directory = directory
        self.sync = sync
        self.assessment = assessment
        self.tokens = tokens
        self.pages = pages
        self.clock = clock
        self.logger = logger
        self.pause = pause
    }

    /// Runs a handler's body and turns the module's errors into statuses; our own faults go to the log alone.
    func answer<Response>(_ body: () async throws(AccountError) -> Response) async throws(RPCError) -> Response {
        do {
            return try await body()
        } catch {
            if case .internalFault(let text) = error { logger.error("a call failed", ["error": .string(text)]) }
            throw RPCError(error)
        }
    }

    /// The `account_id` of a request: an id or a name.
    func reference(_ text: String) throws(AccountError) -> String {
        guard !text.isEmpty else { throw .invalid(field: "account_id", rule: "id or name of an account") }
        CallContext.current?.account = text
        return text
    }
}

extension RPCError {
    init(_ error: AccountError) {
        switch error {
        case .invalid(let field, let rule): self = FieldRule.violated(field, rule)
        case .notFound(let text): self.init(.notFound, text)
        case .alreadyExists(let text): self.init(.alreadyExists, text)
        case .refused(let text, let reason): self = .refused(text, reason)
        case .changedMeanwhile(let text): self.init(.aborted, text)
        case .unavailable(let text): self = .passing(.unavailable, text)
        case .cancelled: self.init(.cancelled, "the call was cancelled")
        case .internalFault: self.init(.internalError, "the account service failed; its log says why")
        }
    }
}
