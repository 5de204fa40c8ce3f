import API
import Platform
public import ServiceKit
import Storage

/// Makes the assessment service from its context.
public enum AssessmentServiceBuilder {
    /// What this service can be told besides the options that all have.
    public static let options = [
        ServiceOption(
            "controls-dir", .value(placeholder: "DIR"), "Controls of your own, beside the shipped ones.",
            rule: .directory)
    ]

    /// For `--check-config`: what is wrong with controls.
    public static let check: ServiceCheck = { configuration, share in
        let own = configuration.options["controls-dir"]
        return ControlRegistry.load([share.map { $0.path + "/controls" }, own].compactMap { $0 }).problems
    }

    public static func build(_ context: ServiceContext) async throws -> ServiceParts {
        let database = try await context.openDatabase("assessment.db", migrations: AssessmentSchema.migrations)
        let store = AssessmentStore(database: database)
        try await store.markInterrupted()
        let own = context.configuration.options["controls-dir"]
        let registry = ControlRegistry.load([context.share.path + "/controls"] + [own].compactMap { $0 })
        for problem in registry.problems { context.logger.warning("control not usable", ["problem": .string(problem)]) }
        context.logger.info("controls loaded", ["count": LogValue(registry.controls.count)])
        let audit = AuditLog(database: database, clock: context.clock)
        let handlers = AssessmentHandlers(
            store: store, board: AssessmentBoard(),
            worker: ReplicaWorker(directory: context.configuration.dataDirectory + "/replicas"), registry: registry,
            catalogue: CatalogueCache(registry: registry),
            sync: RemoteSyncSource(client: SyncClient(try context.clients.client(of: .sync))),
            accounts: RemoteAccountSource(client: AccountClient(try context.clients.client(of: .account))),
            alertsChanged: Signal(), pageTokens: context.pageTokens, audit: audit, logger: context.logger,
            clock: context.clock)
        let runner = handlers.runner
        return ServiceParts(
            services: [handlers],
            tokens: CachedTokenSource(
                RemoteTokenSource(try context.clients.client(of: .account)), clock: context.clock),
            audit: audit, database: database, background: [{ await runner.run() }],
            shutdown: { await database.close() })
    }
}

extension AssessmentHandlers {
    /// The runner that makes what these handlers accept.
    var runner: AssessmentRunner {
        AssessmentRunner(
            store: store, board: board, worker: worker, registry: registry, catalogue: catalogue, sync: sync,
            accounts: accounts, logger: logger, clock: clock, alertsChanged: alertsChanged)
    }
}
