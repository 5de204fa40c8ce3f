import Platform
import RPC
import Synchronization

/// Takes over new certificates and tokens without a restart: at SIGHUP, and when a file has changed.
final class Reloader: Sendable {
    private let server: RPCServer
    private let context: ServiceContext
    private let seen: Mutex<[WallTime]>

    init(server: RPCServer, context: ServiceContext) {
        self.server = server
        self.context = context
        seen = Mutex(Self.times(context.configuration))
    }

    /// Looks at the files every few seconds until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(5))
            let times = Self.times(context.configuration)
            let changed = seen.withLock { seen in
                defer { seen = times }
                return seen != times
            }
            if changed { await reload() }
        }
    }

    /// Reads certificates and tokens again. What cannot be used is logged, and the earlier stays.
    func reload() async {
        let configuration = context.configuration
        do throws(ConfigurationError) { try context.tokenFile?.reload() } catch {
            context.logger.error("the token file was not reloaded", ["error": "\(error)"])
        }
        guard let files = configuration.tls else { return }
        do {
            let expires = try TLSIdentity.check(files, service: configuration.service, now: context.clock.now())
            try await server.reloadTLS()
            context.logger.info("certificates reloaded", ["expires": .string(expires.rfc3339())])
        } catch {
            context.logger.error("the certificates were not reloaded", ["error": "\(error)"])
        }
    }

    private static func times(_ configuration: ServiceConfiguration) -> [WallTime] {
        let tls = configuration.tls.map { [$0.certificate, $0.key, $0.authority] } ?? []
        let paths = tls + [configuration.tokenFile].compactMap { $0 }
        return paths.map { (try? Files.modified($0)) ?? WallTime(unixSeconds: 0) }
    }
}
