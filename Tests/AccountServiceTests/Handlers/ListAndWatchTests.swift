import API
import Platform
import RPC
import ServiceKit
import Testing
import Wire

@testable import AccountService

struct ListTests {
    @Test func `accounts come in pages ordered by name, within their filter`() async throws {
        try await Bench.run { bench in
            for name in ["delta", "Alpha", "bravo", "Charlie"] { _ = try await bench.draft(name) }
            _ = try await bench.connected("echo")
            func page(_ token: String, _ contains: String = "") async throws -> ListAccountsResponse {
                try await bench.handlers.listAccounts(
                    .with {
                        $0.pageSize = 2
                        $0.pageToken = token
                        $0.state = .draft
                        $0.nameContains = contains
                    }, bench.call())
            }
            let first = try await page("")
            let second = try await page(first.nextPageToken)
            #expect(first.accounts.map(\.name) == ["Alpha", "bravo"])
            #expect(second.accounts.map(\.name) == ["Charlie", "delta"])
            #expect(second.nextPageToken.isEmpty)
            #expect(try await page("", "LPH").accounts.map(\.name) == ["Alpha"])
            #expect(await status { try await page(first.nextPageToken, "a") }?.code == .invalidArgument)
            #expect(try await bench.handlers.listAccounts(.init(), bench.call()).accounts.count == 5)
        }
    }

    @Test func `a token of the file is known by its hash`() async throws {
        try await Bench.run { bench in
            let answer = try await bench.handlers.checkToken(
                .with { $0.tokenSha256 = [UInt8](repeating: 1, count: 32) }, bench.service())
            #expect(answer.name == "ci")
            #expect(answer.role == .operator)
        }
    }
}

struct WatchTests {
    private func view(
        _ state: Lifecycle.State = .enabled, owed: Set<Command> = [], run: WatchView.Sighting<RunStatus?>
    ) throws -> WatchView {
        var account = try Sample.draft(try Sample.vault())
        account.lifecycle = Lifecycle(state)
        return WatchView(account: account, owed: owed, run: run)
    }

    private func run(_ state: RunStatus.State, _ assessment: RunStatus.Assessment = .none)
        -> WatchView.Sighting<RunStatus?>
    {
        .seen(RunStatus(id: "s", state: state, assessment: assessment))
    }

