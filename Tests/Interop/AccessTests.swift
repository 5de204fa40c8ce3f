import API
import JSON
import Platform
import RPC
import TestSupport
import Testing
import Wire

/// Who may call what, tried on the running services: every RPC as every identity.
extension InteropTests {
    private enum Identity: String, CaseIterable {
        case nothing, badToken, viewer, `operator`, admin, accountService, syncService, assessmentService
    }

    private static let viewers: Set<Identity> = [.viewer, .operator, .admin]
    private static let operators: Set<Identity> = [.operator, .admin]

    /// Typed by hand, so that a changed option in a `.proto` file does not go unseen.
    private static let allowed: [String: Set<Identity>] = [
        "account/CreateAccount": [.admin], "account/GetRoleTemplate": [.admin], "account/UpdateAccount": [.admin],
        "account/ListRegions": viewers, "account/TestConnection": operators, "account/ConnectAccount": [.admin],
        "account/GetAccount": viewers.union([.syncService, .assessmentService]), "account/ListAccounts": viewers,
        "account/WatchAccount": viewers, "account/EnableAccount": [.admin], "account/DisableAccount": [.admin],
        "account/DeleteAccount": [.admin], "account/GetConnection": [.syncService],
        "account/CheckToken": [.syncService, .assessmentService],

        "sync/StartSync": operators.union([.accountService]),
        "sync/GetSync": viewers.union([.accountService, .assessmentService]),
        "sync/ListSyncs": viewers.union([.accountService]), "sync/WatchSync": viewers.union([.accountService]),
        "sync/CancelSync": operators.union([.accountService]), "sync/ListAssets": viewers,
        "sync/GetAsset": viewers.union([.assessmentService]), "sync/StreamAssets": viewers.union([.assessmentService]),
        "sync/ListAssetVersions": viewers, "sync/DiffSyncs": viewers,
        "sync/GetCoverage": viewers.union([.assessmentService]),
        "sync/ListResourceTypes": viewers.union([.accountService, .assessmentService]),
        "sync/GetPermissions": viewers.union([.accountService]), "sync/Probe": [.accountService],
        "sync/PurgeAccount": [.accountService],

        "assessment/Assess": [.syncService],
        "assessment/GetAssessment": viewers.union([.accountService, .syncService]),
        "assessment/WatchAssessment": viewers.union([.accountService, .syncService]),
        "assessment/ListControls": viewers,
        "assessment/GetControl": viewers, "assessment/ListFindings": viewers, "assessment/ListAlerts": viewers,
        "assessment/GetAlert": viewers, "assessment/WatchAlerts": viewers,
        "assessment/GetPosture": viewers.union([.accountService]),
        "assessment/PurgeAccount": [.accountService],
    ]

    @Test func `every RPC answers those who may call it, and refuses everybody else`() async throws {
        let descriptors = try FileDescriptorSet(decoding: Files.read(Repository.root + "/share/parapet/descriptors.pb"))
        let paths = Self.methods(of: descriptors)
        #expect(
            Set(paths.map(\.short)) == Set(Self.allowed.keys),
            "an RPC is missing in the table, or one too many is in it")
        try await Laboratory.run { lab in
            for identity in Identity.allCases {
                for service in ["account", "sync", "assessment"] {
                    let client = try Self.client(lab, service, identity)
                    for path in paths where path.short.hasPrefix(service + "/") {
                        try await Self.expect(client, path, identity)
                    }
                    client.close()
                }
            }
        }
    }

    private static func methods(of descriptors: FileDescriptorSet) -> [(short: String, path: String)] {
        descriptors.file.filter { $0.package?.hasPrefix("parapet.") == true }.flatMap { file in
            file.service.flatMap { service in
                service.method.map { method in
                    let word = file.package?.split(separator: ".").dropFirst().first.map(String.init) ?? ""
                    return (
                        "\(word)/\(method.name ?? "")",
                        "/\(file.package ?? "").\(service.name ?? "")/\(method.name ?? "")"
                    )
                }
            }
        }
    }

    private static func client(_ lab: Laboratory, _ service: String, _ identity: Identity) throws -> RPCClient {
        let profile = try lab.profile()
        let target = profile[service + "_service"]?.string ?? ""
        let port = try #require(target.split(separator: ":").last.flatMap { UInt16($0) })
        var tls = ClientTLS(
            caFile: profile["ca_file"]?.string ?? "", expectedServerURI: "spiffe://parapet/\(service)-service")
        var token: String?
        switch identity {
        case .nothing: break
        case .badToken: token = "parapet_no_such_token"
        case .viewer: token = Laboratory.viewerToken
        case .operator: token = Laboratory.operatorToken
        case .admin: token = profile["token"]?.string
        case .accountService, .syncService, .assessmentService:
            let name = identity.rawValue.replacing("Service", with: "-service")
            tls.certFile = "\(lab.dataDirectory)/pki/\(name).pem"
            tls.keyFile = "\(lab.dataDirectory)/pki/\(name).key"
        }
        return RPCClient(ClientConfiguration(host: "127.0.0.1", port: port, tls: tls, bearerToken: token))
    }

    /// Calls with an empty request. What is refused is refused before the handler looks at it; what is allowed
    /// answers, or complains of the request.
    private static func expect(_ client: RPCClient, _ path: (short: String, path: String), _ identity: Identity)
        async throws
    {
        var code = StatusCode.ok
        do {
            for try await _ in client.streamRaw(path.path, [[]], timeout: .seconds(20)) { break }
        } catch { code = error.code }
        let isAllowed = allowed[path.short]?.contains(identity) == true
        if isAllowed {
            #expect(code != .unauthenticated && code != .permissionDenied, "\(path.short) refused \(identity): \(code)")
            // WatchAlerts waits for alerts; everything else ends by itself.
            #expect(
                code != .deadlineExceeded || path.short == "assessment/WatchAlerts",
                "\(path.short) did not end for \(identity)")
        } else {
            let refusal: StatusCode = [.nothing, .badToken].contains(identity) ? .unauthenticated : .permissionDenied
            #expect(code == refusal, "\(path.short) answered \(identity) with \(code)")
        }
    }
}
