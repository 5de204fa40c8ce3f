public import API
public import RPC
import ServiceKit

extension AssessmentHandlers {
    public func listControls(
        _ request: ListControlsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListControlsResponse {
        try Self.filterTexts(("resource_type", request.resourceType), ("framework", request.framework))
        try Self.filterChoices(request.unknownFields, [2: "severity"])
        let limit = try Self.pageSize(request.pageSize)
        let filter = [request.resourceType, "\(request.severity.rawValue)", request.framework]
        let position = try pageTokens.read(request.pageToken, list: "ListControls", filter: filter)?.first ?? ""
        await learnSchema()
        let matching = registry.controls.filter { control in
            control.id > position && (request.resourceType.isEmpty || control.resourceType == request.resourceType)
                && (request.severity == .unspecified || control.severity.rawValue == Int(request.severity.rawValue))
                && (request.framework.isEmpty || control.supports(request.framework))
        }
        var response = ListControlsResponse()
        response.controls = matching.prefix(limit).map { control in
            var message = message(control)
            (message.sql, message.tables) = ("", [])
            return message
        }
        if matching.count > limit, let last = response.controls.last {
            response.nextPageToken = pageTokens.issue(list: "ListControls", filter: filter, position: [last.id])
        }
        return response
    }

    public func getControl(
        _ request: GetControlRequest, _ call: CallContext
    ) async throws(RPCError) -> GetControlResponse {
        try Self.identifier("control_id", request.controlId)
        guard let control = registry.control(request.controlId) else {
            throw RPCError(.notFound, "control \(request.controlId)")
        }
        await learnSchema()
        var response = GetControlResponse()
        response.control = message(control)
        return response
    }

    /// Which tables a control reads shows only with a schema. Without one the answer is poorer, and still an answer.
    private func learnSchema() async {
        guard catalogue.isEmpty else { return }
        do { _ = try await catalogue.refresh(sync) } catch {
            logger.debug("no schema yet", ["error": "\(error)"])
        }
    }

    func message(_ control: ControlDefinition) -> Control {
        let check = catalogue.check(control.id)
        var message = Control()
        message.id = control.id
        message.title = control.title
        message.severity =
            control.problem == nil ? Severity(rawValue: Int32(control.severity.rawValue)) ?? .unspecified : .unspecified
        message.resourceType = control.resourceType
        message.frameworks = control.frameworks
        message.rationale = control.rationale
        message.remediation = control.remediation
        message.sql = control.sql
        message.tables = check?.tables ?? []
        message.problem = control.problem ?? check?.problem ?? ""
        return message
    }
}

extension ControlDefinition {
    /// - Parameter framework: A framework, or framework:requirement.
    func supports(_ framework: String) -> Bool {
        frameworks.contains { $0 == framework || $0.hasPrefix(framework + ":") }
    }
}
