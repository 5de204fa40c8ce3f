import Synchronization

/// What bounds the calls of one account to one service in one region.
final class ServiceGate: Sendable {
    let permits: Permits
    let pacer: Mutex<RatePacer>
    let quota = Mutex(RetryQuota())
    /// Of the service in the region, whichever account calls.
    let breaker: SharedBreaker

    init(inFlight: Int, callsPerSecond: Double, breaker: SharedBreaker) {
        self.breaker = breaker
        permits = Permits(inFlight)
        pacer = Mutex(RatePacer(ceiling: callsPerSecond))
    }
}

/// A breaker that several accounts' calls share.
final class SharedBreaker: Sendable {
    private let breaker: Mutex<Breaker>

    init(_ breaker: Breaker) { self.breaker = Mutex(breaker) }

    func with<T>(_ body: (inout Breaker) -> T) -> T { breaker.withLock { body(&$0) } }
}

/// All gates and breakers of a client, made when first asked for.
final class ServiceGates: Sendable {
    private struct GateKey: Hashable {
        var account: String
        var region: String
        var service: String
    }

    private struct BreakerKey: Hashable {
        var region: String
        var service: String
    }

    private let limits: AWSLimits
    private let rates: CallRates
    private let gates = Mutex<[GateKey: ServiceGate]>([:])
    private let breakers = Mutex<[BreakerKey: SharedBreaker]>([:])

    init(limits: AWSLimits, rates: CallRates) {
        self.limits = limits
        self.rates = rates
    }

    func gate(account: String, region: String, service: String) -> ServiceGate {
        gates.withLock { gates in
            let key = GateKey(account: account, region: region, service: service)
            if let known = gates[key] { return known }
            let ceiling = min(rates.ceiling(of: service), limits.callsPerSecond)
            let gate = ServiceGate(
                inFlight: limits.inFlightPerService, callsPerSecond: ceiling,
                breaker: breaker(region: region, service: service))
            gates[key] = gate
            return gate
        }
    }

    private func breaker(region: String, service: String) -> SharedBreaker {
        breakers.withLock { breakers in
            let key = BreakerKey(region: region, service: service)
            if let known = breakers[key] { return known }
            let made = SharedBreaker(
                Breaker(
                    failureLimit: limits.breakerFailures, span: limits.breakerSpan, pause: limits.breakerPause))
            breakers[key] = made
            return made
        }
    }
}
