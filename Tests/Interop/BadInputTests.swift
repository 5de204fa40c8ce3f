import API
import JSON
import Platform
import RPC
import ServiceKit
import TestSupport
import Testing
import Wire

/// Bad input at each RPC, tried on the running services: the right code, the field and the rule.
extension InteropTests {
    private struct BadCall: Sendable {
        let service: String
        let method: String
        /// The request in protobuf's JSON.
        let request: JSONValue
        let code: StatusCode
        /// Texts that the message must hold.
        let words: [String]

        init(_ service: String, _ method: String, _ request: JSONValue, _ code: StatusCode, _ words: String...) {
            self.service = service
            self.method = method
            self.request = request
            self.code = code
            self.words = words
        }
    }

    private static let badCalls: [BadCall] = [
        BadCall("account", "CreateAccount", ["name": ""], .invalidArgument, "name", "1 to 64"),
        BadCall("account", "CreateAccount", ["name": "a/b"], .invalidArgument, "name"),
        BadCall("account", "CreateAccount", ["name": "x", "externalId": "a"], .invalidArgument, "external_id", "2"),
        BadCall(
            "account", "CreateAccount", ["name": "x", "externalId": "with space"], .invalidArgument, "external_id"),
        BadCall("account", "CreateAccount", ["name": "draft"], .alreadyExists, "draft"),
        BadCall("account", "GetRoleTemplate", ["accountId": "draft"], .invalidArgument, "format"),
        BadCall("account", "GetRoleTemplate", ["accountId": "none", "format": 1], .notFound, "none"),
        BadCall(
            "account", "GetRoleTemplate", ["accountId": "draft", "format": 1, "roleName": "a b"], .invalidArgument,
            "role_name"),
        BadCall("account", "UpdateAccount", ["accountId": "draft", "name": "y"], .invalidArgument, "update_mask"),
        BadCall(
            "account", "UpdateAccount", ["accountId": "draft", "updateMask": "colour"], .invalidArgument, "update_mask",
            "colour", "role_arn"),
        BadCall(
            "account", "UpdateAccount",
            ["accountId": "draft", "updateMask": "roleArn", "roleArn": "arn:aws:iam::12:role/x"], .invalidArgument,
            "role_arn"),
        BadCall(
            "account", "UpdateAccount",
            ["accountId": "draft", "updateMask": "regions", "regions": ["names": ["mars-1"]]], .invalidArgument,
            "regions", "mars-1"),
        BadCall(
            "account", "UpdateAccount", ["accountId": "draft", "updateMask": "regions", "regions": [:]],
            .invalidArgument, "regions"),
        BadCall(
            "account", "UpdateAccount",
            ["accountId": "draft", "updateMask": "schedule", "schedule": ["everyHours": 1000]], .invalidArgument,
            "schedule"),
        BadCall(
            "account", "UpdateAccount", ["accountId": "draft", "updateMask": "externalId"], .invalidArgument,
            "external_id"),
        BadCall("account", "ListRegions", ["accountId": "none"], .notFound, "none"),
        BadCall("account", "ListRegions", ["accountId": ""], .invalidArgument, "account_id"),
        BadCall("account", "TestConnection", ["accountId": "none"], .notFound, "none"),
        BadCall("account", "TestConnection", ["accountId": "draft"], .failedPrecondition, "role"),
        BadCall("account", "TestConnection", ["accountId": "draft", "roleArn": "role"], .invalidArgument, "role_arn"),
        BadCall("account", "ConnectAccount", ["accountId": "draft"], .failedPrecondition, "role"),
        BadCall("account", "ConnectAccount", ["accountId": "draft", "roleArn": "x"], .invalidArgument, "role_arn"),
        BadCall("account", "GetAccount", ["accountId": ""], .invalidArgument, "account_id"),
        BadCall("account", "GetAccount", ["accountId": "none"], .notFound, "none"),
        BadCall("account", "ListAccounts", ["pageSize": 501], .invalidArgument, "page_size", "500"),
        BadCall("account", "ListAccounts", ["pageSize": -1], .invalidArgument, "page_size"),
        BadCall("account", "ListAccounts", ["pageToken": "forged"], .invalidArgument, "page_token"),
        BadCall("account", "WatchAccount", ["accountId": "none"], .notFound, "none"),
        BadCall("account", "EnableAccount", ["accountId": "draft"], .failedPrecondition, "draft"),
        BadCall("account", "DisableAccount", ["accountId": "draft"], .failedPrecondition, "draft"),
        BadCall("account", "DeleteAccount", ["accountId": "none"], .notFound, "none"),

        BadCall("sync", "StartSync", ["accountId": ""], .invalidArgument, "account_id"),
        BadCall("sync", "StartSync", ["accountId": "none"], .notFound, "none"),
        BadCall("sync", "StartSync", ["accountId": "draft"], .failedPrecondition, "draft"),
        BadCall("sync", "GetSync", ["syncId": "none"], .notFound, "none"),
        BadCall("sync", "GetSync", ["syncId": ""], .invalidArgument, "sync_id"),
        BadCall("sync", "ListSyncs", ["pageSize": 501], .invalidArgument, "page_size"),
        BadCall("sync", "ListSyncs", ["pageToken": "forged"], .invalidArgument, "page_token"),
        BadCall("sync", "WatchSync", ["syncId": "none"], .notFound, "none"),
        BadCall("sync", "CancelSync", [:], .invalidArgument, "sync_id"),
        BadCall("sync", "CancelSync", ["syncId": "none"], .notFound, "none"),
        BadCall("sync", "ListAssets", [:], .invalidArgument, "account_id"),
        BadCall("sync", "ListAssets", ["accountId": "none"], .notFound, "none"),
        BadCall("sync", "GetAsset", ["arn": ""], .invalidArgument, "arn"),
        BadCall("sync", "GetAsset", ["arn": "arn:aws:s3:::none"], .notFound, "arn:aws:s3:::none"),
        BadCall("sync", "ListAssetVersions", ["arn": ""], .invalidArgument, "arn"),
        BadCall("sync", "ListAssetVersions", ["arn": "arn:aws:s3:::none"], .notFound, "arn:aws:s3:::none"),
        BadCall("sync", "ListAssetVersions", ["arn": "a", "accountId": "none"], .notFound, "none"),
        BadCall("sync", "ListAssetVersions", ["arn": "a", "pageSize": 501], .invalidArgument, "page_size"),
        BadCall("sync", "DiffSyncs", ["toSyncId": "none"], .invalidArgument, "from_sync_id"),
        BadCall("sync", "DiffSyncs", ["fromSyncId": "none"], .invalidArgument, "to_sync_id"),
        BadCall("sync", "DiffSyncs", ["fromSyncId": "none", "toSyncId": "none"], .notFound, "none"),
        BadCall(
            "sync", "DiffSyncs", ["fromSyncId": "none", "toSyncId": "none", "pageSize": -1], .invalidArgument,
            "page_size"),
        BadCall("sync", "StreamAssets", ["accountId": "none"], .notFound, "none"),
        BadCall("sync", "GetCoverage", [:], .invalidArgument, "account_id"),
        BadCall("sync", "GetCoverage", ["accountId": "none"], .notFound, "none"),

        BadCall("assessment", "GetAssessment", ["assessmentId": "none"], .notFound, "none"),
        BadCall("assessment", "GetAssessment", [:], .invalidArgument, "assessment_id"),
        BadCall("assessment", "WatchAssessment", ["assessmentId": "none"], .notFound, "none"),
        BadCall("assessment", "ListControls", ["pageSize": 501], .invalidArgument, "page_size"),
        BadCall("assessment", "ListControls", ["pageToken": "forged"], .invalidArgument, "page_token"),
        BadCall("assessment", "GetControl", ["controlId": "none"], .notFound, "none"),
        BadCall("assessment", "GetControl", [:], .invalidArgument, "control_id"),
        BadCall("assessment", "ListFindings", ["accountId": "none"], .notFound, "none"),
        BadCall("assessment", "ListFindings", ["pageSize": -5], .invalidArgument, "page_size"),
        BadCall("assessment", "ListAlerts", ["accountId": "none"], .notFound, "none"),
        BadCall("assessment", "ListAlerts", ["pageToken": "forged"], .invalidArgument, "page_token"),
        BadCall("assessment", "GetAlert", ["alertId": "none"], .notFound, "none"),
        BadCall("assessment", "GetAlert", [:], .invalidArgument, "alert_id"),
        BadCall("assessment", "WatchAlerts", ["accountId": "none"], .notFound, "none"),
        BadCall("assessment", "GetPosture", ["accountId": "none"], .notFound, "none"),
    ]

