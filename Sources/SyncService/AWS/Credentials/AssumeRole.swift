import JSON
import Platform

/// Assumes a role by STS.
struct AssumeRole: Sendable {
    let client: AWSClient
    /// The service's own credentials.
    let source: any CredentialsProvider

    /// New credentials of a role.
    ///
    /// - Parameters:
    ///   - externalID: Sent if given. It occurs in no error: where AWS's message holds it, it is masked.
    ///   - sessionName: Shown in CloudTrail; 2 to 64 of `[\w+=,.@-]`.
    ///   - region: Whose STS endpoint is asked.
    ///   - duration: 15 minutes to 12 hours; by a role that was itself assumed, an hour at most.
    func assume(
        roleARN: String, externalID: String?, sessionName: String, region: String, duration: Duration = .seconds(3600)
    ) async throws(AWSError) -> AWSCredentials {
        var input: JSONObject = [
            "RoleArn": .string(roleARN), "RoleSessionName": .string(sessionName),
            "DurationSeconds": .integer(duration.components.seconds),
        ]
        if let externalID { input["ExternalId"] = .string(externalID) }
        let output: JSONValue
        do throws(AWSError) {
            output = try await client.call(
                service: "sts", operation: "AssumeRole", region: region, parameters: .object(input),
                credentials: source, account: roleARN
            ).value()
        } catch { throw error.masking(externalID) }
        guard let keys = output["Credentials"], let id = keys["AccessKeyId"]?.string,
            let secret = keys["SecretAccessKey"]?.string, let token = keys["SessionToken"]?.string,
            let end = keys["Expiration"]?.string.flatMap(WallTime.init(rfc3339:)), !id.isEmpty, !secret.isEmpty
        else { throw AWSError(.malformed("sts:AssumeRole answered without complete credentials")) }
        return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end)
    }
}

extension AWSError {
    /// Without a secret in its message.
    func masking(_ secret: String?) -> AWSError {
        guard let secret, !secret.isEmpty, message.contains(secret) else { return self }
        let masked = message.replacing(secret, with: "***")
        var error = self
        switch kind {
        case .service(let code, _, let status): error.kind = .service(code: code, message: masked, httpStatus: status)
        case .throttled(let code, _, let status):
            error.kind = .throttled(code: code, message: masked, httpStatus: status)
        case .request: error.kind = .request(masked)
        default: error.kind = .malformed(masked)
        }
        return error
    }
}
