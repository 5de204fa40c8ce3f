import Testing

@testable import HTTP2

struct ConnectionDrainTests {
    private func drain(open: Int) -> ConnectionDrain {
        var drain = ConnectionDrain()
        for _ in 0..<open { drain.streamOpened() }
        return drain
    }

    @Test(arguments: [1, 2, 5]) func `a busy connection closes after its last stream`(open: Int) {
        var drain = drain(open: open)
        #expect(drain.beginShutdown() == .sendNotice)
        #expect(drain.state == .noticed)
        #expect(drain.noticeAnswered() == .sendFinal)
        #expect(drain.state == .draining)
        let actions = (0..<open).map { _ in drain.streamEnded() }
        #expect(actions == Array(repeating: .none, count: open - 1) + [.close])
        #expect(drain.state == .closed)
    }

    @Test func `an idle connection closes once the notice is answered`() {
        var drain = drain(open: 0)
        #expect(drain.beginShutdown() == .sendNotice)
        #expect(drain.noticeAnswered() == .sendFinalAndClose)
        #expect(drain.state == .closed)
    }

    @Test func `a stream that was opened before the notice arrived is served`() {
        var drain = drain(open: 0)
        #expect(drain.beginShutdown() == .sendNotice)
        drain.streamOpened()
        #expect(drain.noticeAnswered() == .sendFinal)
        #expect(drain.streamEnded() == .close)
    }

    @Test func `streams that end before the notice is answered do not close`() {
        var drain = drain(open: 1)
        #expect(drain.beginShutdown() == .sendNotice)
        #expect(drain.streamEnded() == .none)
        #expect(drain.state == .noticed)
        #expect(drain.noticeAnswered() == .sendFinalAndClose)
    }

    @Test func `a shutdown begins once, and other answers mean nothing`() {
        var drain = drain(open: 1)
        #expect(drain.noticeAnswered() == .none)
        #expect(drain.state == .serving)
        #expect(drain.beginShutdown() == .sendNotice)
        #expect(drain.beginShutdown() == .none)
        #expect(drain.noticeAnswered() == .sendFinal)
        #expect(drain.noticeAnswered() == .none)
        #expect(drain.state == .draining)
    }
}