    @Test func `a watch is done exactly when nothing runs and nothing is owed`() throws {
        #expect(try view(run: .seen(nil)).isDone)
        #expect(try !view(owed: [.startSync], run: .seen(nil)).isDone)
        #expect(try !view(.disabling, owed: [.cancelSync], run: run(.cancelled)).isDone)
        for state in [RunStatus.State.queued, .running, .interrupted] { #expect(try !view(run: run(state)).isDone) }
        for state in [RunStatus.State.succeeded, .partial, .failed, .cancelled] {
            #expect(try view(run: run(state)).isDone)
            #expect(try view(run: run(state, .done)).isDone)
            #expect(try !view(run: run(state, .pending)).isDone)
            #expect(try !view(run: run(state, .running)).isDone)
            #expect(try !view(owed: [.startSync], run: run(state, .done)).isDone)
        }
        #expect(try !view(run: .unreachable("x")).isDone)
    }

    @Test func `the phase says where the work stands`() throws {
        #expect(try view(run: run(.running)).phase == .syncing)
        #expect(try view(run: run(.queued)).phase == .waiting)
        #expect(try view(owed: [.startSync], run: run(.succeeded, .done)).phase == .waiting)
        #expect(try view(run: run(.succeeded, .pending)).phase == .assessing)
        #expect(try view(run: run(.succeeded, .done)).phase == .idle)
    }

    @Test func `a problem is told in words`() throws {
        #expect(try view(run: run(.succeeded, .done)).problem == "")
        #expect(
            try view(run: .seen(RunStatus(id: "s", state: .failed, problem: "AccessDenied"))).problem
                == "the sync failed: AccessDenied")
        #expect(
            try view(run: .seen(RunStatus(id: "s", state: .partial, scopesTotal: 40, scopesWithGaps: 2))).problem
                == "the sync could not read 2 of 40 scopes")
        #expect(
            try view(run: .unreachable("UNAVAILABLE")).problem == "the sync service cannot be reached (UNAVAILABLE)")
    }

    private func watch(_ bench: Bench, _ id: String) async throws -> [WatchAccountResponse] {
        let collected = CollectedResponses<WatchAccountResponse>()
        try await bench.handlers.watchAccount(
            .with { $0.accountId = id }, ResponseStream(collectingInto: collected), bench.call())
        return collected.responses
    }

    @Test func `a draft has nothing to wait for`() async throws {
        try await Bench.run { bench in
            bench.sync.set { $0.unreachable = true }
            let draft = try await bench.draft()
            let messages = try await watch(bench, draft.id)
            #expect(messages.count == 1)
            #expect(messages.last?.done == true)
            #expect(messages.last?.phase == .idle)
        }
    }

    @Test func `a watch goes from the wish over sync and assessment to the counts`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            let id = AccountID(stored: account.id)
            let collected = CollectedResponses<WatchAccountResponse>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await bench.handlers.watchAccount(
                        .with { $0.accountId = account.id }, ResponseStream(collectingInto: collected), bench.call())
                }
                try await eventually("waiting") { collected.responses.last?.phase == .waiting }
                try await bench.delivering {
                    try await eventually("the sync is asked for") {
                        guard !bench.sync.seen.started.isEmpty else { return false }
                        return true
                    }
                    bench.sync.set {
                        $0.runs[id] = RunStatus(id: "s1", state: .running, scopesTotal: 10, scopesDone: 4, assets: 7)
                    }
                    try await eventually("syncing") { collected.responses.last?.phase == .syncing }
                }
                #expect(collected.responses.last?.scopesDone == 4)
                bench.sync.set { $0.unreachable = true }
                try await eventually("the problem is told") {
                    collected.responses.last?.problem.contains("cannot be reached") == true
                }
                bench.sync.set {
                    $0.unreachable = false
                    $0.runs[id] = RunStatus(
                        id: "s1", state: .partial, scopesTotal: 10, scopesDone: 10, scopesWithGaps: 1, assets: 9,
                        assessment: .running, assessmentID: "a1")
                }
                try await eventually("assessing") { collected.responses.last?.phase == .assessing }
                #expect(collected.responses.last?.openAlerts == 0)
                bench.assessment.set { $0.unreachable = true }
                try await eventually("the problem is told") {
                    collected.responses.last?.problem.contains("the assessment service cannot be reached") == true
                }
                bench.assessment.set { $0.unreachable = false }
                try await eventually("the problem is over") {
                    collected.responses.last?.problem.contains("cannot be reached") == false
                }
                bench.sync.set { $0.runs[id]?.assessment = .done }
                try await group.waitForAll()
            }
            let last = try #require(collected.responses.last)
            #expect(last.done)
            #expect(last.syncId == "s1")
            #expect(last.assessmentId == "a1")
            #expect(last.assets == 9)
            #expect(last.openAlerts == 3)
            #expect(last.unknownFindings == 2)
            #expect(last.problem == "the sync could not read 1 of 10 scopes")
            #expect(collected.responses.dropLast().allSatisfy { !$0.done })
        }
    }

    @Test func `a watch of a deletion ends when the account is gone`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            _ = try await bench.handlers.deleteAccount(.with { $0.accountId = account.id }, bench.call())
            try await bench.delivering {
                let messages = try await watch(bench, account.id)
                #expect(messages.last?.done == true)
                #expect(messages.last?.account?.state == .deleting)
            }
        }
    }

    @Test func `a watcher that leaves ends the watch`() async throws {
        try await Bench.run { bench in
            let account = try await bench.connected()
            let call = bench.call()
            let collected = CollectedResponses<WatchAccountResponse>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let error = await status {
                        try await bench.handlers.watchAccount(
                            .with { $0.accountId = account.id }, ResponseStream(collectingInto: collected), call)
                    }
                    #expect(error?.code == .cancelled)
                }
                try await eventually("the first message") { !collected.responses.isEmpty }
                call.cancel()
                try await group.waitForAll()
            }
        }
    }
}
