public import EventLoop
import HTTP2

/// A server could not start, or not reload its certificates; the message names the file, address or rule.
public struct RPCServerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// A gRPC server on one address. It serves until it is shut down, whether or not anyone holds it.
public final class RPCServer: Sendable {
    /// Numeric address and port, as `127.0.0.1:7001`.
    public let address: String
    public let port: UInt16
    /// The loop that the server and its handlers run on; the first of several.
    public let loop: EventLoop

    private let cores: [ServerCore]
    /// Whether the first core's loop was made for it; those of the others were.
    private let ownsLoop: Bool

    private init(_ cores: [ServerCore], _ first: ServerCore, ownsLoop: Bool) {
        self.cores = cores
        self.ownsLoop = ownsLoop
        loop = first.loop
        address = first.listener.address.description
        port = first.listener.address.port
    }

    /// Listens, and returns once calls are answered.
    ///
    /// - Parameter loop: Nil for a loop of its own. A client on the same loop costs its callers no thread change. Of
    ///   several loops it is the first.
    /// - Throws: When the address cannot be bound, a certificate not be read, or plain text is asked for where it is
    ///   not allowed.
    public static func start(
        _ configuration: ServerConfiguration, router: Router, authorizer: any ServerInterceptor,
        loop: EventLoop? = nil
    ) async throws(RPCServerError) -> RPCServer {
        var address = try resolve(configuration)
        let methods = MethodTable(router.entries)
        if configuration.loops > 1, address.port != 0 { try checkFree(address, loop) }
        let first = try await startCore(configuration, methods, authorizer, address, loop)
        address = first.listener.address
        var cores = [first]
        do throws(RPCServerError) {
            while cores.count < configuration.loops {
                cores.append(try await startCore(configuration, methods, authorizer, address, nil))
            }
        } catch {
            await RPCServer(cores, first, ownsLoop: loop == nil).shutdown(grace: .zero)
            throw error
        }
        return RPCServer(cores, first, ownsLoop: loop == nil)
    }

    /// Several loops share their port by an option that would let another process share it too: so a port that is in
    /// use is looked for without it.
    private static func checkFree(_ address: SocketAddress, _ loop: EventLoop?) throws(RPCServerError) {
        let own: EventLoop
        do { own = try loop ?? EventLoop.start(name: "rpc-probe") } catch { throw RPCServerError("\(error)") }
        defer { if loop == nil { own.stop() } }
        do { _ = try Listener(address, loop: own) } catch { throw RPCServerError(error.description) }
    }

    private static func startCore(
        _ configuration: ServerConfiguration, _ methods: MethodTable, _ authorizer: any ServerInterceptor,
        _ address: SocketAddress, _ loop: EventLoop?
    ) async throws(RPCServerError) -> ServerCore {
        let tls = try context(configuration)
        let running: EventLoop
        do { running = try loop ?? EventLoop.start(name: "rpc-server") } catch { throw RPCServerError("\(error)") }
        do throws(TransportError) {
            let listener = try Listener(address, sharesPort: configuration.loops > 1, loop: running)
            let core = ServerCore(configuration, methods, authorizer, listener: listener, tls: tls, loop: running)
            try await onLoop(running) { () throws(TransportError) in try core.start() }
            return core
        } catch {
            if loop == nil { running.stop() }
            throw RPCServerError(error.description)
        }
    }

    private static func onLoop<T: Sendable>(
        _ loop: EventLoop, _ body: @escaping @Sendable () throws(TransportError) -> T
    ) async throws(TransportError) -> T {
        let result: Result<T, TransportError> = await withCheckedContinuation { done in
            loop.execute {
                do throws(TransportError) {
                    done.resume(returning: .success(try body()))
                } catch {
                    done.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
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
        var fresh: [TLSContext] = []
        for core in cores {
            guard let tls = try Self.context(core.configuration) else { return }
            fresh.append(tls)
        }
        for (core, tls) in zip(cores, fresh) {
            await withCheckedContinuation { done in
                core.loop.execute {
                    core.use(tls)
                    done.resume()
                }
            }
        }
    }

    /// Accepts no more connections and calls, lets running calls end for up to `grace`, then closes. Idempotent.
    public func shutdown(grace: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            for core in cores { group.addTask { await self.shutdown(core, grace) } }
        }
    }

    private func shutdown(_ core: ServerCore, _ grace: Duration) async {
        await withCheckedContinuation { done in
            core.loop.execute { core.shutdown(grace: grace) { done.resume() } }
        }
        guard ownsLoop || core.loop !== loop else { return }
        // With a handler left on it, the loop goes on: stopped, it would run that handler on other threads.
        if await isIdle(core) { core.loop.stop() }
    }

    private func isIdle(_ core: ServerCore) async -> Bool {
        await withCheckedContinuation { done in
            core.loop.execute { done.resume(returning: core.isIdle) }
        }
    }
}
