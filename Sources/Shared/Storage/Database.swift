import CSQLite
import Platform

/// One SQLite database with one connection on a thread of its own: closures run on it one after another, each in a
/// transaction, and cannot suspend.
public actor Database {
    /// How much a commit survives.
    public enum Durability: String, Sendable {
        /// A commit survives a power cut. For databases that others rely on: the default.
        case full = "FULL"
        /// The latest commits may be lost in a power cut, never the consistency. For what can be rebuilt.
        case normal = "NORMAL"
    }

    private let executor: ThreadExecutor
    private var connection: Connection?
    /// The file.
    public nonisolated let path: String

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens or makes a database and brings its schema up to the last of `migrations`.
    ///
    /// - Parameters:
    ///   - path: A file, made with permissions 0600; WAL files stand beside it.
    ///   - migrations: All of the schema's history; none when `readOnly`.
    /// - Throws: `tooNew` for a database that a newer program wrote, `corrupt` for a file that is none, `io`.
    public static func open(
        path: String, migrations: [Migration], readOnly: Bool = false, durability: Durability = .full,
        busyTimeout: Duration = .seconds(5)
    ) async throws(StorageError) -> Database {
        let database = Database(path: path)
        try await database.start(migrations, readOnly: readOnly, durability: durability, busyTimeout: busyTimeout)
        return database
    }

    private init(path: String) {
        self.path = path
        executor = ThreadExecutor(name: "sqlite")
    }

    deinit { executor.stop() }

    private func start(
        _ migrations: [Migration], readOnly: Bool, durability: Durability, busyTimeout: Duration
    ) throws(StorageError) {
        let opened = try Connection.open(
            path: path, readOnly: readOnly, durability: durability, busyTimeout: busyTimeout)
        if !readOnly { try opened.migrate(migrations) }
        connection = consume opened
    }

    /// Runs `body` on one consistent state of the database. It may not write.
    public func read<T: Sendable>(
        _ body: @Sendable (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try run(.deferred, body)
    }

    /// Runs `body` as one transaction, which nobody else's write interrupts: committed when it returns, rolled back
    /// when it throws.
    @discardableResult
    public func write<T: Sendable>(
        _ body: @Sendable (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try run(.immediate, body)
    }

    /// Runs `body` outside any transaction, for what SQLite refuses within one: VACUUM, checkpoints, some pragmas.
    @discardableResult
    public func maintain<T: Sendable>(
        _ body: @Sendable (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        switch connection {
        case .some(let connection): return try body(connection)
        case .none: throw StorageError(.misuse, "the database is closed")
        }
    }

    /// Closes the file; later calls throw `misuse`. Closing twice is fine.
    public func close() {
        connection = nil
    }

    private func run<T>(
        _ kind: Connection.TransactionKind, _ body: @Sendable (borrowing Connection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        switch connection {
        case .some(let connection): return try connection.transaction(kind, body)
        case .none: throw StorageError(.misuse, "the database is closed")
        }
    }
}
