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
    private let gates = Mutex<[GateKey: ServiceGate]>([:])
    private let breakers = Mutex<[BreakerKey: Breaker]>([:])

    init(limits: AWSLimits) { self.limits = limits }

    func gate(account: String, region: String, service: String) -> ServiceGate {
        gates.withLock { gates in
            let key = GateKey(account: account, region: region, service: service)
            if let known = gates[key] { return known }
            let ceiling = min(CallRates.ceilings[service] ?? CallRates.usual, limits.callsPerSecond)
            let gate = ServiceGate(inFlight: limits.inFlightPerService, callsPerSecond: ceiling)
            gates[key] = gate
            return gate
        }
    }

    /// Forgets an account's gates: its run is over, or it is gone.
    func forget(account: String) {
        gates.withLock { gates in gates = gates.filter { $0.key.account != account } }
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

/// Calls a second, for one account and region, that leave room for the account's own tools: well under what AWS
/// documents or is known to take.
enum CallRates {
    static let usual = 20.0
    static let ceilings: [String: Double] = [
        "account": 2, "organizations": 2, "cloudtrail": 5, "config": 10, "iam": 15, "kms": 20, "logs": 5,
        "s3": 100, "s3control": 20, "sts": 20, "securityhub": 5, "route53": 4, "cloudformation": 5, "lambda": 10,
        "ec2": 20, "ecr": 10, "sns": 20, "dynamodb": 10,
    ]
}
