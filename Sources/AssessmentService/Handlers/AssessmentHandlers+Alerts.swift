public import API
public import RPC
import Storage

extension AssessmentHandlers {
    public func getAlert(_ request: GetAlertRequest, _ call: CallContext) async throws(RPCError) -> GetAlertResponse {
        try Self.identifier("alert_id", request.alertId)
        let found = try await stored { () throws(StorageError) in try await store.alert(request.alertId) }
        guard let (stored, events) = found else { throw RPCError(.notFound, "alert \(request.alertId)") }
        var response = GetAlertResponse()
        response.alert = stored.alert
        response.control = explained(stored.alert)
        response.configuration = stored.configuration
        response.change = stored.change
        response.events = events
        // While it is open the newest evaluation saw what the replica holds, though the reason may be older.
        if stored.alert.state == .open {
            let path = worker.path(accountID: stored.alert.accountId)
            // On the database's thread, since it reads a file.
            let seen = try await self.stored { () throws(StorageError) in
                try await store.database.read { (_: borrowing Connection) throws(StorageError) in
                    ReplicaEvidence.configuration(path: path, type: stored.alert.resourceType, arn: stored.alert.arn)
                }
            }
            if let seen { (response.configuration, response.change) = (seen.text, seen.change) }
        }
        return response
    }

    /// The control as it is now; of one that is gone, what its alerts keep.
    private func explained(_ alert: Alert) -> Control {
        if let control = registry.control(alert.controlId) { return message(control) }
        var message = Control()
        message.id = alert.controlId
        message.title = alert.title
        message.severity = alert.severity
        message.resourceType = alert.resourceType
        message.problem = "the control was removed"
        return message
    }

    public func watchAlerts(
        _ request: WatchAlertsRequest, _ stream: ResponseStream<WatchAlertsResponse>, _ call: CallContext
    ) async throws(RPCError) {
        let account = try await accountID(request.accountId)
        // Before the alerts that are open: a change in between is then told twice rather than never.
        let signals = alertsChanged.subscribe()
        var newest = try await stored { () throws(StorageError) in try await store.newestAlertChange() }
        if request.includeOpen { try await sendOpen(account, stream) }
        for await _ in signals {
            try call.checkCancelled()
            while true {
                let after = newest
                let changes = try await stored { () throws(StorageError) in
                    try await store.alertChanges(after: after, accountID: account, limit: 100)
                }
                for change in changes {
                    try await stream.send(Self.response(change.alert, change.event))
                    newest = change.number
                }
                if changes.count < 100 { break }
            }
        }
        try call.checkCancelled()
    }

    private func sendOpen(
        _ account: String, _ stream: ResponseStream<WatchAlertsResponse>
    ) async throws(RPCError) {
        let filter = AlertFilter(accountID: account, state: Int64(AlertState.open.rawValue))
        var position: AssessmentStore.AlertPosition?
        while true {
            let after = position
            let page = try await stored { () throws(StorageError) in
                try await store.alerts(filter, after: after, limit: 100)
            }
            for stored in page { try await stream.send(Self.response(stored.alert, "open")) }
            guard page.count == 100, let last = page.last else { return }
            position = AssessmentStore.AlertPosition(
                severity: Int64(last.alert.severity.rawValue), control: last.alert.controlId, arn: last.alert.arn,
                key: last.key)
        }
    }

    private static func response(_ alert: Alert, _ event: String) -> WatchAlertsResponse {
        var response = WatchAlertsResponse()
        response.alert = alert
        response.event = event
        return response
    }
}
