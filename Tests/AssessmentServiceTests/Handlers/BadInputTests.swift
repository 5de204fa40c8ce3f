import API
import RPC
import Testing
import Wire

@testable import AssessmentService

struct BadInputTests {
    private static let long = String(repeating: "x", count: 3_000)

    private static func calls(_ handlers: AssessmentHandlers) -> [(
        name: String, code: StatusCode, call: () async throws -> Void
    )] {
        let call = CallContext()
        func assess(_ account: String, _ sync: String, _ change: Int64 = 0) -> () async throws -> Void {
            {
                var request = AssessRequest()
                (request.accountId, request.syncId, request.change) = (account, sync, change)
                _ = try await handlers.assess(request, call)
            }
        }
        func findings(_ change: @escaping (inout ListFindingsRequest) -> Void) -> () async throws -> Void {
            {
                var request = ListFindingsRequest()
                change(&request)
                _ = try await handlers.listFindings(request, call)
            }
        }
        func alerts(_ change: @escaping (inout ListAlertsRequest) -> Void) -> () async throws -> Void {
            {
                var request = ListAlertsRequest()
                change(&request)
                _ = try await handlers.listAlerts(request, call)
            }
        }
        func controls(_ change: @escaping (inout ListControlsRequest) -> Void) -> () async throws -> Void {
            {
                var request = ListControlsRequest()
                change(&request)
                _ = try await handlers.listControls(request, call)
            }
        }
        return [
            ("account_id", .invalidArgument, assess("", "s")), ("sync_id", .invalidArgument, assess("acc", "")),
            ("sync_id", .invalidArgument, assess("acc", long)), ("change", .invalidArgument, assess("acc", "s", -1)),
            ("assessment", .notFound, { _ = try await handlers.getAssessment(.with("none"), call) }),
            ("assessment_id", .invalidArgument, { _ = try await handlers.getAssessment(.with(""), call) }),
            (
                "control", .notFound,
                {
                    var request = GetControlRequest()
                    request.controlId = "none"
                    _ = try await handlers.getControl(request, call)
                }
            ),
            (
                "alert", .notFound,
                {
                    var request = GetAlertRequest()
                    request.alertId = "none"
                    _ = try await handlers.getAlert(request, call)
                }
            ),
            (
                "account_id", .invalidArgument,
                {
                    _ = try await handlers.purgeAccount(AssessmentPurgeAccountRequest(), call)
                }
            ),
            (
                "account", .notFound,
                {
                    var request = GetPostureRequest()
                    request.accountId = "nobody"
                    _ = try await handlers.getPosture(request, call)
                }
            ),
            ("page_size", .invalidArgument, findings { $0.pageSize = -1 }),
            ("status", .invalidArgument, findings { $0 = (try? ListFindingsRequest(decoding: [0x18, 99])) ?? $0 }),
            ("state", .invalidArgument, alerts { $0 = (try? ListAlertsRequest(decoding: [0x18, 99])) ?? $0 }),
            ("severity", .invalidArgument, controls { $0 = (try? ListControlsRequest(decoding: [0x10, 99])) ?? $0 }),
            ("page_size", .invalidArgument, findings { $0.pageSize = 501 }),
            ("page_token", .invalidArgument, findings { $0.pageToken = "nonsense" }),
            ("arn", .invalidArgument, findings { $0.arn = long }),
            ("account_id", .invalidArgument, findings { $0.accountId = long }),
            ("page_size", .invalidArgument, alerts { $0.pageSize = 501 }),
            ("page_token", .invalidArgument, alerts { $0.pageToken = "AAAA" }),
            ("region", .invalidArgument, alerts { $0.region = long }),
            ("page_size", .invalidArgument, controls { $0.pageSize = -2 }),
            ("page_token", .invalidArgument, controls { $0.pageToken = "x" }),
        ]
    }

    @Test func `bad input is refused with its field or id`() async throws {
        let service = try await ServiceHarness()
        for (name, code, call) in Self.calls(service.handlers) {
            let error = await #expect(throws: RPCError.self) { try await call() }
            #expect(error?.code == code)
            #expect(error?.message.hasPrefix(name) == true, "\(String(describing: error)) does not begin with \(name)")
        }
        await service.end()
    }
}

extension GetAssessmentRequest {
    fileprivate static func with(_ id: String) -> GetAssessmentRequest {
        var request = GetAssessmentRequest()
        request.assessmentId = id
        return request
    }
}
