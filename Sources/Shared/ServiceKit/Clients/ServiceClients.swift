public import RPC
import Synchronization

/// Connections to the other services, each under this service's certificate and checked against the other's URI name:
/// any leaf of the authority could pose as another service otherwise.
public final class ServiceClients: Sendable {
    private let configuration: ServiceConfiguration
    private let clients = Mutex<[ServiceName: RPCClient]>([:])

    public init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration
    }

    /// The connection to a service, made at its first call and shared by all.
    ///
    /// - Throws: `usage` when no flag says where that service is.
    public func client(of service: ServiceName) throws(ConfigurationError) -> RPCClient {
        guard let address = configuration.peers[service] else {
            throw .usage("--\(service.rawValue): is required")
        }
        return clients.withLock { clients in
            if let client = clients[service] { return client }
            let tls = configuration.tls.map { files in
                ClientTLS(
                    caFile: files.authority, certFile: files.certificate, keyFile: files.key,
                    expectedServerURI: service.uri)
            }
            var target = ClientConfiguration(
                host: address.host, port: address.port, tls: tls, allowPlaintext: tls == nil && address.isLoopback)
            target.backoff = .amongServices
            // Watches wait for hours; more often than every five minutes a server would take offence (gRFC A8).
            target.keepaliveTime = .seconds(330)
            let client = RPCClient(target)
            clients[service] = client
            return client
        }
    }

    /// Ends all connections; calls under way fail.
    public func close() {
        let open = clients.withLock { clients in
            defer { clients.removeAll() }
            return Array(clients.values)
        }
        for client in open { client.close() }
    }
}

extension BackoffPolicy {
    /// Services of one installation are few and restart in seconds, so their clients look again sooner than gRPC's
    /// document has it for servers of the world.
    public static let amongServices = BackoffPolicy(initial: .milliseconds(100), max: .seconds(10))
}
