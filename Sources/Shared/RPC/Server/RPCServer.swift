public import EventLoop
import HTTP2

/// A server could not start, or not reload its certificates; the message names the file, address or rule.
public struct RPCServerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// A gRPC server on one listening socket. It serves until it is shut down, whether or not anyone holds it.
public final class RPCServer: Sendable {
    /// Numeric address and port, as `127.0.0.1:7001`.
    public let address: String
    public let port: UInt16
    /// The loop that the server and its handlers run on.
    public let loop: EventLoop

    private let core: ServerCore
    private let ownsLoop: Bool

    private init(_ core: ServerCore, _ listener: SocketAddress, ownsLoop: Bool) {
        self.core = core
        self.ownsLoop = ownsLoop
        loop = core.loop
        address = listener.description
        port = listener.port
    }

    /// Listens, and returns once calls are answered.
    ///
    /// - Parameter loop: Nil for a loop of its own. A client on the same loop costs its callers no thread change.
    /// - Throws: When the address cannot be bound, a certificate not be read, or plain text is asked for where it is
    ///   not allowed.
    public static func start(
        _ configuration: ServerConfiguration, router: Router, authorizer: any ServerInterceptor,
        loop: EventLoop? = nil
    ) async throws(RPCServerError) -> RPCServer {
        let tls = try context(configuration)
        let address = try resolve(configuration)
        let running: EventLoop
        do { running = try loop ?? EventLoop.start(name: "rpc-server") } catch { throw RPCServerError("\(error)") }
        let listener: Listener
        do {
            listener = try Listener(address, loop: running)
        } catch {
            if loop == nil { running.stop() }
            throw RPCServerError(error.description)
        }
        let bound = listener.address
        let core = ServerCore(
            configuration, MethodTable(router.entries), authorizer, listener: listener, tls: tls, loop: running)
        let result: Result<Void, TransportError> = await withCheckedContinuation { done in
            running.execute {
                do throws(TransportError) {
                    done.resume(returning: .success(try core.start()))
                } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        if case .failure(let error) = result {
            if loop == nil { running.stop() }
            throw RPCServerError(error.description)
        }
        return RPCServer(core, bound, ownsLoop: loop == nil)
    }

    private static func resolve(_ configuration: ServerConfiguration) throws(RPCServerError) -> SocketAddress {
        let found: [SocketAddress]
        do {
            found = try SocketAddress.resolve(configuration.host, port: configuration.port)
        } catch {
            throw RPCServerError(error.description)
        }
        guard let address = found.first else { throw RPCServerError("\(configuration.host): no address") }
        guard configuration.tls == nil else { return address }
        guard configuration.allowPlaintext else {
            throw RPCServerError("no TLS certificate is configured, and plain text was not asked for")
        }
        guard address.isLoopback else {
            throw RPCServerError("plain text is for loopback addresses only: configure TLS to listen on \(address)")
        }
        return address
    }

    private static func context(_ configuration: ServerConfiguration) throws(RPCServerError) -> TLSContext? {
        guard let tls = configuration.tls else { return nil }
        do {
            return try TLSContext.server(
                TLSContext.Identity(certFile: tls.certFile, keyFile: tls.keyFile), clientCAFile: tls.clientCAFile,
                requiresClientCertificate: tls.requiresClientCertificate)
        } catch {
            throw RPCServerError(error.description)
        }
    }

    /// Reads the certificate, key and authority files again; connections made from now on use them. On an error the
    /// earlier ones stay.
    public func reloadTLS() async throws(RPCServerError) {
        guard let tls = try Self.context(core.configuration) else { return }
        await withCheckedContinuation { done in
            loop.execute { [core] in
                core.use(tls)
                done.resume()
            }
        }
    }

    /// Accepts no more connections and calls, lets running calls end for up to `grace`, then closes. Idempotent.
    public func shutdown(grace: Duration) async {
        await withCheckedContinuation { done in
            loop.execute { [core] in core.shutdown(grace: grace) { done.resume() } }
        }
        // With a handler left on it, the loop goes on: stopped, it would run that handler on other threads.
        if ownsLoop, await isIdle() { loop.stop() }
    }

    private func isIdle() async -> Bool {
        await withCheckedContinuation { done in
            loop.execute { [core] in done.resume(returning: core.isIdle) }
        }
    }
}
