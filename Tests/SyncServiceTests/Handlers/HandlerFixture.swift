import API
import RPC
import ServiceKit
import Storage
import Synchronization

@testable import SyncService

/// The handlers over an engine with fakes.
struct HandlerFixture {
    let engine: EngineFixture
    let handlers: SyncHandlers

    static let person = Caller(kind: .person(.operator), name: "ann")
    static let accountService = Caller(kind: .service("account-service"), name: "account-service")

    init(_ regions: [String] = ["eu-central-1"]) async throws {
        engine = try await EngineFixture(regions)
        var account = Account()
        account.id = "acct-1"
        account.name = "Production"
        engine.connections.state.withLock { state in
            state.accounts["acct-1"] = account
            state.accounts["Production"] = account
        }
        var context = HandlerContext(
            store: engine.store, coordinator: engine.coordinator, connections: engine.connections, aws: engine.aws,
            schema: CatalogueSchema([]), permissions: NoPolicies(), outbox: Outbox(database: engine.store.writer),
            audit: AuditLog(database: engine.store.writer))
        context.sleep = { _ async throws(CancellationError) in
            if Task.isCancelled { throw CancellationError() }
            await Task.yield()
        }
        handlers = SyncHandlers(context: context)
    }

    func call(_ caller: Caller = Self.person, _ method: String = "Test") -> CallContext {
        CallContext(service: "parapet.sync.v1.SyncService", method: method, caller: caller)
    }
}

struct NoPolicies: PermissionSource {
    func permissions() -> GetPermissionsResponse { GetPermissionsResponse() }
}
