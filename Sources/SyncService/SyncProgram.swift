import API
import EventLoop
import Platform
public import ServiceKit
import Storage
import Wire

/// The sync service as a program: its own options, and how it is built.
public enum SyncProgram {
    /// The options beside those that all services have.
    public static let options = [
        ServiceOption(
            "principal-arn", .value(placeholder: "ARN"),
            "The identity that assumes roles, for trust policies; asked of AWS unless given."),
        ServiceOption(
            "max-in-flight", .value(placeholder: "N"), "Calls to AWS at once, 1 to 1024.", default: "64",
            rule: .integer(1...1024)),
        ServiceOption(
            "catalogue", .value(placeholder: "DIR"), "A second directory with resource types of one's own.",
            rule: .directory),
    ]

    /// For `--check-config`: whether the catalogue, with resource types of one's own, can be read.
    public static let check: ServiceCheck = { configuration, share in
        guard let share else { return [] }
        do throws(CatalogueError) {
            _ = try Catalogue.load(share: share.path, own: configuration.options["catalogue"])
            return []
        } catch {
            return ["--catalogue: \(error)"]
        }
    }

    /// Reads the catalogue, opens the database, and wires what stands on them.
    public static func build(_ service: ServiceContext) async throws -> ServiceParts {
        let catalogue = try Catalogue.load(share: service.share.path, own: service.configuration.options["catalogue"])
        let gateway = try AWSParts(service, catalogue)
        let store: SyncStore
        do {
            store = try await SyncStore.open(
                path: service.configuration.dataDirectory + "/sync.db", extra: storeMigrations, clock: service.clock)
        } catch {
            await gateway.close()
            throw error
        }
        do {
            let audit = try ManagedPolicy.load(share: service.share.path)
            let policies = PolicyBuilder(catalogue: catalogue, securityAudit: audit)
            return try parts(service, catalogue, policies, gateway, store)
        } catch {
            await gateway.close()
            await store.close()
            throw error
        }
    }

    /// What the kit keeps in the same database.
    static let storeMigrations = [Migration(2, Outbox.schema + AuditLog.schema)]

    private static func parts(
        _ service: ServiceContext, _ catalogue: Catalogue, _ policies: PolicyBuilder, _ gateway: AWSParts,
        _ store: SyncStore
    ) throws -> ServiceParts {
        let accounts = AccountClient(try service.clients.client(of: .account))
        let assessments = AssessmentClient(try service.clients.client(of: .assessment))
        let connections = RemoteConnectionSource(client: accounts)
        let outbox = Outbox(database: store.writer, clock: service.clock, logger: service.logger)
        let audit = AuditLog(database: store.writer, clock: service.clock)
        var engine = EngineContext(
            store: store, aws: gateway.access, connections: connections,
            types: catalogue.types.map { PlannedType($0) })
        engine.logger = service.logger
        engine.executor = gateway.loop
        engine.limits.itemsAtOnce = gateway.client.limits.inFlight
        engine.assess = { run, connection throws(StorageError) in
            try AssessmentDelivery.enqueue(run, in: outbox, on: connection)
        }
        let coordinator = SyncCoordinator(context: engine)
        let delivery = AssessmentDelivery(
            store: store, port: RemoteAssessmentPort(client: assessments), events: engine.events)
        var handlers = HandlerContext(
            store: store, coordinator: coordinator, connections: connections, aws: gateway.access,
            schema: CatalogueSchema(catalogue.types), permissions: CataloguePermissions(policies), outbox: outbox,
            audit: audit)
        handlers.pageTokens = service.pageTokens
        handlers.pricing = CallPricing(catalogue.types, rates: gateway.rates)
        handlers.logger = service.logger
        let scheduler = SyncScheduler(context: engine, coordinator: coordinator)
        return ServiceParts(
            services: [SyncHandlers(context: handlers)],
            tokens: CachedTokenSource(
                RemoteTokenSource(try service.clients.client(of: .account)), clock: service.clock),
            audit: audit, database: store.writer,
            background: [
                { await coordinator.serve() }, { await scheduler.serve() },
                { await outbox.run { command in await delivery.deliver(command) } },
            ],
            shutdown: {
                await gateway.close()
                await store.close()
            })
    }
}

/// The client and the loop that it runs on.
struct AWSParts: Sendable {
    let loop: EventLoop
    let client: AWSClient
    let rates: CallRates
    let access: AWSGateway

    init(_ service: ServiceContext, _ catalogue: Catalogue) throws {
        let options = service.configuration.options
        let partitions = try Partitions.load(share: service.share.path)
        let inFlight = options["max-in-flight"].flatMap { Int($0) } ?? 64
        let settings = AWSSettings()
        loop = try EventLoop.start(name: "aws")
        var configuration = AWSClientConfiguration(
            loop: loop, shapes: catalogue.shapes, partitions: partitions,
            endpoints: EndpointOptions(settings: settings))
        configuration.limits.inFlight = inFlight
        rates = try CallRates.load(share: service.share.path)
        configuration.rates = rates
        configuration.clock = service.clock
        configuration.sleep = { [loop] duration async throws(CancellationError) in
            try await LoopWait.sleep(duration, on: loop)
        }
        client = AWSClient(configuration: configuration)
        let chain = CredentialChain(settings: settings, client: client, clock: service.clock)
        access = AWSGateway(
            client: client, catalogue: catalogue, partitions: partitions, source: chain,
            ownRegion: settings.region ?? "us-east-1", principalARN: options["principal-arn"], clock: service.clock)
        do throws(AWSError) {
            service.logger.info("AWS credentials come from", ["source": "\(try chain.source())"])
        } catch { service.logger.warning("there are no AWS credentials yet", ["reason": "\(error.message)"]) }
    }

    func close() async {
        await client.close()
        loop.stop()
        loop.join()
    }
}

extension PlannedType {
    init(_ type: ResourceType) {
        self.init(
            name: type.type, isGlobal: type.scope == .global, parents: type.list.parents,
            callsPerItem: type.enrich.count, service: type.list.service)
    }
}

/// The policies, derived from the catalogue once.
struct CataloguePermissions: PermissionSource {
    private let response: GetPermissionsResponse

    init(_ builder: PolicyBuilder) {
        response = .with {
            $0.customPolicy = builder.customPolicy ?? ""
            $0.minimalPolicy = builder.minimalPolicy
            $0.securityAuditVersion = builder.securityAudit.version
            $0.notices = builder.notices
        }
    }

    func permissions() -> GetPermissionsResponse { response }
}
