import API
import JSON
import RPC

/// `parapet control …`, `parapet finding list`, `parapet posture`.
enum ControlCommands {
    static let all = [list, show, findings, posture]

    static let list = Command(
        path: ["control", "list"], summary: "The controls that are evaluated",
        options: [
            Option(name: "--type", value: "TYPE", help: "only for this resource type"),
            Option(name: "--severity", value: "SEVERITY", help: "only of it: low, medium, high, critical"),
            Option(name: "--framework", value: "NAME[:ID]", help: "only those that support it, such as cis_aws_3.0"),
            limitOption,
        ],
        examples: ["parapet control list --severity critical", "parapet control list --framework fsbp:S3.5"]
    ) { call in
        let services = try call.context.services()
        let severity: Severity = try call.choice("--severity", default: .unspecified)
        let controls = try await allPages(limit: call.limit()) { token, size in
            var request = ListControlsRequest()
            request.resourceType = call.value("--type") ?? ""
            request.severity = severity
            request.framework = call.value("--framework") ?? ""
            request.pageToken = token
            request.pageSize = size
            let page = try await services.assessment.listControls(request)
            return (page.controls, page.nextPageToken)
        }
        var table = Table([
            .init(key: "severity", heading: "SEVERITY"), .init(key: "control", heading: "CONTROL"),
            .init(key: "title", heading: "TITLE", shrinks: true),
            .init(key: "resource_type", heading: "RESOURCE TYPE"), .init(key: "frameworks"),
            .init(key: "problem", heading: "PROBLEM", shrinks: true),
        ])
        for control in controls {
            table.append([
                cell(control.severity), cell(control.id), cell(control.title), cell(control.resourceType),
                .array(control.frameworks.map { .string($0) }), cell(control.problem),
            ])
        }
        call.context.print(table, empty: "no controls match")
        return .ok
    }

    static let show = Command(
        path: ["control", "show"], summary: "One control: why, how to mend, and the SQL that decides",
        positionals: [Positional(name: "CONTROL", help: "id of the control")],
        examples: ["parapet control show s3_bucket_requires_tls"]
    ) { call in
        var request = GetControlRequest()
        request.controlId = try call.positional("CONTROL")
        guard let control = try await call.context.services().assessment.getControl(request).control else {
            return .failed
        }
        call.context.print(object: value(control), text: text(control))
        return .ok
    }

    static let findings = Command(
        path: ["finding", "list"], summary: "Verdicts: pass, fail, unknown, exempt",
        options: [
            Option(name: "--account", value: "ID", help: "only of this account"),
            Option(name: "--control", value: "CONTROL", help: "only of this control"),
            Option(name: "--status", value: "STATUS", help: "only these: pass, fail, unknown, exempt"),
            Option(name: "--severity", value: "SEVERITY", help: "only of it"),
            Option(name: "--region", value: "REGION", help: "only there, or `global`"),
            Option(name: "--type", value: "TYPE", help: "only of this resource type"),
            Option(name: "--arn", value: "ARN", help: "only of this asset"),
            limitOption,
        ],
        examples: ["parapet finding list --account production --status unknown", "parapet finding list -o jsonl"]
    ) { call in
        let services = try call.context.services()
        let status: FindingStatus = try call.choice("--status", default: .unspecified)
        let severity: Severity = try call.choice("--severity", default: .unspecified)
        let findings = try await allPages(limit: call.limit()) { token, size in
            var request = ListFindingsRequest()
            request.accountId = call.value("--account") ?? ""
            request.controlId = call.value("--control") ?? ""
            request.status = status
            request.severity = severity
            request.region = call.value("--region") ?? ""
            request.resourceType = call.value("--type") ?? ""
            request.arn = call.value("--arn") ?? ""
            request.pageToken = token
            request.pageSize = size
            let page = try await services.assessment.listFindings(request)
            return (page.findings, page.nextPageToken)
        }
        var table = Table([
            .init(key: "status", heading: "STATUS"), .init(key: "severity", heading: "SEVERITY"),
            .init(key: "control", heading: "CONTROL"),
            .init(key: "region", heading: "REGION"), .init(key: "arn", heading: "ARN", shrinks: true),
            .init(key: "reason", heading: "REASON", shrinks: true),
            .init(key: "account"), .init(key: "resource_type"), .init(key: "since_time"), .init(key: "assessment"),
        ])
        for finding in findings {
            table.append([
                cell(finding.status), cell(finding.severity), cell(finding.controlId), cell(finding.region),
                cell(finding.arn), cell(finding.reason),
                cell(finding.accountId), cell(finding.resourceType), cell(finding.sinceTime),
                cell(finding.assessmentId),
            ])
        }
        call.context.print(table, empty: "no findings match")
        return .ok
    }

