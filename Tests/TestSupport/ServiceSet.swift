import Glibc
import JSON
public import Platform
import Synchronization

/// The three services of one installation, started and ended one at a time, against the fast emulator.
public final class ServiceSet: Sendable {
    public let folder: String
    public let emulator: FastEmulator
    /// The flags by which `parapet up` starts each service.
    private let commands: [String: [String]]
    private let running = Mutex<[String: ChildProcess]>([:])

    /// A small account with something of each of the fleet's types.
    public static let fleet = [
        "regions": 1, "buckets": 3, "roles": 3, "keys": 2, "topics": 3, "instances": 5, "volumes": 4, "groups": 3,
        "generation": 0, "churn": 0,
    ]

    private init(folder: String, emulator: FastEmulator, commands: [String: [String]]) {
        self.folder = folder
        self.emulator = emulator
        self.commands = commands
    }

    /// Makes an installation by `parapet up` with an account whose first sync was assessed; then runs a body, with no
    /// service running, and ends everything.
    public static func run(account: String, _ body: (ServiceSet) async throws -> Void) async throws {
        let folder = try Files.realPath(Files.createTemporaryDirectory(prefix: "parapet-services"))
        let emulator = try await FastEmulator.start(in: folder)
        let set: ServiceSet
        do { set = try await make(folder, emulator, account) } catch {
            await emulator.stop()
            try? Files.removeTree(folder)
            throw error
        }
        do { try await body(set) } catch {
            set.printLogs()
            await set.stop()
            try? Files.removeTree(folder)
            throw error
        }
        await set.stop()
        try? Files.removeTree(folder)
    }

    private static func make(_ folder: String, _ emulator: FastEmulator, _ account: String) async throws -> ServiceSet {
        try await emulator.set(fleet)
        try await shareWithoutCeilings(folder + "/share")
        let log = try LogFile(folder + "/up.log")
        let up = try ChildProcess.start(
            [
                Repository.programs + "/parapet", "up", "--data-dir", folder + "/data", "--profile",
                folder + "/profile.json", "--ready-file", folder + "/ready", "--share", folder + "/share",
            ],
            environment: environment(folder, emulator), output: .descriptor(log.descriptor),
            error: .descriptor(log.descriptor))
        do {
            try await eventually("parapet up is ready", every: .milliseconds(10)) {
                guard up.status == nil else { throw HarnessError("parapet up ended") }
                return Files.exists(folder + "/ready")
            }
            let set = ServiceSet(folder: folder, emulator: emulator, commands: try commands(folder))
            try await set.connect(account)
            _ = await up.stop(grace: .seconds(30))
            return set
        } catch {
            _ = await up.stop()
            throw error
        }
    }

    private func connect(_ account: String) async throws {
        try await demand(["account", "create", "--name", account])
        let connect = [
            "account", "connect", account, "--role-arn", "arn:aws:iam::111122223333:role/parapet", "--regions",
            "us-east-1",
        ]
        // A service that has just started may not have found the others yet.
        try await eventually("the account is connected") { try await parapet(connect).status.isSuccess }
        try await demand(["account", "watch", account])
    }

    private func demand(_ words: [String]) async throws {
        let answer = try await parapet(words)
        guard answer.status.isSuccess else {
            throw HarnessError("\(words): \(String(decoding: answer.error, as: UTF8.self))")
        }
    }

    /// The share directory with call rates that nobody waits for.
    private static func shareWithoutCeilings(_ path: String) async throws {
        try await copy(Repository.root + "/share/parapet", path)
        let rates: JSONValue = ["usual": ["callsPerSecond": 10_000, "source": "tests"], "services": [:]]
        try Files.writeAtomically(rates.bytes(), to: path + "/call-rates.json")
    }

