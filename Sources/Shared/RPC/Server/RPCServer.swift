/// A server could not start, or not reload its certificates; the message names the file, address or rule.
public struct RPCServerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// A gRPC server on one listening socket.
public final class RPCServer: Sendable {
    /// Numeric address and port, as `127.0.0.1:7001`.
    public let address: String
    public let port: UInt16

    init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Listens, and returns once calls are answered.
    public static func start(
        _ configuration: ServerConfiguration, router: Router, authorizer: any ServerInterceptor
    ) async throws(RPCServerError) -> RPCServer {
        throw RPCServerError("not there yet")
    }

    /// Reads the certificate, key and authority files again; connections made from now on use them. On an error the
    /// earlier ones stay.
    public func reloadTLS() async throws(RPCServerError) {}

    /// Accepts no more connections and calls, lets running calls end for up to `grace`, then closes. Idempotent.
    public func shutdown(grace: Duration) async {}
}
