import API
import RPC
import Wire

/// What `--health` does: asks the service that runs with the same configuration how it is, over the network and under
/// the service's own certificate, so that no other program is needed for it.
struct HealthQuery {
    let configuration: ServiceConfiguration
    /// The service's name on the wire.
    let serviceName: String

    /// Every check is answered at once, from a table.
    private static let timeout = Duration.seconds(3)

    /// - Returns: Whether the service is ready for calls, and a line that says so, and what of the rest is missing.
    func run() async -> (isReady: Bool, line: String) {
        let name = configuration.service.rawValue
        let client = client()
        defer { client.close() }
        do throws(RPCError) {
            let ready = try await check(serviceName, client)
            var parts = [ready ? "serving" : "not serving"]
            if try await !check(HealthMonitor.database, client) { parts.append("its database cannot be written") }
            for peer in ServiceName.allCases where configuration.peers[peer] != nil && peer != configuration.service {
                if try await !check(peer.rawValue, client) { parts.append("\(peer.rawValue) cannot be reached") }
            }
            return (ready, "\(name): \(parts.joined(separator: "; "))")
        } catch {
            return (false, "\(name): no answer from \(address): \(error.message)")
        }
    }

    private func check(_ name: String, _ client: RPCClient) async throws(RPCError) -> Bool {
        let request = HealthCheckRequest.with { $0.service = name }
        return try await client.unary(HealthMethods.check, request, timeout: Self.timeout).status == .serving
    }

    private func client() -> RPCClient {
        let tls = configuration.tls.map { files in
            ClientTLS(
                caFile: files.authority, certFile: files.certificate, keyFile: files.key,
                expectedServerURI: configuration.service.uri)
        }
        return RPCClient(
            ClientConfiguration(host: address.host, port: address.port, tls: tls, allowPlaintext: tls == nil))
    }

    /// Where the service is reached from its own machine: one that listens everywhere, on loopback.
    var address: HostPort {
        var address = configuration.listen
        switch address.host {
        case "0.0.0.0": address.host = "127.0.0.1"
        case "::": address.host = "::1"
        default: break
        }
        return address
    }
}