    private static func environment(_ folder: String, _ emulator: FastEmulator) -> [String: String] {
        var variables = Environment.all.filter { !$0.key.hasPrefix("AWS_") && !$0.key.hasPrefix("PARAPET_") }
        variables["AWS_ENDPOINT_URL"] = emulator.endpoint
        variables["AWS_REGION"] = "us-east-1"
        variables["AWS_ACCESS_KEY_ID"] = "services"
        variables["AWS_SECRET_ACCESS_KEY"] = "services-secret-key"
        variables["PARAPET_PROFILE"] = folder + "/profile.json"
        return variables
    }

    /// Command lines of the running services. Without the flag by which they end with `up`.
    private static func commands(_ folder: String) throws -> [String: [String]] {
        var commands: [String: [String]] = [:]
        for id in try Files.list("/proc").compactMap({ Int32($0) }) {
            guard let line = try? Files.read("/proc/\(id)/cmdline") else { continue }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard let service = words.first?.split(separator: "/").last.map(String.init),
                words.contains("\(folder)/data/\(service)")
            else { continue }
            commands[service] = words.filter { $0 != "--stop-with-input" }
        }
        guard commands.count == 3 else { throw HarnessError("not all services run: \(commands.keys.sorted())") }
        return commands
    }

    // MARK: Processes

    /// Starts a service. Returns true once it serves, false when it ended before.
    @discardableResult
    public func start(_ service: String, _ extra: [String: String] = [:]) async throws -> Bool {
        let ready = "\(folder)/data/run/\(service).ready"
        try? Files.remove(ready)
        let log = try LogFile(log(of: service))
        let variables = Self.environment(folder, emulator).merging(extra) { _, new in new }
        let child = try ChildProcess.start(
            commands[service] ?? [], environment: variables, output: .descriptor(log.descriptor),
            error: .descriptor(log.descriptor))
        running.withLock { $0[service] = child }
        try await eventually("\(service) serves", every: .milliseconds(2)) {
            child.status != nil || Files.exists(ready)
        }
        return child.status == nil
    }

    /// What a service has logged since the installation was made.
    public func log(of service: String) -> String { "\(folder)/\(service).log" }

    /// How a service that was started ended, if it did.
    public func status(of service: String) -> ExitStatus? { running.withLock { $0[service] }?.status }

    public func kill(_ service: String) async {
        guard let child = running.withLock({ $0.removeValue(forKey: service) }) else { return }
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    public func stop(_ service: String) async -> ExitStatus? {
        await running.withLock { $0.removeValue(forKey: service) }?.stop(grace: .seconds(20))
    }

    private func stop() async {
        for service in ["sync-service", "assessment-service", "account-service"] { await kill(service) }
        await emulator.stop()
    }

    /// Runs `parapet` with the installation's profile.
    public func parapet(_ words: [String]) async throws -> ChildProcess.Captured {
        try await ChildProcess.run(
            [Repository.programs + "/parapet"] + words, environment: Self.environment(folder, emulator),
            timeout: .seconds(60))
    }

    private func printLogs() {
        for name in ["up", "account-service", "sync-service", "assessment-service"] {
            guard let bytes = try? Files.read("\(folder)/\(name).log") else { continue }
            print("--- \(name)\n\(String(decoding: bytes.suffix(4000), as: UTF8.self))")
        }
    }

    // MARK: Files

    /// What a service keeps.
    public func data(of service: String) -> String { "\(folder)/data/\(service)" }

    /// Copies what a service keeps, while it does not run.
    public func save(_ service: String) async throws {
        try await Self.copy(data(of: service), "\(folder)/saved-\(service)")
    }

    /// Puts back what ``save(_:)`` copied.
    public func restore(_ service: String) async throws {
        try Files.removeTree(data(of: service))
        try await Self.copy("\(folder)/saved-\(service)", data(of: service))
    }

    private static func copy(_ from: String, _ to: String) async throws {
        let run = try await ChildProcess.run(["cp", "-a", from, to])
        guard run.status.isSuccess else { throw HarnessError(String(decoding: run.error, as: UTF8.self)) }
    }
}
