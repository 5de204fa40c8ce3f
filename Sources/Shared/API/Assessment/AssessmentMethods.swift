public import RPC

/// The methods of `parapet.assessment.v1.AssessmentService`.
public enum AssessmentMethods {
    /// Full name of the service.
    public static let service = "parapet.assessment.v1.AssessmentService"

    public static let assess = Method<AssessRequest, AssessResponse>(
        service: service, name: "Assess")
    public static let getAssessment = Method<GetAssessmentRequest, GetAssessmentResponse>(
        service: service, name: "GetAssessment")
    public static let watchAssessment = Method<WatchAssessmentRequest, WatchAssessmentResponse>(
        service: service, name: "WatchAssessment")
    public static let listControls = Method<ListControlsRequest, ListControlsResponse>(
        service: service, name: "ListControls")
    public static let getControl = Method<GetControlRequest, GetControlResponse>(
        service: service, name: "GetControl")
    public static let listFindings = Method<ListFindingsRequest, ListFindingsResponse>(
        service: service, name: "ListFindings")
    public static let listAlerts = Method<ListAlertsRequest, ListAlertsResponse>(
        service: service, name: "ListAlerts")
    public static let getAlert = Method<GetAlertRequest, GetAlertResponse>(
        service: service, name: "GetAlert")
    public static let watchAlerts = Method<WatchAlertsRequest, WatchAlertsResponse>(
        service: service, name: "WatchAlerts")
    public static let getPosture = Method<GetPostureRequest, GetPostureResponse>(
        service: service, name: "GetPosture")
    public static let purgeAccount = Method<AssessmentPurgeAccountRequest, AssessmentPurgeAccountResponse>(
        service: service, name: "PurgeAccount")
}
