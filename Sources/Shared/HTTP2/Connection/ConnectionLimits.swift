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
    /// The number of a client's first stream. Later ones than 1 are for tests of what happens when numbers run out.
    public var firstStream: Int32 = 1
    public var conduct = ConductLimits()

    public init() {}
}

/// What a server puts up with from one connection before it ends it with GOAWAY. The defaults are far above what
/// honest clients do; SECURITY.md lists the attack behind each.
public struct ConductLimits: Sendable, Equatable {
    /// Streams that the client resets, and those that it makes the server refuse or give up. Each stream that ends well
    /// gives one back, so that clients may give up half of their calls for ever, and 200 a second of nothing but.
    public var resets = Rate(burst: 1000, perSecond: 200)
    /// Stream errors that the client makes the server answer with a reset (CVE-2025-8671). Honest clients make none.
    public var streamErrors = Rate(burst: 100, perSecond: 10)
    /// SETTINGS (five each), PRIORITY, unknown frames (and one for each 4 KiB of them), empty DATA and CONTINUATION,
    /// and PINGs that follow one another with nothing sent between. A stream that ends well gives back five.
    public var controlFrames = Rate(burst: 500, perSecond: 100)
    /// WINDOW_UPDATE; each DATA frame that is sent gives back four.
    public var windowUpdates = Rate(burst: 2000, perSecond: 500)
    /// KiB of DATA on streams that the server has reset. Each reset gives back a stream's window, since that much may
    /// have been under way.
    public var ignoredKiB = Rate(burst: 16 << 10, perSecond: 1 << 10)
    /// Records of TLS that carry no data once the handshake is over: KeyUpdate above all, each of which costs this side
    /// new keys and an answer. Honest peers send a few in the life of a connection.
    public var idleRecords = Rate(burst: 100, perSecond: 1)
    /// PINGs closer to one another are strikes, and the third ends the connection (gRFC A8). Strikes are forgotten when
    /// HEADERS or DATA are sent, so that a client may measure its bandwidth-delay product with PINGs.
    public var minimumPingInterval: Duration = .seconds(10)
    /// CONTINUATION frames of one header block.
    public var continuations = 32
    /// A header list over this many times ``ConnectionLimits/headerListBytes``, or a block of as many octets, ends the
    /// connection; one below it gets its own call refused.
    public var headerListFactor = 4
    /// From the first octet of HEADERS to the end of the header block.
    public var headerBlockTimeout: Duration = .seconds(10)
    /// From the first octet of a frame to its last.
    public var frameTimeout: Duration = .seconds(20)

    public init() {}
}
