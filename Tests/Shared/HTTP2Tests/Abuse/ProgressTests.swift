import Testing

@testable import HTTP2

struct ProgressTests {
    private let now = ContinuousClock.now

    @Test func `octets here and there are no progress`() {
        var progress = Progress(at: now)
        for second in 1..<1000 { progress.took(16, at: now + .seconds(second)) }
        #expect(progress.since == now)
    }

    @Test func `enough of them is, and is counted anew`() {
        var progress = Progress(at: now)
        progress.took(Progress.enoughBytes - 1, at: now + .seconds(1))
        #expect(progress.since == now)
        progress.took(1, at: now + .seconds(2))
        #expect(progress.since == now + .seconds(2))
        progress.took(Progress.enoughBytes - 1, at: now + .seconds(3))
        #expect(progress.since == now + .seconds(2))
    }
}
