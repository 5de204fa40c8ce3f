public import API
public import RPC
import ServiceKit
import Storage

extension AssessmentHandlers {
    public func listFindings(
        _ request: ListFindingsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListFindingsResponse {
        try Self.filterTexts(
            ("control_id", request.controlId), ("region", request.region), ("resource_type", request.resourceType),
            ("arn", request.arn))
        try Self.filterChoices(request.unknownFields, [3: "status", 4: "severity"])
        let limit = try Self.pageSize(request.pageSize)
        let filter = FindingFilter(
            accountID: try await accountID(request.accountId), control: request.controlId,
            status: Self.number(request.status.rawValue), severity: Self.number(request.severity.rawValue),
            region: request.region, type: request.resourceType, arn: request.arn)
        let bound = [
            filter.accountID, filter.control, "\(request.status.rawValue)", "\(request.severity.rawValue)",
            filter.region, filter.type, filter.arn,
        ]
        let token = try pageTokens.read(request.pageToken, list: "ListFindings", filter: bound)
        let position = token.flatMap { AssessmentStore.FindingPosition($0) }
        let (findings, total) = try await stored { () throws(StorageError) in
            (
                try await store.findings(filter, after: position, limit: limit + 1),
                try await store.countFindings(filter)
            )
        }
        var response = ListFindingsResponse()
        response.findings = Array(findings.prefix(limit))
        response.total = total
        if findings.count > limit, let last = response.findings.last {
            response.nextPageToken = pageTokens.issue(
                list: "ListFindings", filter: bound, position: [last.accountId, last.controlId, last.arn])
        }
        return response
    }

    public func listAlerts(
        _ request: ListAlertsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListAlertsResponse {
        try Self.filterTexts(
            ("control_id", request.controlId), ("region", request.region), ("resource_type", request.resourceType),
            ("arn", request.arn))
        try Self.filterChoices(request.unknownFields, [3: "state", 4: "severity"])
        let limit = try Self.pageSize(request.pageSize)
        let filter = AlertFilter(
            accountID: try await accountID(request.accountId), control: request.controlId,
            state: Self.number(request.state.rawValue), severity: Self.number(request.severity.rawValue),
            region: request.region, type: request.resourceType, arn: request.arn)
        let bound = [
            filter.accountID, filter.control, "\(request.state.rawValue)", "\(request.severity.rawValue)",
            filter.region, filter.type, filter.arn,
        ]
        let token = try pageTokens.read(request.pageToken, list: "ListAlerts", filter: bound)
        let position = token.flatMap { AssessmentStore.AlertPosition($0) }
        let (alerts, total) = try await stored { () throws(StorageError) in
            (try await store.alerts(filter, after: position, limit: limit + 1), try await store.countAlerts(filter))
        }
        var response = ListAlertsResponse()
        response.alerts = alerts.prefix(limit).map(\.alert)
        response.total = total
        if alerts.count > limit {
            let last = alerts[limit - 1]
            response.nextPageToken = pageTokens.issue(
                list: "ListAlerts", filter: bound,
                position: ["\(last.alert.severity.rawValue)", last.alert.controlId, last.alert.arn, "\(last.key)"])
        }
        return response
    }

    /// nil for `unspecified`, which filters nothing.
    private static func number(_ value: Int32) -> Int64? { value == 0 ? nil : Int64(value) }
}

extension AssessmentStore.FindingPosition {
    init?(_ token: [String]) {
        guard token.count == 3 else { return nil }
        self.init(account: token[0], control: token[1], arn: token[2])
    }
}

extension AssessmentStore.AlertPosition {
    init?(_ token: [String]) {
        guard token.count == 4, let severity = Int64(token[0]), let key = Int64(token[3]) else { return nil }
        self.init(severity: severity, control: token[1], arn: token[2], key: key)
    }
}
