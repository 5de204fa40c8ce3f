import Platform

@testable import SyncService

/// STS, a container's endpoint and an instance's metadata service in one server. A role's key shows whose key asked
/// for it, `ROLE-BY-AKIDX`; a web identity's its token.
enum CredentialStandIn {
    static func start() throws -> StandInServer { try StandInServer { request, _ in answer(request) } }

    static let role = "/latest/meta-data/iam/security-credentials/"

    static func answer(_ request: StandInServer.Request) -> StandInServer.Answer {
        switch (request.method, request.target) {
        case ("PUT", "/latest/api/token"):
            guard request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600" else { return .reply(400, "") }
            return .reply(200, "IMDSTOKEN")
        case ("GET", role): return withToken(request, "the-role")
        case ("GET", role + "the-role"): return withToken(request, document("AKIDINSTANCE"))
        case ("GET", "/container"): return .reply(200, document("AKIDCONTAINER"))
        case ("GET", "/guarded"):
            let isKnown = request.headers["authorization"] == "container-token"
            return isKnown ? .reply(200, document("AKIDGUARDED")) : .reply(401, "who are you")
        case ("POST", _): return sts(request)
        default: return .reply(404, "")
        }
    }

    private static func withToken(_ request: StandInServer.Request, _ body: String) -> StandInServer.Answer {
        request.headers["x-aws-ec2-metadata-token"] == "IMDSTOKEN" ? .reply(200, body) : .reply(401, "")
    }

    static func document(_ key: String) -> String {
        """
        {"Code":"Success","AccessKeyId":"\(key)","SecretAccessKey":"secret","Token":"token",\
        "Expiration":"\(end)"}
        """
    }

    static var end: String {
        (WallTime(unixSeconds: WallTime.now().unixNanoseconds / 1_000_000_000) + .seconds(6 * 3600)).rfc3339()
    }

    static func form(_ request: StandInServer.Request) -> [String: String] {
        var form: [String: String] = [:]
        for pair in request.body.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { form[PercentEncoding.decode(halves[0])] = PercentEncoding.decode(halves[1]) }
        }
        return form
    }

    static func sts(_ request: StandInServer.Request) -> StandInServer.Answer {
        let form = form(request)
        let authorization = request.headers["authorization"] ?? ""
        let signer = authorization.split(separator: "Credential=").last?.split(separator: "/").first ?? "nobody"
        switch form["Action"] {
        case "AssumeRole": return reply("AssumeRole", "ROLE-BY-\(signer)")
        case "AssumeRoleWithWebIdentity" where authorization.isEmpty:
            return reply("AssumeRoleWithWebIdentity", "WEB-\(form["WebIdentityToken"] ?? "")")
        default: return .reply(400, "<ErrorResponse><Error><Code>InvalidAction</Code></Error></ErrorResponse>")
        }
    }

    static func reply(_ operation: String, _ key: String) -> StandInServer.Answer {
        .reply(
            200,
            """
            <\(operation)Response><\(operation)Result><Credentials><AccessKeyId>\(key)</AccessKeyId>\
            <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>\(end)</Expiration>\
            </Credentials></\(operation)Result></\(operation)Response>
            """)
    }
}
