import Testing

@testable import RPC

/// gRFC A6, attempt by attempt.
struct RetryStateTests {
    private let policy = RetryPolicy(
        maxAttempts: 4, initialBackoff: .milliseconds(100), maxBackoff: .milliseconds(300), backoffMultiplier: 2)

    private func decisions(
        _ failures: [(RetryState.Failure, StatusCode)], canReplay: Bool = true, budget: RetryBudget = RetryBudget()
    ) -> [RetryState.Decision] {
        var budget = budget
        var state = RetryState(policy)
        return failures.map {
            state.afterFailure($0.0, $0.1, canReplay: canReplay, budget: &budget, random: 1)
        }
    }

    private let unavailable = (RetryState.Failure.status(.none), StatusCode.unavailable)

    @Test func `waits grow up to their maximum, and attempts end at theirs`() {
        #expect(
            decisions([unavailable, unavailable, unavailable, unavailable]) == [
                .again(after: .milliseconds(100)), .again(after: .milliseconds(200)),
                .again(after: .milliseconds(300)), .giveUp,
            ])
    }

    @Test func `all of a wait is left to chance`() {
        #expect(policy.delay(retry: 1, random: 0) == .zero)
        #expect(policy.delay(retry: 1, random: 0.25) == .milliseconds(50))
    }

    @Test func `other statuses are not retried`() {
        #expect(decisions([(.status(.none), .internalError)]) == [.giveUp])
        #expect(decisions([(.status(.after(.zero)), .notFound)]) == [.giveUp])
    }

    @Test func `what was sent and forgotten is not retried`() {
        #expect(decisions([unavailable, (.refused, .unavailable)], canReplay: false) == [.giveUp, .giveUp])
    }

    @Test func `the server's pushback sets the wait, and starts the waits anew`() {
        #expect(
            decisions([unavailable, (.status(.after(.seconds(7))), .unavailable), unavailable]) == [
                .again(after: .milliseconds(100)), .again(after: .seconds(7)), .again(after: .milliseconds(100)),
            ])
        #expect(decisions([(.status(.never), .unavailable)]) == [.giveUp])
    }

    @Test(arguments: [
        ("-1", RetryState.Pushback.never), ("soon", .never), ("", .never), ("15", .after(.milliseconds(15))),
    ])
    func `pushback is a number of milliseconds, anything else a no`(text: String, pushback: RetryState.Pushback) {
        #expect(RetryState.Pushback(text) == pushback)
    }

    @Test func `what the server refused unseen is made again once at once, then by the policy`() {
        var state = RetryState(policy)
        var budget = RetryBudget()
        let first = state.afterFailure(.refused, .unavailable, canReplay: true, budget: &budget, random: 1)
        #expect(first == .again(after: .zero))
        #expect(state.previousAttempts == 0)
        let second = state.afterFailure(.refused, .unavailable, canReplay: true, budget: &budget, random: 1)
        #expect(second == .again(after: .milliseconds(100)))
        #expect(state.previousAttempts == 1)
    }

    @Test func `what was never sent is made again without end, ever more slowly`() {
        let all = decisions(Array(repeating: (.unsent, .unavailable), count: 100))
        #expect(all.first == .again(after: .milliseconds(1)))
        #expect(all.last == .again(after: .seconds(1)))
    }

    @Test func `a spent budget stops retries until calls succeed again`() {
        var budget = RetryBudget(maxTokens: 4, tokenRatio: 0.5)
        budget.noteFailure()
        #expect(decisions([unavailable], budget: budget) == [.giveUp])
        budget.noteFailure()
        budget.noteFailure()
        for _ in 0..<2 { budget.noteSuccess() }
        #expect(!budget.allowsRetries)
        for _ in 0..<4 { budget.noteSuccess() }
        #expect(decisions([unavailable], budget: budget) == [.again(after: .milliseconds(100))])
    }
}
