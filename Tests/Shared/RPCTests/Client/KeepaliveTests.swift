import Testing

@testable import RPC

struct KeepaliveTests {
    private let start = ContinuousClock.now
    private let rules = Keepalive.Rules(time: .seconds(30), timeout: .seconds(5), withoutCalls: false)

    @Test func `a silent connection with calls is pinged, and closed when nothing comes`() {
        var keepalive = Keepalive(rules)
        #expect(
            keepalive.next(at: start + .seconds(10), heardAt: start, hasCalls: true)
                == .wait(until: start + .seconds(30)))
        let pinged = start + .seconds(31)
        #expect(keepalive.next(at: pinged, heardAt: start, hasCalls: true) == .ping(until: pinged + .seconds(5)))
        #expect(
            keepalive.next(at: pinged + .seconds(4), heardAt: start, hasCalls: true)
                == .wait(until: pinged + .seconds(5)))
        #expect(keepalive.next(at: pinged + .seconds(5), heardAt: start, hasCalls: false) == .close)
    }

    @Test func `whatever the server sends answers the ping`() {
        var keepalive = Keepalive(rules)
        let pinged = start + .seconds(30)
        #expect(keepalive.next(at: pinged, heardAt: start, hasCalls: true) == .ping(until: pinged + .seconds(5)))
        let heard = pinged + .seconds(1)
        #expect(
            keepalive.next(at: pinged + .seconds(5), heardAt: heard, hasCalls: true)
                == .wait(until: heard + .seconds(30)))
    }

    @Test(arguments: [true, false])
    func `without calls it sleeps, unless told otherwise`(withoutCalls: Bool) {
        var keepalive = Keepalive(Keepalive.Rules(time: .seconds(30), timeout: .seconds(5), withoutCalls: withoutCalls))
        let action = keepalive.next(at: start + .seconds(40), heardAt: start, hasCalls: false)
        #expect(action == (withoutCalls ? .ping(until: start + .seconds(45)) : .sleep))
    }
}
