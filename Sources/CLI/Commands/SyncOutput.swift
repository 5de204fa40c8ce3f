import API
import JSON

/// How syncs and coverage are printed.
enum SyncOutput {
    static let table = Table([
        .init(key: "id", heading: "SYNC"), .init(key: "account", heading: "ACCOUNT"),
        .init(key: "state", heading: "STATE"),
        .init(key: "trigger", heading: "WHY"), .init(key: "start_time", heading: "STARTED"),
        .init(key: "end_time", heading: "ENDED"),
        .init(key: "scopes_done", heading: "SCOPES"), .init(key: "scopes_total"),
        .init(key: "scopes_with_gaps", heading: "GAPS"),
        .init(key: "assets_seen", heading: "ASSETS"), .init(key: "assets_changed", heading: "CHANGED"),
        .init(key: "api_calls", heading: "CALLS"), .init(key: "retries"), .init(key: "throttles"),
        .init(key: "resumptions"),
        .init(key: "assessment"), .init(key: "assessment_id"), .init(key: "problem", heading: "PROBLEM", shrinks: true),
    ])

    static func row(_ sync: Sync) -> [JSONValue] {
        [
            cell(sync.id), cell(sync.accountId), cell(sync.state), cell(sync.trigger), cell(sync.startTime),
            cell(sync.endTime),
            cell(sync.scopesDone), cell(sync.scopesTotal), cell(sync.scopesWithGaps), cell(sync.assetsSeen),
            cell(sync.assetsChanged),
            cell(sync.apiCalls), cell(sync.retries), cell(sync.throttles), cell(sync.resumptions),
            cell(sync.assessment),
            cell(sync.assessmentId), cell(sync.problem),
        ]
    }

    static func show(_ sync: Sync, _ context: Context) {
        let values = row(sync)
        let members = JSONObject(zip(table.columns.map(\.key), values).map { ($0, $1) })
        let text = zip(table.columns, values).compactMap { column, value -> String? in
            let text = Table.cell(value)
            guard !text.isEmpty else { return nil }
            let name = column.key.replacing("_", with: " ")
            return name + String(repeating: " ", count: max(1, 18 - name.count)) + text + "\n"
        }
        context.print(object: .object(members), text: text.joined())
    }

    /// The line that is rewritten while a sync runs.
    static func progress(_ sync: Sync, _ regions: [RegionProgress]) -> String {
        guard sync.state == .running else { return sync.assessment == .running ? "assessing" : word(sync.state) }
        let busy = regions.filter { $0.scopesDone < $0.scopesTotal }.map(\.region)
        let bar = progressBar(sync.scopesDone, of: sync.scopesTotal)
        var text =
            "syncing  \(bar) \(sync.scopesDone)/\(sync.scopesTotal) scopes  \(counted(sync.assetsSeen, "asset"))  \(counted(sync.apiCalls, "call"))"
        if !busy.isEmpty { text += "  " + busy.prefix(4).joined(separator: " ") }
        return text
    }

    static func coverage(_ call: Invocation) async throws -> ExitCode {
        var request = GetCoverageRequest()
        request.accountId = try call.positional("ID")
        request.region = call.value("--region") ?? ""
        request.resourceType = call.value("--type") ?? ""
        request.gapsOnly = call.has("--gaps")
        let response = try await call.context.services().sync.getCoverage(request)
        var table = Table([
            .init(key: "region", heading: "REGION"), .init(key: "resource_type", heading: "RESOURCE TYPE"),
            .init(key: "state", heading: "STATE"), .init(key: "assets", heading: "ASSETS"),
            .init(key: "operation", heading: "CALL"),
            .init(key: "code", heading: "CODE"), .init(key: "message", heading: "MESSAGE", shrinks: true),
            .init(key: "assets_with_gaps"), .init(key: "complete_time"), .init(key: "attempt_time"),
        ])
        for scope in response.coverage {
            table.append([
                cell(scope.region), cell(scope.resourceType), cell(scope.state), cell(scope.assets),
                cell(scope.operation), cell(scope.code),
                cell(scope.message), cell(scope.assetsWithGaps), cell(scope.completeTime), cell(scope.attemptTime),
            ])
        }
        for gap in response.gaps {
            table.append([
                cell(gap.region), cell(gap.resourceType), "unknown_values", cell(gap.assets), cell(gap.gap?.call ?? ""),
                cell(gap.gap?.code ?? ""), cell(gap.gap?.message ?? ""), cell(gap.assets), .null, .null,
            ])
        }
        call.context.print(
            table, empty: call.has("--gaps") ? "no gaps: everything asked for was read" : "nothing was read yet")
        return .ok
    }
}
