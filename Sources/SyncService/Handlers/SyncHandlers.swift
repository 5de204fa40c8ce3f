import API
import RPC
import ServiceKit
import Storage

/// What the handlers of SyncService stand on.
struct HandlerContext: Sendable {
    let store: SyncStore
    let coordinator: SyncCoordinator
    let connections: any ConnectionSource
    let aws: any AWSAccess
    let schema: CatalogueSchema
    let permissions: any PermissionSource
    let outbox: Outbox
    let audit: AuditLog
    /// What a sync takes in calls.
    var pricing = CallPricing()
    var pageTokens = PageTokens()
    var logger = Logger.silent
    var sleep: Sleep = systemSleep
    /// Streams of assets at once: each holds a batch of some megabytes while its receiver takes its time.
    let streams = AsyncLimiter(32)
}

/// What the catalogue takes in IAM.
protocol PermissionSource: Sendable {
    /// The policies that the catalogue needs; the principal is not set.
    func permissions() -> GetPermissionsResponse
}

/// Answers the RPCs of SyncService: turns messages into the domain's terms and back.
struct SyncHandlers: SyncAPI {
    let context: HandlerContext

    var store: SyncStore { context.store }

    /// Runs a step on the store; its failure is the service's own.
    func stored<T>(_ body: () async throws(StorageError) -> T) async throws(RPCError) -> T {
        do throws(StorageError) { return try await body() } catch {
            throw self.error(error)
        }
    }

    func error(_ error: StorageError) -> RPCError {
        context.logger.error("the store refused", ["error": "\(error)"])
        return switch error.kind {
        case .busy: .passing(.unavailable, "the store is busy; try again")
        case .full: RPCError(.resourceExhausted, "the store has no space left")
        default: RPCError(.internalError, "the store refused (\(error.kind)); the service's log says more")
        }
    }

    /// Adds an act to the audit log.
    func audit(_ event: AuditEvent) async {
        do throws(StorageError) { try await context.audit.append(event) } catch {
            context.logger.error("an act could not be audited", ["action": "\(event.action)", "error": "\(error)"])
        }
    }

    // MARK: Accounts

    static let accountReference = 1...128

    /// The account that a request names by id or name.
    ///
    /// Services name accounts by id, and are believed: asking the account service, while it asks, could go round for ever.
    ///
    /// - Returns: For an account that exists and has not been synced yet, one without a row: nothing is stored of it.
    /// - Throws: NOT_FOUND, INVALID_ARGUMENT.
    func account(_ reference: String, _ call: CallContext) async throws(RPCError) -> StoredAccount {
        try FieldRule.length("account_id", try FieldRule.required("account_id", reference), in: Self.accountReference)
        call.account = reference
        if let known = try await stored({ () async throws(StorageError) in try await store.knownAccount(id: reference) }
        ) {
            return known
        }
        if case .service = call.caller.kind {
            return StoredAccount(key: -1, id: reference, name: "", epoch: "", change: 0)
        }
        let found: Account
        do throws(RPCError) { found = try await context.connections.account(reference) } catch {
            // By a name learned earlier, where the account service cannot be asked now.
            if error.code != .notFound,
                let known = try await stored({ () async throws(StorageError) in
                    try await store.knownAccount(name: reference)
                })
            {
                return known
            }
            throw error.code == .notFound ? RPCError(.notFound, "account \(reference)") : error
        }
        if let known = try await stored({ () async throws(StorageError) in try await store.knownAccount(id: found.id) })
        {
            return known
        }
        return StoredAccount(key: -1, id: found.id, name: found.name, epoch: "", change: 0)
    }

    /// The account that a filter names; nil where it names none.
    func optionalAccount(_ reference: String, _ call: CallContext) async throws(RPCError) -> StoredAccount? {
        if reference.isEmpty { return nil }
        return try await account(reference, call)
    }

    // MARK: Paging

    static let pageLimit: Int32 = 500

    static func pageSize(_ value: Int32) throws(RPCError) -> Int {
        if value == 0 { return 50 }
        return Int(try FieldRule.range("page_size", value, in: 1...pageLimit))
    }
}
