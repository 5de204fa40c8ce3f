import API
import Platform
import RPC
import Storage
import Synchronization

/// Keeps the health service's table true, by looking at the database and asking the peers every few seconds.
///
/// | name | serving means | for |
/// | --- | --- | --- |
/// | (empty) | the process answers and is not about to stop | deciding on a restart, which mends nothing else |
/// | the service's full name | its database can be written too | sending it calls, `--health` |
/// | `database` | the database can be written | people |
/// | `account-service`, … | that peer answered | people: a service works on without its peers |
final class HealthMonitor: Sendable {
    static let database = "database"
    /// Below this a write is about to fail.
    static let leastFreeBytes: Int64 = 1 << 20

    private let health: HealthService
    private let context: ServiceContext
    private let storage: Database?
    private let names: [String]
    private let known = Mutex<[String: Bool]>([:])
    private let interval: Duration

    /// - Parameters:
    ///   - names: The services' names on the wire.
    ///   - storage: The service's database.
    init(
        _ health: HealthService, names: [String], storage: Database?, context: ServiceContext,
        interval: Duration = .seconds(5)
    ) {
        self.health = health
        self.names = names
        self.storage = storage
        self.context = context
        self.interval = interval
        // Until the first look: the database has just been opened, and of the peers nothing is known.
        health.set(Self.database, .serving)
        for peer in peers { health.set(peer.rawValue, .unknown) }
    }

    private var peers: [ServiceName] {
        ServiceName.allCases.filter { $0 != context.configuration.service && context.configuration.peers[$0] != nil }
    }

    /// Looks until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await lookAtDatabase()
            await withTaskGroup(of: Void.self) { group in
                for peer in peers { group.addTask { await self.ask(peer) } }
            }
            try? await Task.sleep(for: interval)
        }
    }

    private func lookAtDatabase() async {
        let problem = await databaseProblem()
        guard !Task.isCancelled else { return }
        for name in names + [Self.database] { health.set(name, problem == nil ? .serving : .notServing) }
        guard changed(Self.database, to: problem == nil) else { return }
        if let problem {
            context.logger.error("the database cannot be written", ["error": .string(problem)])
        } else {
            context.logger.info("the database can be written again")
        }
    }

    private func databaseProblem() async -> String? {
        do throws(StorageError) { try await storage?.checkWritable() } catch { return error.description }
        if let free = try? Files.freeBytes(context.configuration.dataDirectory), free < Self.leastFreeBytes {
            return "\(free) bytes are free in the data directory"
        }
        return nil
    }

    private func ask(_ peer: ServiceName) async {
        var problem: String?
        do {
            let client = try context.clients.client(of: peer)
            _ = try await client.unary(HealthMethods.check, HealthCheckRequest(), timeout: .seconds(3))
        } catch {
            problem = "\(error)"
        }
        guard !Task.isCancelled else { return }
        health.set(peer.rawValue, problem == nil ? .serving : .notServing)
        guard changed(peer.rawValue, to: problem == nil) else { return }
        if let problem {
            context.logger.warning(
                "a peer does not answer", ["peer": .string(peer.rawValue), "error": .string(problem)])
        } else {
            context.logger.info("a peer answers again", ["peer": .string(peer.rawValue)])
        }
    }

    /// Whether that is news; at the first look only what is wrong is.
    private func changed(_ name: String, to isWell: Bool) -> Bool {
        known.withLock { $0.updateValue(isWell, forKey: name) ?? true } != isWell
    }
}
