import API
import Glibc
public import Platform
import RPC

/// The life of a service's process, from its arguments to its exit code. Each `Main` consists of a call of `main`.
public enum ServiceRunner {
    /// Runs until SIGTERM or SIGINT; or answers `--help`, `--check-config` or `--health`.
    ///
    /// - Parameters:
    ///   - options: What this service can be told besides the options that all have.
    ///   - arguments: Without the program's own name.
    ///   - check: For `--check-config`.
    ///   - build: Makes the service's parts.
    /// - Returns: The exit code: 0 after a stop, 1 when it cannot start or is not healthy, 2 for a wrong configuration.
    public static func main(
        _ service: ServiceName, options: [ServiceOption] = [],
        arguments: [String] = Array(CommandLine.arguments.dropFirst()),
        environment: [String: String] = Environment.all, check: ServiceCheck = { _, _ in [] },
        build: @escaping ServiceBuilder
    ) async -> Int32 {
        umask(0o077)
        Signals.ignoreBrokenPipes()
        do {
            let (configuration, problems) = try ServiceConfiguration.read(
                service: service, extra: options, arguments: arguments, environment: environment)
            if configuration.options.isSet("health") { return await answerHealth(configuration) }
            if configuration.options.isSet("check-config") {
                let all = problems + StartChecks(configuration: configuration, now: .now()).problems(check)
                if all.isEmpty { print("\(service.rawValue): the configuration can be used") }
                return refuse(all, service)
            }
            guard problems.isEmpty else { return refuse(problems, service) }
            return await run(configuration, build)
        } catch {
            print(error.description, terminator: "")
            return error.exitCode
        }
    }

    private static func answerHealth(_ configuration: ServiceConfiguration) async -> Int32 {
        let (isReady, line) = await HealthQuery(
            configuration: configuration, serviceName: configuration.service.serviceName
        ).run()
        print(line)
        return isReady ? 0 : 1
    }

    /// 0 where there is nothing to complain about, else 2, with a line for each mistake.
    private static func refuse(_ problems: [String], _ service: ServiceName) -> Int32 {
        for problem in problems { writeToStandardError("\(service.rawValue): \(problem)\n") }
        return problems.isEmpty ? 0 : 2
    }

    private static func run(_ configuration: ServiceConfiguration, _ build: ServiceBuilder) async -> Int32 {
        let logger = Logger(service: configuration.service.rawValue, level: configuration.logLevel)
        // First of all, so that a stop during the start is not lost.
        let signals = Signals.stream(of: [.terminate, .interrupt, .hangup])
        if configuration.stopsWithInput { Signals.terminateAtEndOfInput() }
        do {
            try await run(configuration, logger, signals, build)
            return 0
        } catch {
            logger.error("cannot start", ["error": "\(error)"])
            return (error as? ConfigurationError)?.exitCode ?? 1
        }
    }

    /// All of it but what concerns the whole process; `signals` says when to stop and to reload.
    static func run(
        _ configuration: ServiceConfiguration, _ logger: Logger, _ signals: AsyncStream<Signals.Signal>,
        _ build: ServiceBuilder
    ) async throws {
        let clock = SystemWallClock()
        let share = try ShareDirectory.find(explicit: configuration.shareDirectory)
        let contract = try Contract(share)
        let tokenFile = try configuration.tokenFile.map { path throws(ConfigurationError) in try TokenFile(path: path) }
        if let files = configuration.tls {
            _ = try TLSIdentity.check(files, service: configuration.service, now: clock.now())
        }
        let directory = try DataDirectory(locking: configuration.dataDirectory)
        // One that a killed process left would tell of a port that is not ours.
        if let readyFile = configuration.readyFile { try Files.remove(readyFile) }
        let context = ServiceContext(
            configuration: configuration, logger: logger, share: share,
            pageTokens: PageTokens(key: try ServiceContext.pageTokenKey(in: directory.path)), tokenFile: tokenFile,
            clock: clock)
        let parts = try await build(context)
        let health = HealthService(services: contract.names(parts.services))
        do {
            let server = try await start(context, parts, contract, health)
            try await serve(server, context, parts, health, signals)
        } catch {
            await parts.shutdown()
            throw error
        }
        await parts.shutdown()
        context.clients.close()
        directory.unlock()
        logger.info("stopped")
    }

    private static func start(
        _ context: ServiceContext, _ parts: ServiceParts, _ contract: Contract, _ health: HealthService
    ) async throws -> RPCServer {
        let configuration = context.configuration
        let sources = [context.tokenFile as (any TokenSource)?, parts.tokens].compactMap { $0 }
        let refusals = parts.audit.map { RefusalAudit($0, logger: context.logger, clock: context.clock) }
        let authenticator = Authenticator(
            policy: contract.policy, tokens: TokenSources(sources), logger: context.logger
        ) { refusal in await refusals?.record(refusal) }
        var router = Router()
        for service in parts.services { router.add(service) }
        router.add(health)
        router.add(ReflectionService(services: router.serviceNames, pool: contract.pool))
        let tls = configuration.tls.map {
            ServerTLS(certFile: $0.certificate, keyFile: $0.key, clientCAFile: $0.authority)
        }
        var server = ServerConfiguration(
            host: configuration.listen.host, port: configuration.listen.port, tls: tls, allowPlaintext: tls == nil)
        // Those who watch are silent for long: who of them has left without a word is to be found out within minutes.
        server.keepaliveTime = .seconds(120)
        return try await RPCServer.start(server, router: router, authorizer: authenticator)
    }

    /// Announces itself, waits for the signal to stop, and drains.
    private static func serve(
        _ server: RPCServer, _ context: ServiceContext, _ parts: ServiceParts, _ health: HealthService,
        _ signals: AsyncStream<Signals.Signal>
    ) async throws {
        let configuration = context.configuration
        if let readyFile = configuration.readyFile {
            do {
                try Files.writeAtomically(Array("\(server.address)\n".utf8), to: readyFile)
            } catch {
                await server.shutdown(grace: .zero)
                throw error
            }
        }
        context.logger.info("serving", ["address": .string(server.address)])
        await withTaskGroup(of: Void.self) { group in
            for work in parts.background { group.addTask { await work() } }
            let reloader = Reloader(server: server, context: context)
            group.addTask { await reloader.run() }
            let monitor = HealthMonitor(
                health, names: parts.services.map { type(of: $0).serviceName }, storage: parts.database,
                context: context)
            group.addTask { await monitor.run() }
            for await signal in signals {
                guard signal == .hangup else { break }
                await reloader.reload()
            }
            context.logger.info("stopping")
            if let readyFile = configuration.readyFile { try? Files.remove(readyFile) }
            group.addTask { await endAtSecondSignal(signals) }
            health.end()
            await server.shutdown(grace: configuration.stopGrace)
            group.cancelAll()
        }
    }

    /// One who asks twice does not want to wait.
    private static func endAtSecondSignal(_ signals: AsyncStream<Signals.Signal>) async {
        for await signal in signals where signal != .hangup { ProcessExit.end(130) }
    }
}
