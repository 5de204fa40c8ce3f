/// Bounds of the client. Each has a default that suits one process beside others on a small machine.
struct AWSLimits: Sendable {
    /// Calls in flight in this process.
    var inFlight = 64
    /// Calls in flight for one account, region and service.
    var inFlightPerService = 32
    /// Bytes of a reply.
    var responseBytes = 64 << 20
    /// Until a connection stands, TLS included.
    var connectTimeout = Duration.seconds(5)
    /// Without a byte, from when the connection stands; whole seconds.
    var idleTimeout = Duration.seconds(15)
    /// One attempt, from its start to the last byte.
    var callTimeout = Duration.seconds(30)
    /// Attempts of one call in all (SDKs' standard mode).
    var attempts = 3
    /// Longest wait between two attempts.
    var backoffCap = Duration.seconds(20)
    /// Pages of one listing.
    var pages = 20_000
    /// Pages without an item, one after another, that a listing may have.
    var emptyPages = 50
    /// Calls a second for one account, region and service, at most, whatever its ceiling.
    var callsPerSecond = 10_000.0
    /// Calls that were not answered, one after another, that open the breaker of a region's service.
    var breakerFailures = 2
    /// How long after the first of them began: many calls fail together at a moment's trouble that a retry outlives.
    var breakerSpan = Duration.seconds(3)
    /// How long the breaker stays open before one call may try again.
    var breakerPause = Duration.seconds(30)
}
