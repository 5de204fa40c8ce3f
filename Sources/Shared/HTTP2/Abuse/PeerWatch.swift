import EventLoop

/// What a connection knows of its peer's conduct.
struct PeerWatch {
    var scanner: FrameScanner
    var conduct: PeerConduct
    var numbers = StreamNumbers()
    /// When what is incomplete began: a frame, and a header block.
    var frameSince: ContinuousClock.Instant?
    var blockSince: ContinuousClock.Instant?
    /// Looks at what is incomplete, at the earliest of its deadlines or before.
    var timer: TimerID?
    var timerAt: ContinuousClock.Instant?

    init(_ limits: ConnectionLimits, isServer: Bool) {
        scanner = FrameScanner(preface: isServer ? 24 : 0)
        conduct = PeerConduct(
            limits.conduct, headerListBytes: limits.headerListBytes, streamWindowBytes: limits.streamWindowBytes)
    }

    /// Notes what is incomplete behind the last byte that came.
    ///
    /// - Parameter lastType: Of the last frame whose header came with these bytes; nil when none did.
    mutating func note(_ lastType: UInt8?, at now: ContinuousClock.Instant) {
        if !scanner.isInsideFrame {
            frameSince = nil
        } else if lastType != nil || frameSince == nil {
            frameSince = now
        }
        if conduct.isInHeaderBlock || lastType == FrameType.headers && scanner.isInsideFrame {
            if lastType == FrameType.headers || blockSince == nil { blockSince = now }
        } else if lastType != nil || !scanner.isInsideFrame {
            blockSince = nil
        }
    }

    /// Until when what is incomplete has to end; nil when nothing is.
    func deadline(_ limits: ConductLimits) -> ContinuousClock.Instant? {
        let frame = frameSince.map { $0 + limits.frameTimeout }
        let block = blockSince.map { $0 + limits.headerBlockTimeout }
        guard let frame, let block else { return frame ?? block }
        return min(frame, block)
    }
}
