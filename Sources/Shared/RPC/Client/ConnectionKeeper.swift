import EventLoop
import HTTP2

/// Keeps one connection alive by what ``Keepalive`` decides. Confined to its loop's thread.
final class ConnectionKeeper {
    private let connection: HTTP2Connection
    private var keepalive: Keepalive
    private var timer: TimerID?
    private var isAsleep = false

    init(_ connection: HTTP2Connection, _ rules: Keepalive.Rules) {
        self.connection = connection
        keepalive = Keepalive(rules)
        look()
    }

    /// A call has begun.
    func wake() {
        if isAsleep { look() }
    }

    func stop() {
        if let timer { connection.loop.cancel(timer) }
        timer = nil
    }

    private func look() {
        isAsleep = false
        switch keepalive.next(
            at: .now, heardAt: connection.lastReceived, hasCalls: connection.openStreams > 0)
        {
        case .wait(let instant): lookAgain(at: instant)
        case .ping(let instant):
            connection.sendPing()
            lookAgain(at: instant)
        case .sleep: isAsleep = true
        case .close:
            connection.close(
                TransportError("keepalive: the server has not answered for \(keepalive.rules.timeout)"))
        }
    }

    private func lookAgain(at instant: ContinuousClock.Instant) {
        timer = connection.loop.schedule(at: instant) { self.look() }
    }
}
