import Crypto
public import Platform
public import Storage

/// What a service gets to build itself from.
public struct ServiceContext: Sendable {
    public let configuration: ServiceConfiguration
    public let logger: Logger
    public let share: ShareDirectory
    /// Connections to the other services.
    public let clients: ServiceClients
    /// Its key lies in the data directory, so that tokens survive a restart.
    public let pageTokens: PageTokens
    /// The tokens of the configuration's file, read again when it changes; nil when there is none.
    public let tokenFile: TokenFile?
    public let clock: any WallClock

    /// Also for tests, which need no runner.
    public init(
        configuration: ServiceConfiguration, logger: Logger, share: ShareDirectory,
        pageTokens: PageTokens = PageTokens(), tokenFile: TokenFile? = nil, clock: any WallClock = SystemWallClock()
    ) {
        self.configuration = configuration
        self.logger = logger
        self.share = share
        self.clients = ServiceClients(configuration)
        self.pageTokens = pageTokens
        self.tokenFile = tokenFile
        self.clock = clock
    }

    /// Opens a database in the data directory, which the service closes at its end.
    public func openDatabase(
        _ name: String, migrations: [Migration], durability: Database.Durability = .full
    ) async throws(StorageError) -> Database {
        try await Database.open(
            path: configuration.dataDirectory + "/" + name, migrations: migrations, durability: durability)
    }

    /// The key of page tokens, made at the first start.
    static func pageTokenKey(in directory: String) throws(FileError) -> [UInt8] {
        let path = directory + "/page-token.key"
        if let key = try? Files.read(path), key.count == 32 { return key }
        let key = RandomBytes.generate(32)
        try Files.writeAtomically(key, to: path)
        return key
    }
}
