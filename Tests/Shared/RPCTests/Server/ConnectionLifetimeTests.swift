import Testing

@testable import RPC

struct ConnectionLifetimeTests {
    private typealias Rules = ConnectionLifetime.Rules
    private let began = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { began + .seconds(seconds) }

    private func lifetime(_ rules: Rules, random: Double = 0.5) -> ConnectionLifetime {
        ConnectionLifetime(rules, began: began, random: random)
    }

    @Test func `a silent peer is pinged, and closed when it stays silent`() {
        var life = lifetime(Rules(keepaliveTime: .seconds(10), keepaliveTimeout: .seconds(3)))
        #expect(life.next(at: at(9.9), heardAt: began, idleSince: nil) == .wait)
        #expect(life.next(at: at(10), heardAt: began, idleSince: nil) == .ping)
        #expect(life.next(at: at(12.9), heardAt: began, idleSince: nil) == .wait)
        #expect(
            life.next(at: at(13), heardAt: began, idleSince: nil)
                == .close("the peer has not answered a PING for 3.0 seconds"))
    }

    @Test func `a peer that answers is pinged again after the time`() {
        var life = lifetime(Rules(keepaliveTime: .seconds(10), keepaliveTimeout: .seconds(3)))
        #expect(life.next(at: at(10), heardAt: began, idleSince: began) == .ping)
        #expect(life.next(at: at(14), heardAt: at(11), idleSince: began) == .wait)
        #expect(life.next(at: at(20.9), heardAt: at(11), idleSince: began) == .wait)
        #expect(life.next(at: at(21), heardAt: at(11), idleSince: began) == .ping)
    }

    @Test func `without a time nobody is pinged`() {
        var life = lifetime(Rules(keepaliveTimeout: .seconds(3)))
        #expect(life.next(at: at(1_000_000), heardAt: began, idleSince: began) == .wait)
    }

    @Test func `a connection without calls is told to go, and closed when it does not answer`() {
        var life = lifetime(Rules(idle: .seconds(10), keepaliveTimeout: .seconds(3)))
        #expect(life.next(at: at(30), heardAt: began, idleSince: nil) == .wait)
        #expect(life.next(at: at(39), heardAt: began, idleSince: at(30)) == .wait)
        #expect(life.next(at: at(40), heardAt: began, idleSince: at(30)) == .goAway)
        #expect(life.next(at: at(42), heardAt: began, idleSince: at(30)) == .wait)
        #expect(life.next(at: at(43), heardAt: began, idleSince: at(30)) == .close(nil))
    }

    @Test(arguments: [(0.0, 90.0), (0.5, 100.0), (0.999, 109.9)])
    func `an aged connection is told to go, a tenth sooner or later`(random: Double, age: Double) {
        var life = lifetime(Rules(age: .seconds(100), keepaliveTimeout: .seconds(3)), random: random)
        #expect(life.next(at: at(age - 0.5), heardAt: began, idleSince: nil) == .wait)
        #expect(life.next(at: at(age + 0.5), heardAt: began, idleSince: nil) == .goAway)
        #expect(life.next(at: at(1_000_000), heardAt: began, idleSince: nil) == .wait)
    }

    @Test func `calls of an aged connection end with the grace`() {
        var life = lifetime(Rules(age: .seconds(100), ageGrace: .seconds(20), keepaliveTimeout: .seconds(30)))
        #expect(life.next(at: at(100), heardAt: began, idleSince: nil) == .goAway)
        #expect(life.next(at: at(119.9), heardAt: began, idleSince: nil) == .wait)
        #expect(
            life.next(at: at(120), heardAt: began, idleSince: nil)
                == .close("its calls went on for 20.0 seconds after the connection's age was reached"))
    }
}
