import Platform
import Synchronization

/// How far the clocks of AWS's endpoints are ahead of ours, learnt from replies that refused a signature for its time.
///
/// Kept for each service in a region, as the SDKs do: one endpoint with a wrong clock must not spoil the others.
final class ClockOffsets: Sendable {
    private struct Key: Hashable {
        var service: String
        var region: String
    }

    private let clock: any WallClock
    private let offsets = Mutex<[Key: Duration]>([:])

    init(clock: any WallClock) { self.clock = clock }

    /// The time to sign with.
    func now(service: String, region: String) -> WallTime {
        let offset = offsets.withLock { $0[Key(service: service, region: region)] }
        return offset.map { clock.now() + $0 } ?? clock.now()
    }

    /// How far an endpoint's clock is ahead of ours, as far as that was learnt.
    func ahead(service: String, region: String) -> Duration {
        offsets.withLock { $0[Key(service: service, region: region)] } ?? .zero
    }

    /// Whether a refusal was for the time, and is mended now: the call may be repeated. Our clock may have jumped since
    /// the call was signed.
    ///
    /// - Parameter signed: What ``now(service:region:)`` was then.
    func learn(from error: AWSError, signedAt signed: WallTime, service: String, region: String) -> Bool {
        guard error.skew(signedAt: signed) != nil, let serverTime = error.serverTime else { return false }
        offsets.withLock { $0[Key(service: service, region: region)] = serverTime - clock.now() }
        return true
    }
}
