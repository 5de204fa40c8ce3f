public import RPC
public import Storage

/// What a service consists of once it is built.
public struct ServiceParts: Sendable {
    /// What it serves, besides health and reflection.
    public var services: [any RPCService]
    /// Who knows bearer tokens; the token file of the configuration is asked first.
    public var tokens: (any TokenSource)?
    /// Where refusals are written.
    public var audit: AuditLog?
    /// The database that the service cannot work without; its health is the service's.
    public var database: Database?
    /// What runs until it is cancelled: the outbox's dispatcher, schedules.
    public var background: [@Sendable () async -> Void]
    /// Runs last, when no call and nothing in the background runs any more: closes databases.
    public var shutdown: @Sendable () async -> Void

    public init(
        services: [any RPCService], tokens: (any TokenSource)? = nil, audit: AuditLog? = nil,
        database: Database? = nil, background: [@Sendable () async -> Void] = [],
        shutdown: @escaping @Sendable () async -> Void = {}
    ) {
        self.services = services
        self.tokens = tokens
        self.audit = audit
        self.database = database
        self.background = background
        self.shutdown = shutdown
    }
}

/// Builds a service; called once, before anything is served.
public typealias ServiceBuilder = @Sendable (ServiceContext) async throws -> ServiceParts
