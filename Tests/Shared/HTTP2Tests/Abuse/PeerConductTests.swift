import Testing

@testable import HTTP2

struct PeerConductTests {
    private let now = ContinuousClock.now

    private func conduct(_ change: (inout ConductLimits) -> Void = { _ in }) -> PeerConduct {
        var limits = ConductLimits()
        limits.resets = Rate(burst: 3, perSecond: 0)
        limits.streamErrors = Rate(burst: 2, perSecond: 0)
        limits.controlFrames = Rate(burst: 10, perSecond: 0)
        limits.windowUpdates = Rate(burst: 4, perSecond: 0)
        limits.ignoredKiB = Rate(burst: 8, perSecond: 0)
        change(&limits)
        return PeerConduct(limits, headerListBytes: 1000, streamWindowBytes: 4096)
    }

    /// How many frames pass before one is too many, and its code; nil when a thousand pass.
    private func passes(_ conduct: inout PeerConduct, _ frame: FrameScanner.Header) -> (count: Int, code: UInt32)? {
        for count in 0..<1000 {
            if let violation = conduct.received(frame, at: now) { return (count, violation.code) }
        }
        return nil
    }

    @Test(arguments: [
        (FrameScanner.Header(length: 4, type: 3, flags: 0, stream: 1), 3),
        (FrameScanner.Header(length: 0, type: 4, flags: 0, stream: 0), 2),
        (FrameScanner.Header(length: 0, type: 4, flags: 1, stream: 0), 10),
        (FrameScanner.Header(length: 8, type: 6, flags: 1, stream: 0), 10),
        (FrameScanner.Header(length: 8, type: 6, flags: 0, stream: 0), 3),
        (FrameScanner.Header(length: 5, type: 2, flags: 0, stream: 1), 10),
        (FrameScanner.Header(length: 4, type: 8, flags: 0, stream: 1), 4),
        (FrameScanner.Header(length: 0, type: 0, flags: 0, stream: 1), 10),
        (FrameScanner.Header(length: 256, type: 0, flags: 8, stream: 1), 10),
        (FrameScanner.Header(length: 0, type: 9, flags: 0, stream: 1), 10),
        (FrameScanner.Header(length: 1, type: 9, flags: 0, stream: 1), 32),
        (FrameScanner.Header(length: 1, type: 200, flags: 0, stream: 1), 10),
        (FrameScanner.Header(length: 16 << 10, type: 200, flags: 0, stream: 1), 2),
    ])
    func `each kind of flood has its limit`(frame: FrameScanner.Header, limit: Int) {
        var conduct = conduct()
        let passed = passes(&conduct, frame)
        #expect(passed?.count == limit)
        #expect(passed?.code == 11)
    }

    @Test(arguments: [
        FrameScanner.Header(length: 1, type: 0, flags: 0, stream: 1),
        FrameScanner.Header(length: 0, type: 0, flags: 1, stream: 1),
        FrameScanner.Header(length: 300, type: 0, flags: 8, stream: 1),
        FrameScanner.Header(length: 100, type: 1, flags: 5, stream: 1),
    ])
    func `frames of calls are not counted`(frame: FrameScanner.Header) {
        var conduct = conduct()
        #expect(passes(&conduct, frame) == nil)
    }

    @Test func `streams that end well give back, so that half of the calls may be given up`() {
        var conduct = conduct()
        let reset = FrameScanner.Header(length: 4, type: 3, flags: 0, stream: 1)
        for _ in 0..<1000 {
            let violation = conduct.received(reset, at: now)
            #expect(violation == nil)
            conduct.streamEndedWell()
        }
    }

    @Test func `each DATA frame that is sent allows for four window updates`() {
        var conduct = conduct()
        let update = FrameScanner.Header(length: 4, type: 8, flags: 0, stream: 1)
        for _ in 0..<1000 {
            let passed = (0..<4).allSatisfy { _ in conduct.received(update, at: now) == nil }
            #expect(passed)
            conduct.sentData()
        }
    }

    @Test func `strikes of PINGs are forgotten when something is sent, and slow ones are none`() {
        var conduct = conduct()
        let ping = FrameScanner.Header(length: 8, type: 6, flags: 0, stream: 0)
        for _ in 0..<100 {
            let passed = (0..<3).allSatisfy { _ in conduct.received(ping, at: now) == nil }
            #expect(passed)
            conduct.sentHeaders()
            conduct.streamEndedWell()
        }
        let interval = ConductLimits().minimumPingInterval
        let passed = (0..<8).allSatisfy { conduct.received(ping, at: now + interval * $0) == nil }
        #expect(passed)
    }

    @Test(arguments: [(1 as UInt32, 2), (3, 0), (7, 3), (8, 3)])
    func `resets that the client provokes are counted by their code`(code: UInt32, limit: Int) {
        var conduct = conduct()
        let passed = (0..<10).prefix { _ in conduct.sentReset(code, at: now) == nil }.count
        #expect(passed == limit)
        let orderly = (0..<10).allSatisfy { _ in conduct.sentReset(0, at: now) == nil }
        #expect(orderly)
    }

    @Test func `what a client gives up may still be under way`() {
        var conduct = conduct()
        _ = conduct.receivedIgnored(7 << 10, at: now)
        for _ in 0..<100 {
            conduct.clientGaveUp(windowBytes: 4096)
            let violation = conduct.receivedIgnored(4 << 10, at: now)
            #expect(violation == nil)
        }
        let more = conduct.receivedIgnored(0, at: now)
        #expect(more?.code == 11)
    }

    @Test func `records of TLS without data are bounded`() {
        var conduct = conduct { $0.idleRecords = Rate(burst: 10, perSecond: 0) }
        let first = conduct.receivedIdleRecords(10, at: now)
        let second = conduct.receivedIdleRecords(1, at: now)
        #expect(first == nil && second?.code == 11)
    }

    @Test func `a header block has a size over all its frames`() {
        var conduct = conduct()
        let first = conduct.received(FrameScanner.Header(length: 3000, type: 1, flags: 0, stream: 1), at: now)
        let isOpen = conduct.isInHeaderBlock
        let second = conduct.received(FrameScanner.Header(length: 1000, type: 9, flags: 0, stream: 1), at: now)
        let third = conduct.received(FrameScanner.Header(length: 1, type: 9, flags: 4, stream: 1), at: now)
        let isStillOpen = conduct.isInHeaderBlock
        #expect(first == nil && second == nil && third?.code == 11)
        #expect(isOpen && !isStillOpen)
    }

    @Test func `data for streams that were reset is bounded by its octets`() {
        var conduct = conduct()
        let first = conduct.receivedIgnored(7 << 10, at: now)
        let second = conduct.receivedIgnored(0, at: now)
        #expect(first == nil && second?.code == 11)
        _ = conduct.sentReset(0, at: now)
        let third = conduct.receivedIgnored(3 << 10, at: now)
        let fourth = conduct.receivedIgnored(0, at: now)
        #expect(third == nil && fourth?.code == 11)
    }
}
