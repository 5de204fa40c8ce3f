import API
import JSON
import RPC

/// The steps of onboarding that several commands share.
enum Onboarding {
    /// Tests a connection, showing the progress of its waiting.
    static func test(_ services: Services, account: String, roleARN: String, quiet: Bool) async throws -> ConnectionTest
    {
        var request = TestConnectionRequest()
        request.accountId = account
        request.roleArn = roleARN
        let line = ProgressLine(quiet: quiet)
        var result: ConnectionTest?
        for try await message in services.account.testConnection(request) {
            if let test = message.result {
                result = test
            } else {
                line.show(message.progress, milestone: message.progress)
            }
        }
        line.finish()
        guard let result else { throw CLIError(code: .failed, message: "the test ended without a result") }
        return result
    }

    /// Connects a draft account.
    static func connect(_ services: Services, account: String, roleARN: String, regions: String) async throws
        -> Account?
    {
        var request = ConnectAccountRequest()
        request.accountId = account
        request.roleArn = roleARN
        request.regions = RegionSelection(text: regions)
        return try await services.account.connectAccount(request, timeout: .seconds(120)).account
    }

    /// Follows an account until nothing runs or is owed.
    ///
    /// - Returns: ``ExitCode/ok`` when the last sync and assessment ended without a problem, else ``ExitCode/failed``.
    static func watch(_ services: Services, account: String, _ context: Context) async throws -> ExitCode {
        var request = WatchAccountRequest()
        request.accountId = account
        let line = ProgressLine(quiet: context.isForPrograms)
        var last = WatchAccountResponse()
        for try await state in services.account.watchAccount(request) {
            last = state
            line.show(text(state), milestone: milestone(state))
        }
        line.finish()
        context.print(object: value(last), text: summary(last))
        return last.done && last.problem.isEmpty ? .ok : .failed
    }

    private static func text(_ state: WatchAccountResponse) -> String {
        switch state.phase {
        case .syncing:
            return
                "syncing    \(progressBar(state.scopesDone, of: state.scopesTotal)) \(state.scopesDone)/\(state.scopesTotal) scopes, \(counted(state.assets, "asset"))"
        case .assessing: return "assessing  \(counted(state.assets, "asset"))"
        case .waiting: return "waiting for the sync to begin"
        default: return state.problem
        }
    }

    private static func milestone(_ state: WatchAccountResponse) -> String {
        switch state.phase {
        case .syncing: return "syncing"
        case .assessing: return "assessing"
        case .waiting: return "waiting for the sync to begin"
        default: return state.problem
        }
    }

    private static func summary(_ state: WatchAccountResponse) -> String {
        var text = "\(Terminal.printable(state.account?.name ?? "account")): \(counted(state.assets, "asset"))"
        text += ", \(counted(state.openAlerts, "open alert")), \(counted(state.unknownFindings, "verdict")) unknown"
        if state.scopesWithGaps > 0 {
            text += ", \(counted(state.scopesWithGaps, "scope")) not read (see `parapet coverage`)"
        }
        if !state.problem.isEmpty { text += "\nproblem: \(Terminal.printable(state.problem))" }
        return text + "\n"
    }

    private static func value(_ state: WatchAccountResponse) -> JSONValue {
        .object([
            "account": .string(state.account?.name ?? ""), "account_id": .string(state.account?.id ?? ""),
            "sync": .string(state.syncId),
            "assessment": .string(state.assessmentId), "scopes_total": cell(state.scopesTotal),
            "scopes_done": cell(state.scopesDone),
            "scopes_with_gaps": cell(state.scopesWithGaps), "assets": cell(state.assets),
            "open_alerts": cell(state.openAlerts),
            "unknown_findings": cell(state.unknownFindings), "problem": .string(state.problem),
            "done": .bool(state.done),
        ])
    }
}
