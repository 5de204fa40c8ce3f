import API
import JSON
import RPC

/// `parapet alert …`.
enum AlertCommands {
    static let all = [list, show, explain, watch]

    private static let alert = Positional(name: "ALERT", help: "id of the alert")

    static let list = Command(
        path: ["alert", "list"], summary: "Alerts, the most severe first",
        options: [
            Option(name: "--account", value: "ID", help: "only of this account"),
            Option(name: "--control", value: "CONTROL", help: "only of this control"),
            Option(
                name: "--state", value: "STATE", help: "open (default), resolved or all",
                choices: ["open", "resolved", "all"]),
            Option(name: "--severity", value: "SEVERITY", help: "only of it: low, medium, high, critical"),
            Option(name: "--region", value: "REGION", help: "only there, or `global`"),
            Option(name: "--type", value: "TYPE", help: "only of this resource type"),
            Option(name: "--arn", value: "ARN", help: "only of this asset"), limitOption,
        ],
        examples: [
            "parapet alert list --account production --severity critical", "parapet alert list --state all -o jsonl",
        ]
    ) { call in
        let services = try call.context.services()
        let severity: Severity = try call.choice("--severity", default: .unspecified)
        let state: AlertState = ["resolved": .resolved, "all": .unspecified][call.value("--state") ?? ""] ?? .open
        let alerts = try await allPages(limit: call.limit()) { token, size in
            var request = ListAlertsRequest()
            request.accountId = call.value("--account") ?? ""
            request.controlId = call.value("--control") ?? ""
            request.state = state
            request.severity = severity
            request.region = call.value("--region") ?? ""
            request.resourceType = call.value("--type") ?? ""
            request.arn = call.value("--arn") ?? ""
            request.pageToken = token
            request.pageSize = size
            let page = try await services.assessment.listAlerts(request)
            return (page.alerts, page.nextPageToken)
        }
        var table = table
        for alert in alerts { table.append(row(alert)) }
        call.context.print(table, empty: "no alerts match")
        return .ok
    }

    static let show = Command(
        path: ["alert", "show"], summary: "One alert with its history", positionals: [alert],
        examples: ["parapet alert show 7"]
    ) { call in
        let response = try await get(call)
        try call.context.print(object: value(response, explained: false), text: text(response, explained: false))
        return .ok
    }

    static let explain = Command(
        path: ["alert", "explain"],
        summary: "Why an alert is open: the control, its SQL and the configuration that it saw", positionals: [alert],
        examples: ["parapet alert explain 7"]
    ) { call in
        let response = try await get(call)
        try call.context.print(object: value(response, explained: true), text: text(response, explained: true))
        return .ok
    }

    static let watch = Command(
        path: ["alert", "watch"], summary: "Print alerts as they open, reopen and resolve, until interrupted",
        options: [
            Option(name: "--account", value: "ID", help: "only of this account"),
            Option(name: "--open", help: "print those that are open now first"),
        ],
        examples: ["parapet alert watch --account production", "parapet alert watch -o jsonl"]
    ) { call in
        var request = WatchAlertsRequest()
        request.accountId = call.value("--account") ?? ""
        request.includeOpen = call.has("--open")
        for try await message in try call.context.services().assessment.watchAlerts(request) {
            guard let alert = message.alert else { continue }
            let members = JSONObject(
                [("event", .string(message.event))] + zip(table.columns.map(\.key), row(alert)).map { ($0, $1) })
            let line =
                call.context.isForPrograms
                ? JSONValue.object(members).text()
                : "\(message.event)  \(word(alert.severity))  \(alert.controlId)  \(Terminal.printable(alert.arn))  \(Terminal.printable(alert.reason))"
            Terminal.print(line + "\n")
        }
        return .ok
    }

    private static let table = Table([
        .init(key: "id", heading: "ALERT"), .init(key: "severity", heading: "SEVERITY"),
        .init(key: "control", heading: "CONTROL"),
        .init(key: "region", heading: "REGION"), .init(key: "arn", heading: "ARN", shrinks: true),
        .init(key: "reason", heading: "REASON", shrinks: true),
        .init(key: "state"), .init(key: "account"), .init(key: "resource_type"), .init(key: "title"),
        .init(key: "confirmed"),
        .init(key: "open_time"), .init(key: "first_open_time"), .init(key: "resolve_time"), .init(key: "resolution"),
        .init(key: "reopened"),
    ])

    private static func row(_ alert: Alert) -> [JSONValue] {
        [
            cell(alert.id), cell(alert.severity), cell(alert.controlId), cell(alert.region), cell(alert.arn),
            cell(alert.reason), cell(alert.state),
            cell(alert.accountId), cell(alert.resourceType), cell(alert.title), .bool(alert.confirmed),
            cell(alert.openTime),
            cell(alert.firstOpenTime), cell(alert.resolveTime), cell(alert.resolution), cell(alert.reopened),
        ]
    }

    private static func get(_ call: Invocation) async throws -> GetAlertResponse {
        var request = GetAlertRequest()
        request.alertId = try call.positional("ALERT")
        return try await call.context.services().assessment.getAlert(request)
    }

    private static func value(_ response: GetAlertResponse, explained: Bool) throws -> JSONValue {
        var members = JSONObject(zip(table.columns.map(\.key), row(response.alert ?? Alert())).map { ($0, $1) })
        members["events"] = .array(
            response.events.map {
                .object([
                    "event": .string($0.event), "time": cell($0.time), "assessment": .string($0.assessmentId),
                    "detail": .string($0.detail),
                ])
            })
        guard explained else { return .object(members) }
        members["control_definition"] = response.control.map(ControlCommands.value) ?? .null
        members["configuration"] =
            response.configuration.isEmpty ? .null : try JSONValue(parsing: response.configuration)
        members["change"] = cell(response.change)
        return .object(members)
    }

    private static func text(_ response: GetAlertResponse, explained: Bool) -> String {
        guard let alert = response.alert else { return "" }
        var text = "\(Terminal.coloured(alert.title, .bold))\n"
        let state =
            alert.state == .resolved
            ? "resolved: \(alert.resolution)"
            : alert.confirmed ? "open" : "open, not confirmed by the newest assessment"
        text +=
            "\(word(alert.severity))  \(alert.controlId)  \(state)\n\(Terminal.printable(alert.arn)) (\(alert.region))\n"
        text += "reason: \(Terminal.printable(alert.reason))\n\nhistory:\n"
        for event in response.events {
            text += "  \(Table.cell(cell(event.time)))  \(event.event)  \(Terminal.printable(event.detail))\n"
        }
        guard explained else { return text }
        if let control = response.control { text += "\ncontrol:\n\(ControlCommands.text(control))" }
        let configuration =
            (try? JSONValue(parsing: response.configuration))?.text(pretty: true) ?? response.configuration
        return text + "\nconfiguration seen (change \(response.change)):\n\(configuration)\n"
    }
}
