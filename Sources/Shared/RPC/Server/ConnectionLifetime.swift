/// Decides when a server's connection is probed, told to leave and closed: keepalive as in gRFC A8, the limits of age
/// and idleness as in gRFC A9. Performs no I/O and reads no clock.
struct ConnectionLifetime: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Action: Equatable, Sendable {
        case wait
        case ping
        /// GOAWAY; the calls that run may end.
        case goAway
        /// Nil for an orderly end.
        case close(String?)
    }

    struct Rules: Sendable {
        var idle: Duration?
        var age: Duration?
        var ageGrace: Duration?
        var keepaliveTime: Duration?
        /// Also how long a connection without calls may take to answer the GOAWAY.
        var keepaliveTimeout: Duration
    }

    private let rules: Rules
    private let expiresAt: Instant?
    private var pingedAt: Instant?
    private var toldAt: Instant?
    private var isAged = false

    /// - Parameter random: Uniform in `0..<1`; spreads the ends of connections that began together over a fifth of the
    ///   age, a tenth on both sides.
    init(_ rules: Rules, began: Instant, random: Double) {
        self.rules = rules
        expiresAt = rules.age.map { began + $0 * (0.9 + random / 5) }
    }

    /// - Parameters:
    ///   - heardAt: When the peer last sent anything.
    ///   - idleSince: Since when there has been no call; nil while there is one.
    mutating func next(at now: Instant, heardAt: Instant, idleSince: Instant?) -> Action {
        let silence = keepalive(now, heardAt)
        if silence != .wait { return silence }
        if let toldAt { return farewell(now, toldAt, idleSince) }
        if let expiresAt, now >= expiresAt {
            isAged = true
            toldAt = now
            return .goAway
        }
        if let limit = rules.idle, let idleSince, now - idleSince >= limit {
            toldAt = now
            return .goAway
        }
        return .wait
    }

    private mutating func keepalive(_ now: Instant, _ heardAt: Instant) -> Action {
        guard let time = rules.keepaliveTime else { return .wait }
        if let pingedAt {
            guard heardAt <= pingedAt else {
                self.pingedAt = nil
                return .wait
            }
            let timeout = rules.keepaliveTimeout
            return now - pingedAt >= timeout ? .close("the peer has not answered a PING for \(timeout)") : .wait
        }
        guard now - heardAt >= time else { return .wait }
        pingedAt = now
        return .ping
    }

    private func farewell(_ now: Instant, _ toldAt: Instant, _ idleSince: Instant?) -> Action {
        let waited = now - toldAt
        if idleSince != nil, waited >= rules.keepaliveTimeout { return .close(nil) }
        if isAged, let grace = rules.ageGrace, waited >= grace {
            return .close("its calls went on for \(grace) after the connection's age was reached")
        }
        return .wait
    }
}
