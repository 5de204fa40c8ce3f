public import RPC

/// The methods of `parapet.assessment.v1.AssessmentService`.
public enum AssessmentMethods {
    /// Full name of the service.
    public static let service = "parapet.assessment.v1.AssessmentService"

    public static let assess = Method<AssessRequest, AssessResponse>(
        service: service, name: "Assess")
    public static let getAssessment = Method<GetAssessmentRequest, GetAssessmentResponse>(
        service: service, name: "GetAssessment", isReadOnly: true)
    public static let watchAssessment = Method<WatchAssessmentRequest, WatchAssessmentResponse>(
        service: service, name: "WatchAssessment", isReadOnly: true)
    public static let listControls = Method<ListControlsRequest, ListControlsResponse>(
        service: service, name: "ListControls", isReadOnly: true)
    public static let getControl = Method<GetControlRequest, GetControlResponse>(
        service: service, name: "GetControl", isReadOnly: true)
    public static let listFindings = Method<ListFindingsRequest, ListFindingsResponse>(
        service: service, name: "ListFindings", isReadOnly: true)
    public static let listAlerts = Method<ListAlertsRequest, ListAlertsResponse>(
        service: service, name: "ListAlerts", isReadOnly: true)
    public static let getAlert = Method<GetAlertRequest, GetAlertResponse>(
        service: service, name: "GetAlert", isReadOnly: true)
    public static let watchAlerts = Method<WatchAlertsRequest, WatchAlertsResponse>(
        service: service, name: "WatchAlerts", isReadOnly: true)
    public static let getPosture = Method<GetPostureRequest, GetPostureResponse>(
        service: service, name: "GetPosture", isReadOnly: true)
    public static let purgeAccount = Method<AssessmentPurgeAccountRequest, AssessmentPurgeAccountResponse>(
        service: service, name: "PurgeAccount")
}
