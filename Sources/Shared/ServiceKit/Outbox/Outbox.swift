public import Platform
public import Storage

/// Commands that wait for their delivery, in a table of the service's own database.
///
/// `enqueue` writes a command in the transaction of the change that causes it; ``run(deliver:settle:)`` delivers. A crash
/// between delivery and its record leads to a second delivery under the same key, which the receiver recognizes.
public final class Outbox: Sendable {
    let database: Database
    let clock: any WallClock
    let policy: RetryPolicy
    let parallelism: Int
    let logger: Logger
    let random: @Sendable () -> Double
    let pause: @Sendable (Duration) async -> Void
    let wakes: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - database: Its migrations hold ``schema``.
    ///   - policy: The waits between deliveries of a command that the receiver does not take yet.
    ///   - parallelism: Deliveries at once, over all destinations and accounts.
    ///   - random: Uniform in `0..<1`, for the jitter.
    ///   - pause: Sleeps; returns early when the task is cancelled.
    public init(
        database: Database, clock: any WallClock = SystemWallClock(),
        policy: RetryPolicy = RetryPolicy(base: .milliseconds(200), cap: .seconds(60)), parallelism: Int = 8,
        logger: Logger = .silent, random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.database = database
        self.clock = clock
        self.policy = policy
        self.parallelism = max(1, parallelism)
        self.logger = logger
        self.random = random
        self.pause = pause
        (wakes, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds a command to the write under way. The dispatcher wakes once that has been committed.
    public func enqueue(_ command: OutboxCommand, on connection: borrowing Connection) throws(StorageError) {
        try OutboxStore.insert(command, now: clock.now(), on: connection)
        connection.afterCommit { [wakeUp] in wakeUp.yield() }
    }

    /// Removes what waits of a kind for an account, such as a sync of an account that is now disabled. A delivery that
    /// has begun goes on.
    ///
    /// - Returns: How many commands were removed.
    @discardableResult
    public func withdraw(
        kind: String, accountID: String, on connection: borrowing Connection
    ) throws(StorageError) -> Int {
        try OutboxStore.removeWaiting(kind: kind, accountID: accountID, on: connection)
    }

    /// Whether a command of the kind waits for the account, or is being delivered.
    public func isInFlight(
        kind: String, accountID: String, on connection: borrowing Connection
    ) throws(StorageError) -> Bool {
        try OutboxStore.contains(kind: kind, accountID: accountID, on: connection)
    }

    /// As above, with a read of its own.
    public func isInFlight(kind: String, accountID: String) async throws(StorageError) -> Bool {
        try await database.read { connection throws(StorageError) in
            try OutboxStore.contains(kind: kind, accountID: accountID, on: connection)
        }
    }

    /// The commands that their receivers refused for good, with the reasons; the newest 1000 are kept.
    public func refused() async throws(StorageError) -> [(command: OutboxCommand, reason: String)] {
        try await database.read { connection throws(StorageError) in
            try OutboxStore.refused(on: connection).map { (command: $0.0, reason: $0.1) }
        }
    }

    func wake() { wakeUp.yield() }
}
