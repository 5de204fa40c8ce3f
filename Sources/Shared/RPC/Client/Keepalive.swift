/// Decides when a client's connection is sent a PING, and when it counts as dead (gRFC A8). Performs no I/O and reads no
/// clock.
struct Keepalive {
    typealias Instant = ContinuousClock.Instant

    struct Rules: Equatable {
        var time: Duration
        var timeout: Duration
        var withoutCalls: Bool
    }

    enum Action: Equatable {
        /// Ask again then.
        case wait(until: Instant)
        /// Send a PING, and ask again then.
        case ping(until: Instant)
        /// Nothing to do before a call begins.
        case sleep
        /// The server has not shown any life.
        case close
    }

    let rules: Rules
    private var pingedAt: Instant?

    init(_ rules: Rules) { self.rules = rules }

    /// - Parameters:
    ///   - heardAt: When the server last sent anything.
    ///   - hasCalls: Whether any call is open.
    mutating func next(at now: Instant, heardAt: Instant, hasCalls: Bool) -> Action {
        if let pinged = pingedAt {
            if heardAt <= pinged {
                return now >= pinged + rules.timeout ? .close : .wait(until: pinged + rules.timeout)
            }
            pingedAt = nil
        }
        guard hasCalls || rules.withoutCalls else { return .sleep }
        let due = heardAt + rules.time
        guard now >= due else { return .wait(until: due) }
        pingedAt = now
        return .ping(until: now + rules.timeout)
    }
}
