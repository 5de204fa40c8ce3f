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

    /// - Parameter usage: Its calls by service and region, where they were asked for.
    static func show(_ sync: Sync, _ context: Context, usage: [CallUsage]? = nil) {
        let values = row(sync)
        var members = JSONObject(zip(table.columns.map(\.key), values).map { ($0, $1) })
        let text = zip(table.columns, values).compactMap { column, value -> String? in
            let text = Table.cell(value)
            guard !text.isEmpty else { return nil }
            let name = column.key.replacing("_", with: " ")
            return name + String(repeating: " ", count: max(1, 18 - name.count)) + text + "\n"
        }
        var calls = usageTable
        for place in usage ?? [] {
            calls.append([
                cell(place.service), cell(place.region), cell(place.calls), cell(place.retries),
                cell(place.throttles), cell(place.bytes), cell(place.peakPerSecond),
            ])
        }
        if usage != nil {
            let lines = calls.rows.map {
                JSONValue.object(JSONObject(zip(calls.columns.map(\.key), $0).map { ($0, $1) }))
            }
            members["usage"] = .array(lines)
        }
        let details = calls.rows.isEmpty ? "" : "\n" + calls.text(.table, width: Terminal.width)
        context.print(object: .object(members), text: text.joined() + details)
    }

    private static let usageTable = Table([
        .init(key: "service", heading: "SERVICE"), .init(key: "region", heading: "REGION"),
        .init(key: "calls", heading: "CALLS"), .init(key: "retries", heading: "RETRIES"),
        .init(key: "throttles", heading: "THROTTLES"), .init(key: "bytes", heading: "BYTES"),
        .init(key: "peak_per_second", heading: "MOST A SECOND"),
    ])

    /// Regions that are enabled and not collected, for people, on standard error: they are no part of the answer.
    static func unchosen(_ regions: [UnchosenRegion], _ context: Context) {
        guard !context.isForPrograms else { return }
        for region in regions where region.instances > 0 || !region.code.isEmpty || region.newlyEnabled {
            var text = "not collected: \(region.region)"
            if region.newlyEnabled { text += ", newly enabled" }
            if region.code.isEmpty {
                text += ", \(region.hasMore ? "at least " : "")\(counted(region.instances, "EC2 instance"))"
            } else {
                text += ", unknown what is there (\(region.code))"
            }
            Terminal.warn(Terminal.printable(text) + "\n")
        }
    }

    /// What a sync would take.
    static func price(_ response: StartSyncResponse, _ context: Context) {
        var table = Table([
            .init(key: "service", heading: "SERVICE"), .init(key: "region", heading: "REGION"),
            .init(key: "calls", heading: "CALLS AT LEAST"), .init(key: "calls_per_second", heading: "AT MOST A SECOND"),
        ])
        for line in response.price {
            table.append([
                cell(line.service), cell(line.region), cell(line.calls), .string("\(line.callsPerSecond)"),
            ])
        }
        let total = response.price.reduce(Int64(0)) { $0 &+ $1.calls }
        let object = JSONObject([
            ("calls", cell(total)),
            (
                "price",
                .array(table.rows.map { .object(JSONObject(zip(table.columns.map(\.key), $0).map { ($0, $1) })) })
            ), ("unknowns", .array(response.unknowns.map { cell($0) })),
        ])
        var text = table.text(.table, width: Terminal.width) + "\n\(counted(total, "call")) at least\n"
        for unknown in response.unknowns { text += "not known: \(Terminal.printable(unknown))\n" }
        context.print(object: .object(object), text: text)
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
        unchosen(response.unchosenRegions, call.context)
        return .ok
    }
}
