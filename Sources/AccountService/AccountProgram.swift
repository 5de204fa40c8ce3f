import Platform
public import ServiceKit
import Storage

/// The account service as a program: its own options, and how it is built.
public enum AccountProgram {
    /// The options beside those that all services have.
    public static let options = [
        ServiceOption(
            "vault-key", .value(placeholder: "FILE"),
            "The key that external IDs are sealed with; made at the first start; default DATA_DIR/vault.key.")
    ]

    /// For `--check-config`: whether the vault's key, where there is one, can be used.
    public static let check: ServiceCheck = { configuration, _ in
        let path = vaultKey(configuration)
        guard Files.exists(path) else { return [] }
        do throws(VaultError) {
            _ = try Vault.open(path: path, keyIDsInUse: [])
            return []
        } catch {
            return [error.description]
        }
    }

    private static func vaultKey(_ configuration: ServiceConfiguration) -> String {
        configuration.options["vault-key"] ?? "\(configuration.dataDirectory)/vault.key"
    }

    /// Opens database and vault, and wires what stands on them.
    public static func build(_ context: ServiceContext) async throws -> ServiceParts {
        let clients = context.clients
        let sync = RemoteSync(try clients.client(of: .sync), clock: context.clock)
        let assessment = RemoteAssessment(try clients.client(of: .assessment))
        let directory = try PartitionDirectory(json: try context.share.read("partitions.json"))
        let database = try await context.openDatabase("account.db", migrations: AccountSchema.migrations)
        do {
            let vault = try await openVault(context, database)
            let audit = AuditLog(database: database, clock: context.clock)
            let outbox = Outbox(database: database, clock: context.clock, logger: context.logger)
            let store = AccountStore(database: database, outbox: outbox, audit: audit, clock: context.clock)
            let courier = Courier(store: store, sync: sync, assessment: assessment)
            let tokens = TokenSources([context.tokenFile as (any TokenSource)?].compactMap { $0 })
            let handlers = AccountHandlers(
                store: store, vault: vault, directory: directory, sync: sync, assessment: assessment, tokens: tokens,
                pages: context.pageTokens, clock: context.clock, logger: context.logger)
            return ServiceParts(
                services: [handlers], audit: audit, database: database, background: [{ await courier.run() }],
                shutdown: { await database.close() })
        } catch {
            await database.close()
            throw error
        }
    }

    private static func openVault(_ context: ServiceContext, _ database: Database) async throws -> Vault {
        let inUse = try await database.read { connection throws(StorageError) in
            try AccountRows.keyIDs(on: connection)
        }
        return try Vault.open(path: vaultKey(context.configuration), keyIDsInUse: inUse)
    }
}
