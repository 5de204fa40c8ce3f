/// What a connection allows its peer.
public struct ConnectionLimits: Sendable {
    /// Streams that the peer may have open at once.
    public var maxConcurrentStreams = 256
    /// Of one header list that the peer sends; a longer one is cut and marked.
    public var headerListBytes = 16 << 10
    /// Queued bytes of a stream under which its writer is told to go on.
    public var lowWaterBytes = 32 << 10
    /// How far the peer may send ahead in one stream, and in all streams together.
    public var streamWindowBytes = 256 << 10
    public var connectionWindowBytes = 4 << 20
    public var resetsPerSecond = 100
    public var controlFramesPerSecond = 500

    public init() {}
}
