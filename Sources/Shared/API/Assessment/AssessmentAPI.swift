public import RPC

/// AssessmentService evaluates controls and keeps findings and alerts.
///
/// Each method ends with its response or with one of the canonical codes; a stream ends when its method returns.
public protocol AssessmentAPI: RPCService {
    /// Assess evaluates all controls on what a sync left, and answers when the assessment has ended. A second call
    /// for the same sync joins the first, or returns its result.
    func assess(_ request: AssessRequest, _ call: CallContext) async throws(RPCError) -> AssessResponse

    /// GetAssessment returns one assessment.
    func getAssessment(
        _ request: GetAssessmentRequest, _ call: CallContext
    ) async throws(RPCError) -> GetAssessmentResponse

    /// WatchAssessment streams progress: a message at once, one at each change, a last one when it has ended.
    func watchAssessment(
        _ request: WatchAssessmentRequest, _ stream: ResponseStream<WatchAssessmentResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// ListControls returns controls ordered by id, without their SQL.
    func listControls(
        _ request: ListControlsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListControlsResponse

    /// GetControl returns one control with its SQL.
    func getControl(_ request: GetControlRequest, _ call: CallContext) async throws(RPCError) -> GetControlResponse

    /// ListFindings returns verdicts ordered by account, control and ARN.
    func listFindings(
        _ request: ListFindingsRequest, _ call: CallContext
    ) async throws(RPCError) -> ListFindingsResponse

    /// ListAlerts returns alerts, the most severe first, then by control and ARN.
    func listAlerts(_ request: ListAlertsRequest, _ call: CallContext) async throws(RPCError) -> ListAlertsResponse

    /// GetAlert returns an alert with its history and its explanation: control, SQL, configuration seen.
    func getAlert(_ request: GetAlertRequest, _ call: CallContext) async throws(RPCError) -> GetAlertResponse

    /// WatchAlerts streams alerts as they open, reopen and resolve, from now on, until the caller ends it.
    func watchAlerts(
        _ request: WatchAlertsRequest, _ stream: ResponseStream<WatchAlertsResponse>, _ call: CallContext
    ) async throws(RPCError)

    /// GetPosture counts verdicts and alerts by severity, with the share of evidence behind them.
    func getPosture(_ request: GetPostureRequest, _ call: CallContext) async throws(RPCError) -> GetPostureResponse

    /// PurgeAccount deletes all that is stored of an account. Repeating it is harmless.
    func purgeAccount(
        _ request: AssessmentPurgeAccountRequest, _ call: CallContext
    ) async throws(RPCError) -> AssessmentPurgeAccountResponse
}

extension AssessmentAPI {
    public static var serviceName: String { AssessmentMethods.service }

    /// Adds every method of the service.
    public func register(on router: inout Router) {
        router.unary(AssessmentMethods.assess) { request, call throws(RPCError) in
            try await assess(request, call)
        }
        router.unary(AssessmentMethods.getAssessment) { request, call throws(RPCError) in
            try await getAssessment(request, call)
        }
        router.serverStreaming(AssessmentMethods.watchAssessment) { request, stream, call throws(RPCError) in
            try await watchAssessment(request, stream, call)
        }
        router.unary(AssessmentMethods.listControls) { request, call throws(RPCError) in
            try await listControls(request, call)
        }
        router.unary(AssessmentMethods.getControl) { request, call throws(RPCError) in
            try await getControl(request, call)
        }
        router.unary(AssessmentMethods.listFindings) { request, call throws(RPCError) in
            try await listFindings(request, call)
        }
        router.unary(AssessmentMethods.listAlerts) { request, call throws(RPCError) in
            try await listAlerts(request, call)
        }
        router.unary(AssessmentMethods.getAlert) { request, call throws(RPCError) in
            try await getAlert(request, call)
        }
        router.serverStreaming(AssessmentMethods.watchAlerts) { request, stream, call throws(RPCError) in
            try await watchAlerts(request, stream, call)
        }
        router.unary(AssessmentMethods.getPosture) { request, call throws(RPCError) in
            try await getPosture(request, call)
        }
        router.unary(AssessmentMethods.purgeAccount) { request, call throws(RPCError) in
            try await purgeAccount(request, call)
        }
    }
}
