import API
import RPC
import ServiceKit
import Storage

extension SyncHandlers {
    func listResourceTypes(
        _ request: ListResourceTypesRequest, _ call: CallContext
    ) async throws(RPCError) -> ListResourceTypesResponse {
        var response = ListResourceTypesResponse()
        response.resourceTypes = context.schema.types
        response.schemaHash = context.schema.hash
        return response
    }

    func getPermissions(
        _ request: GetPermissionsRequest, _ call: CallContext
    ) async throws(RPCError) -> GetPermissionsResponse {
        var response = context.permissions.permissions()
        guard request.includePrincipal else { return response }
        do throws(ReadFailure) {
            response.principalArn = try await context.aws.principal()
        } catch {
            response.principalError = "\(error.code): \(error.message)"
        }
        return response
    }

    func probe(
        _ request: ProbeRequest, _ stream: ResponseStream<ProbeResponse>, _ call: CallContext
    ) async throws(RPCError) {
        try FieldRule.length(
            "account_id", try FieldRule.required("account_id", request.accountId), in: Self.accountReference)
        try FieldRule.range("revision", request.revision, in: 0...Int64.max)
        let store = store
        let prober = Prober(
            aws: context.aws, connections: context.connections, sleep: context.sleep, now: { store.now() })
        let result = try await prober.probe(request) { text async throws(RPCError) in
            var step = ProbeResponse()
            step.progress = text
            try await stream.send(step)
        }
        var last = ProbeResponse()
        last.result = result
        try await stream.send(last)
    }

    func purgeAccount(
        _ request: SyncPurgeAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> SyncPurgeAccountResponse {
        let id = try FieldRule.required("account_id", request.accountId)
        try FieldRule.length("account_id", id, in: Self.accountReference)
        var response = SyncPurgeAccountResponse()
        let known = try await stored { () async throws(StorageError) in try await store.knownAccount(id: id) }
        guard let known else { return response }
        let open = try await stored { () async throws(StorageError) in
            try await context.coordinator.cancelAll(account: known.key, .forbidden("the account is being deleted"))
        }
        // Deleting under a run that still writes would leave parts of it behind.
        guard !open.contains(where: { $0.state.isOpen }) else {
            throw .passing(.unavailable, "account \(id): its sync has not ended yet; try again")
        }
        let act = { @Sendable (assets: Int64, connection: borrowing Connection) throws(StorageError) -> Void in
            let event = AuditEvent(call, accountID: id, detail: "\(assets) assets deleted")
            try context.audit.append(event, on: connection)
        }
        response.assets = try await stored { () async throws(StorageError) in
            try await store.writer.write { connection throws(StorageError) in
                try context.outbox.withdraw(kind: AssessmentDelivery.kind, accountID: id, on: connection)
            }
            return try await store.purge(accountID: id, noting: act)
        }
        return response
    }
}
