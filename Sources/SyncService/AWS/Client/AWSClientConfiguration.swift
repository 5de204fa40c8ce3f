import EventLoop
import Platform

/// What a client is made of. `load` reads the share directory and the environment.
struct AWSClientConfiguration: Sendable {
    /// Runs all connections, and is the executor of whoever prefers it.
    var loop: EventLoop
    var shapes: ShapeStore
    var partitions: Partitions
    var endpoints: EndpointOptions
    var limits = AWSLimits()
    var rates = CallRates(usual: 20)
    var meter = AWSMeter()
    var clock: any WallClock = SystemWallClock()
    /// Waits; tests record instead.
    var sleep: @Sendable (Duration) async throws(CancellationError) -> Void = {
        duration async throws(CancellationError) in
        do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
    }
    var instant: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    /// Uniform in `0..<1`.
    var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    init(loop: EventLoop, shapes: ShapeStore, partitions: Partitions, endpoints: EndpointOptions = EndpointOptions()) {
        self.loop = loop
        self.shapes = shapes
        self.partitions = partitions
        self.endpoints = endpoints
    }
}