    static let posture = Command(
        path: ["posture"], summary: "Score and verdicts by severity, with the share of evidence behind them",
        positionals: [Positional(name: "ID", help: "id or name of the account; default: all", required: false)],
        examples: ["parapet posture", "parapet posture production -o json"]
    ) { call in
        var request = GetPostureRequest()
        request.accountId = call.optional("ID") ?? ""
        let posture = try await call.context.services().assessment.getPosture(request)
        call.context.print(object: value(posture), text: text(posture))
        return .ok
    }

    static func value(_ control: Control) -> JSONValue {
        .object([
            "control": .string(control.id), "title": .string(control.title), "severity": cell(control.severity),
            "resource_type": .string(control.resourceType),
            "frameworks": .array(control.frameworks.map { .string($0) }),
            "rationale": .string(control.rationale), "remediation": .string(control.remediation),
            "tables": .array(control.tables.map { .string($0) }),
            "sql": .string(control.sql), "problem": .string(control.problem),
        ])
    }

    static func text(_ control: Control) -> String {
        var text =
            "\(Terminal.coloured(control.id, .bold))  \(word(control.severity))  \(control.resourceType)\n\(control.title)\n\n\(control.rationale)\n"
        if !control.remediation.isEmpty { text += "\nhow to mend:\n\(control.remediation)\n" }
        if !control.frameworks.isEmpty { text += "\nsupports: \(control.frameworks.joined(separator: ", "))\n" }
        if !control.tables.isEmpty { text += "reads: \(control.tables.joined(separator: ", "))\n" }
        if !control.problem.isEmpty { text += "cannot be evaluated: \(control.problem)\n" }
        return text + (control.sql.isEmpty ? "" : "\n\(control.sql)\n")
    }

    private static func value(_ posture: GetPostureResponse) -> JSONValue {
        .object([
            "score_percent": .double(posture.scorePercent), "evidence_percent": .double(posture.evidencePercent),
            "open_alerts": cell(posture.openAlerts), "assess_time": cell(posture.assessTime),
            "assessment": .string(posture.assessmentId),
            "severities": .array(
                posture.severities.map {
                    .object([
                        "severity": cell($0.severity), "passed": cell($0.passed), "failed": cell($0.failed),
                        "unknown": cell($0.unknown),
                        "exempt": cell($0.exempt), "open_alerts": cell($0.openAlerts),
                    ])
                }),
        ])
    }

    private static func text(_ posture: GetPostureResponse) -> String {
        guard posture.scorePercent >= 0 else { return "no verdicts yet\n" }
        var table = Table([
            .init(key: "severity", heading: "SEVERITY"), .init(key: "passed", heading: "PASS"),
            .init(key: "failed", heading: "FAIL"),
            .init(key: "unknown", heading: "UNKNOWN"), .init(key: "exempt", heading: "EXEMPT"),
            .init(key: "open_alerts", heading: "OPEN ALERTS"),
        ])
        for row in posture.severities {
            table.append([
                cell(row.severity), cell(row.passed), cell(row.failed), cell(row.unknown), cell(row.exempt),
                cell(row.openAlerts),
            ])
        }
        let head =
            "score \(Int(posture.scorePercent.rounded())) % on \(Int(posture.evidencePercent.rounded())) % of the evidence, \(counted(posture.openAlerts, "open alert"))\n\n"
        return head + table.text(.table, width: nil)
    }
}
