public import RPC

/// Calls `parapet.assessment.v1.AssessmentService` over a client's connection; ``AssessmentAPI`` says what each
/// method does.
///
/// A timeout of nil waits for as long as the client's configuration does. A watch ends when its sequence is given up.
public struct AssessmentClient: Sendable {
    private let rpc: RPCClient

    public init(_ rpc: RPCClient) { self.rpc = rpc }

    public func assess(
        _ request: AssessRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> AssessResponse {
        try await rpc.unary(AssessmentMethods.assess, request, timeout: timeout)
    }

    public func getAssessment(
        _ request: GetAssessmentRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetAssessmentResponse {
        try await rpc.unary(AssessmentMethods.getAssessment, request, timeout: timeout)
    }

    public func watchAssessment(
        _ request: WatchAssessmentRequest, timeout: Duration? = nil
    ) -> ResponseSequence<WatchAssessmentResponse> {
        rpc.serverStreaming(AssessmentMethods.watchAssessment, request, timeout: timeout)
    }

    public func listControls(
        _ request: ListControlsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListControlsResponse {
        try await rpc.unary(AssessmentMethods.listControls, request, timeout: timeout)
    }

    public func getControl(
        _ request: GetControlRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetControlResponse {
        try await rpc.unary(AssessmentMethods.getControl, request, timeout: timeout)
    }

    public func listFindings(
        _ request: ListFindingsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListFindingsResponse {
        try await rpc.unary(AssessmentMethods.listFindings, request, timeout: timeout)
    }

    public func listAlerts(
        _ request: ListAlertsRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> ListAlertsResponse {
        try await rpc.unary(AssessmentMethods.listAlerts, request, timeout: timeout)
    }

    public func getAlert(
        _ request: GetAlertRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetAlertResponse {
        try await rpc.unary(AssessmentMethods.getAlert, request, timeout: timeout)
    }

    public func watchAlerts(
        _ request: WatchAlertsRequest, timeout: Duration? = nil
    ) -> ResponseSequence<WatchAlertsResponse> {
        rpc.serverStreaming(AssessmentMethods.watchAlerts, request, timeout: timeout)
    }

    public func getPosture(
        _ request: GetPostureRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> GetPostureResponse {
        try await rpc.unary(AssessmentMethods.getPosture, request, timeout: timeout)
    }

    public func purgeAccount(
        _ request: AssessmentPurgeAccountRequest, timeout: Duration? = nil
    ) async throws(RPCError) -> AssessmentPurgeAccountResponse {
        try await rpc.unary(AssessmentMethods.purgeAccount, request, timeout: timeout)
    }
}
