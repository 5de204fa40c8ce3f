/// Judges what a client does, frame header by frame header. Performs no I/O and reads no clock.
///
/// What a frame means is nghttp2's business; this counts what nghttp2 leaves uncounted, and ends it.
struct PeerConduct: Sendable {
    /// Why the connection is to end, and with which code of HTTP/2.
    struct Violation: Equatable, Sendable {
        var code: UInt32
        var reason: String

        static func calm(_ reason: String) -> Violation { Violation(code: 11, reason: reason) }
        static func protocolError(_ reason: String) -> Violation { Violation(code: 1, reason: reason) }
        static func streamClosed(_ reason: String) -> Violation { Violation(code: 5, reason: reason) }
    }

    private let limits: ConductLimits
    /// Octets of one header block over all its frames.
    private let blockLimit: Int
    private let windowKiB: Int
    private(set) var resets: Allowance
    private var streamErrors: Allowance
    private(set) var controlFrames: Allowance
    private(set) var windowUpdates: Allowance
    private var ignored: Allowance
    private var idleRecords: Allowance

    private var lastPing: ContinuousClock.Instant?
    private var pingStrikes = 0
    private(set) var isInHeaderBlock = false
    private var blockOctets = 0
    private var blockFrames = 0

    init(_ limits: ConductLimits, headerListBytes: Int, streamWindowBytes: Int) {
        self.limits = limits
        windowKiB = streamWindowBytes >> 10
        blockLimit = headerListBytes * max(1, limits.headerListFactor)
        resets = Allowance(limits.resets)
        streamErrors = Allowance(limits.streamErrors)
        controlFrames = Allowance(limits.controlFrames)
        windowUpdates = Allowance(limits.windowUpdates)
        ignored = Allowance(limits.ignoredKiB)
        idleRecords = Allowance(limits.idleRecords)
    }

    // MARK: What comes

    /// Notes a frame whose header has come.
    mutating func received(_ frame: FrameScanner.Header, at now: ContinuousClock.Instant) -> Violation? {
        switch frame.type {
        case FrameType.data: data(frame, now)
        case FrameType.headers: headers(frame)
        case FrameType.continuation: continuation(frame, now)
        case FrameType.reset: resets.take(at: now) ? nil : .calm("too many streams are reset")
        case FrameType.windowUpdate: windowUpdates.take(at: now) ? nil : .calm("too many window updates")
        case FrameType.ping where !frame.has(FrameType.ack): ping(now)
        case FrameType.settings: control(frame.has(FrameType.ack) ? 1 : 5, now)
        case FrameType.priority: control(1, now)
        default: control(1 + frame.length >> 12, now)
        }
    }

    private mutating func data(_ frame: FrameScanner.Header, _ now: ContinuousClock.Instant) -> Violation? {
        // A padded frame of this size may be padding alone.
        let mayBeEmpty = frame.length == 0 || frame.has(FrameType.padded) && frame.length <= 256
        guard mayBeEmpty, !frame.has(FrameType.endStream) else { return nil }
        return control(1, now)
    }

    private mutating func headers(_ frame: FrameScanner.Header) -> Violation? {
        blockOctets = frame.length
        blockFrames = 0
        isInHeaderBlock = !frame.has(FrameType.endHeaders)
        return checkBlock()
    }

    private mutating func continuation(_ frame: FrameScanner.Header, _ now: ContinuousClock.Instant) -> Violation? {
        blockOctets += frame.length
        blockFrames += 1
        if frame.has(FrameType.endHeaders) { isInHeaderBlock = false }
        if let violation = checkBlock() { return violation }
        return frame.length == 0 ? control(1, now) : nil
    }

    private func checkBlock() -> Violation? {
        guard blockFrames <= limits.continuations else { return .calm("too many CONTINUATION frames") }
        return blockOctets <= blockLimit ? nil : .calm("a header block over \(blockLimit) octets")
    }

    /// RFC 9113 sets no limit on PINGs; this is the server's side of gRFC A8.
    private mutating func ping(_ now: ContinuousClock.Instant) -> Violation? {
        defer { lastPing = now }
        guard let lastPing else { return nil }
        if lastPing.duration(to: now) < limits.minimumPingInterval { pingStrikes += 1 }
        return pingStrikes <= 2 ? control(1, now) : .calm("too_many_pings")
    }

    private mutating func control(_ weight: Int, _ now: ContinuousClock.Instant) -> Violation? {
        controlFrames.take(weight, at: now) ? nil : .calm("too many control frames")
    }

    /// Notes DATA on a stream that the server has reset.
    mutating func receivedIgnored(_ octets: Int, at now: ContinuousClock.Instant) -> Violation? {
        ignored.take(1 + octets >> 10, at: now) ? nil : .calm("too much data for streams that were reset")
    }

    /// Notes records of TLS without data.
    mutating func receivedIdleRecords(_ count: Int, at now: ContinuousClock.Instant) -> Violation? {
        idleRecords.take(count, at: now) ? nil : .calm("too many TLS records without data")
    }

    // MARK: What goes

    mutating func sentHeaders() {
        pingStrikes = 0
        lastPing = nil
    }

    mutating func sentData() {
        sentHeaders()
        windowUpdates.earn(4)
    }

    /// A server may send WINDOW_UPDATE, and a PING to measure the bandwidth-delay product, for what it is sent.
    mutating func clientSentData() {
        windowUpdates.earn(4)
        controlFrames.earn(2)
    }

    /// What fits in the window may be under way when a client gives up a call.
    mutating func clientGaveUp(windowBytes: Int) { ignored.earn(1 + windowBytes >> 10) }

    /// Notes a reset that the server sends.
    mutating func sentReset(_ code: UInt32, at now: ContinuousClock.Instant) -> Violation? {
        ignored.earn(windowKiB)
        return switch code {
        // A response that ended before its request.
        case 0: nil
        // A window that overflows: of the connection if SETTINGS did it (RFC 9113, 6.9.2), so always.
        case 3: Violation(code: 3, reason: "a window over 2^31-1")
        // REFUSED_STREAM and CANCEL: for lack of room or of time.
        case 7, 8: resets.take(at: now) ? nil : .calm("too many streams are refused")
        default: streamErrors.take(at: now) ? nil : .calm("too many stream errors")
        }
    }

    mutating func streamEndedWell() {
        resets.earn(1)
        controlFrames.earn(5)
    }
}
