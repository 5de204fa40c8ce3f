import EventLoop
import HTTP2

/// What a server knows of one connection: the peer, how many handlers run for it, and when it ends. Confined to the
/// loop's thread.
final class ServerConnection {
    /// Made once a connection, not once a call.
    private(set) var peer: SharedPeer
    /// Handlers that have not ended, those of reset streams included.
    var runningCalls = 0
    let address: String

    private let core: ServerCore
    private var lifetime: ConnectionLifetime

    init(_ core: ServerCore, address: String, random: Double) {
        self.core = core
        self.address = address
        peer = SharedPeer(Peer(address: address))
        lifetime = ConnectionLifetime(core.configuration.lifetime, began: core.loop.turnStart, random: random)
    }

    /// Does what is due.
    func sweep(_ connection: HTTP2Connection, _ now: ContinuousClock.Instant) {
        let limit = core.configuration.writeTimeout
        if let since = connection.stalledSince, since < now - limit {
            return connection.close(TransportError("the peer has taken nothing for \(limit)"))
        }
        guard connection.isOpen else { return }
        connection.resetStalledStreams(since: now - limit)
        let begun = now - core.configuration.requestTimeout
        connection.forEachStream { ($0.events as? ServerCall)?.endIfIncomplete(since: begun) }
        let idleSince = connection.openStreams == 0 ? connection.idleSince : nil
        switch lifetime.next(at: now, heardAt: connection.lastReceived, idleSince: idleSince) {
        case .wait: break
        case .ping: connection.sendPing()
        case .goAway: connection.beginShutdown()
        case .close(let reason): connection.close(reason.map { TransportError($0) })
        }
    }
}

extension ServerConnection: ConnectionEvents {
    func connectionReady(_ connection: HTTP2Connection) {
        peer = SharedPeer(Peer(connection.peer))
        core.configuration.observer?(.connectionOpened(peer.value))
    }

    func connectionOpened(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {
        let call: ServerCall
        // A pooled stream comes with the call it was used for.
        if let known = stream.events as? ServerCall {
            call = known
        } else {
            call = ServerCall(stream, core)
            stream.events = call
        }
        call.connection = self
    }

    func connectionGoAway(_ connection: HTTP2Connection, code: UInt32, text: String) {}

    func connectionClosed(_ connection: HTTP2Connection, _ reason: TransportError?) {
        core.connectionClosed(connection, peer.value, reason)
    }
}

extension ServerConfiguration {
    var lifetime: ConnectionLifetime.Rules {
        ConnectionLifetime.Rules(
            idle: maxConnectionIdle, age: maxConnectionAge, ageGrace: maxConnectionAgeGrace,
            keepaliveTime: keepaliveTime, keepaliveTimeout: keepaliveTimeout)
    }

    /// How often connections are looked at: four times within the shortest of their times.
    var sweepInterval: Duration {
        let times = [maxConnectionIdle, maxConnectionAge, maxConnectionAgeGrace, keepaliveTime, keepaliveTimeout]
        let shortest = (times.compactMap { $0 } + [writeTimeout, requestTimeout]).min() ?? .seconds(20)
        return max(shortest / 4, .milliseconds(5))
    }
}

extension Peer {
    init(_ identity: PeerIdentity) {
        self.init(
            address: identity.address, uriNames: identity.uriNames, commonName: identity.commonName,
            isTLS: identity.isTLS)
    }
}
