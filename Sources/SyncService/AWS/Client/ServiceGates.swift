import Synchronization

/// What bounds the calls of one account to one service in one region.
final class ServiceGate: Sendable {
    let permits: Permits
    let pacer: Mutex<RatePacer>
    let quota = Mutex(RetryQuota())

    init(inFlight: Int, callsPerSecond: Double) {
        permits = Permits(inFlight)
        pacer = Mutex(RatePacer(ceiling: callsPerSecond))
    }
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
    private let breakers = Mutex<[BreakerKey: Breaker]>([:])

    init(limits: AWSLimits, rates: CallRates) {
        self.limits = limits
        self.rates = rates
    }

    func gate(account: String, region: String, service: String) -> ServiceGate {
        gates.withLock { gates in
            let key = GateKey(account: account, region: region, service: service)
            if let known = gates[key] { return known }
            let ceiling = min(rates.ceiling(of: service), limits.callsPerSecond)
            let gate = ServiceGate(inFlight: limits.inFlightPerService, callsPerSecond: ceiling)
            gates[key] = gate
            return gate
        }
    }

    func withBreaker<T>(region: String, service: String, _ body: (inout Breaker) -> T) -> T {
        breakers.withLock { breakers in
            body(
                &breakers[
                    BreakerKey(region: region, service: service),
                    default: Breaker(
                        failureLimit: limits.breakerFailures, span: limits.breakerSpan, pause: limits.breakerPause)])
        }
    }
}
