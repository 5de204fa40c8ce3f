import Testing

@testable import AccountService

struct LifecycleTests {
    static let name = AccountName(stored: "prod")

    @Test func `an account lives from draft to deletion`() throws {
        var life = Lifecycle()
        #expect(try life.apply(.connect, name: Self.name) == [.startSync])
        #expect(life.state == .enabled)
        #expect(try life.apply(.disable, name: Self.name) == [.withdrawSyncs, .cancelSync])
        #expect(life.state == .disabling)
        #expect(try life.apply(.stopped, name: Self.name) == [])
        #expect(life.state == .disabled)
        #expect(try life.apply(.enable, name: Self.name) == [.startSync])
        #expect(life.state == .enabled)
        #expect(try life.apply(.delete, name: Self.name) == [.withdrawSyncs, .purge])
        #expect(life.state == .deleting)
        #expect(try life.apply(.delete, name: Self.name) == [])
        #expect(life.state == .deleting)
    }

    static let refused: [(Lifecycle.State, Lifecycle.Event)] = [
        (.draft, .disable), (.draft, .enable), (.enabled, .connect), (.enabled, .enable), (.disabling, .connect),
        (.disabling, .disable), (.disabling, .enable), (.disabled, .connect), (.disabled, .disable),
        (.deleting, .connect),
        (.deleting, .disable), (.deleting, .enable),
    ]

    @Test(arguments: Lifecycle.State.allCases, Lifecycle.Event.allCases)
    func `an event is refused exactly where the table says so`(state: Lifecycle.State, event: Lifecycle.Event) {
        var life = Lifecycle(state)
        let error = failure { () throws(AccountError) in try life.apply(event, name: Self.name) }
        let isRefused = Self.refused.contains { $0 == (state, event) }
        #expect((error != nil) == isRefused)
        guard isRefused else { return }
        #expect(life.state == state)
        guard case .refused(let text, _)? = error else {
            Issue.record("not a refusal: \(String(describing: error))")
            return
        }
        #expect(text.contains("'prod' is \(Lifecycle.word(state))"))
        #expect(text.contains(": "))
    }

    @Test func `the end of a run moves only what waits for it`() throws {
        for state in Lifecycle.State.allCases where state != .disabling {
            var life = Lifecycle(state)
            #expect(try life.apply(.stopped, name: Self.name) == [])
            #expect(life.state == state)
        }
    }

    static let unusable: [(Lifecycle.State, Lifecycle.Use)] =
        [(.draft, .sync), (.disabling, .test), (.disabling, .sync), (.disabled, .test), (.disabled, .sync)]
        + Lifecycle.Use.allCases.map { (.deleting, $0) }

    @Test(arguments: Lifecycle.State.allCases, Lifecycle.Use.allCases)
    func `a frozen account is neither tested nor collected, and can be configured`(
        state: Lifecycle.State, use: Lifecycle.Use
    ) {
        let error = failure { () throws(AccountError) in try Lifecycle(state).require(use, name: Self.name) }
        #expect((error != nil) == Self.unusable.contains { $0 == (state, use) })
    }
}