    @Test func `bad input is refused with the field and the rule`() async throws {
        try await Laboratory.run { lab in
            try await lab.succeed("account", "create", "--name", "draft")
            for bad in Self.badCalls {
                let path =
                    "parapet.\(bad.service).v1.\(bad.service.prefix(1).uppercased() + bad.service.dropFirst())Service/\(bad.method)"
                let answer = try await lab.parapet("call", path, bad.request.text(), "-o", "json")
                let error = (try? JSONValue(parsing: answer.error)) ?? .null
                #expect(
                    error["status"]?.string == bad.code.name,
                    "\(bad.method) \(bad.request.text()): \(answer.output)\(answer.error)")
                Self.checkDetails(error, of: bad)
                let message = error["error"]?.string ?? ""
                for word in bad.words {
                    #expect(
                        message.contains(word),
                        "\(bad.method) \(bad.request.text()): `\(message)` does not name `\(word)`")
                }
            }
            try await Self.checkTokenOfAnotherList(lab)
            try await Self.checkMessageOverTheLimit(lab)
        }
    }

    /// What programs act on: the field of bad input, the reason of a refusal.
    private static func checkDetails(_ error: JSONValue, of bad: BadCall) {
        let fields = (error["fields"]?.array ?? []).compactMap(\.string)
        switch bad.code {
        case .invalidArgument:
            let named = fields.contains { $0.hasPrefix(bad.words.first ?? "?") }
            #expect(named, "\(bad.method) \(bad.request.text()): the details name \(fields)")
        case .failedPrecondition:
            let reason = error["reason"]?.string ?? ""
            #expect(RefusalReason(rawValue: reason) != nil, "\(bad.method) \(bad.request.text()): '\(reason)'")
        default: break
        }
    }

    private static func checkTokenOfAnotherList(_ lab: Laboratory) async throws {
        try await lab.succeed("account", "create", "--name", "second")
        let service = "parapet.account.v1.AccountService/ListAccounts"
        let first = try await lab.succeed("call", service, "{\"pageSize\": 1}", "-o", "json").object
        let token = try #require(first["nextPageToken"]?.string)
        let next = try await lab.parapet(
            "call", service, JSONValue.object(["pageSize": 1, "pageToken": .string(token)]).text(), "-o", "json")
        #expect(next.code == 0)
        #expect(next.object["accounts"]?.array?.count == 1)
        let other = JSONValue.object(["pageSize": 1, "pageToken": .string(token), "nameContains": "s"]).text()
        let refused = try await lab.parapet("call", service, other, "-o", "json")
        #expect(refused.error.contains("INVALID_ARGUMENT"), "a token of another filter was accepted")
        let elsewhere = try await lab.parapet(
            "call", "parapet.assessment.v1.AssessmentService/ListControls",
            JSONValue.object(["pageToken": .string(token)]).text(), "-o", "json")
        #expect(elsewhere.error.contains("INVALID_ARGUMENT"), "a token of another list was accepted")
    }

    private static func checkMessageOverTheLimit(_ lab: Laboratory) async throws {
        let profile = try lab.profile()
        let port = try #require(
            (profile["account_service"]?.string ?? "").split(separator: ":").last.flatMap { UInt16($0) })
        var configuration = ClientConfiguration(
            host: "127.0.0.1", port: port,
            tls: ClientTLS(
                caFile: profile["ca_file"]?.string ?? "", expectedServerURI: "spiffe://parapet/account-service"),
            bearerToken: profile["token"]?.string)
        configuration.sendLimitBytes = 16 << 20
        let client = RPCClient(configuration)
        let huge = CreateAccountRequest.with { $0.name = String(repeating: "x", count: 5 << 20) }
        let error = await #expect(throws: RPCError.self) {
            try await AccountClient(client).createAccount(huge, timeout: .seconds(30))
        }
        #expect(error?.code == .resourceExhausted)
        #expect(
            error?.message.contains("4194304") == true || error?.message.contains("4 MiB") == true,
            "\(error?.message ?? "")")
        client.close()
    }
}
