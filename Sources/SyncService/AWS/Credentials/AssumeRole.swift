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
    ///   - region: Whose STS endpoint is asked; where it cannot be reached, another one of its partition is.
    ///   - duration: 15 minutes to 12 hours; by a role that was itself assumed, an hour at most.
    func assume(
        roleARN: String, externalID: String?, sessionName: String, region: String, duration: Duration = .seconds(3600)
    ) async throws(AWSError) -> AWSCredentials {
        var input: JSONObject = [
            "RoleArn": .string(roleARN), "RoleSessionName": .string(sessionName),
            "DurationSeconds": .integer(duration.components.seconds),
        ]
        if let externalID { input["ExternalId"] = .string(externalID) }
        do throws(AWSError) { return try await ask("AssumeRole", input, region) } catch {
            throw error.masking(externalID)
        }
    }

    /// New credentials of a role, by a token that somebody else signed. Nothing is signed, and the token is masked.
    func assume(
        roleARN: String, webIdentityToken: String, sessionName: String, region: String
    ) async throws(AWSError) -> AWSCredentials {
        let input: JSONObject = [
            "RoleArn": .string(roleARN), "RoleSessionName": .string(sessionName),
            "WebIdentityToken": .string(webIdentityToken),
        ]
        do throws(AWSError) { return try await ask("AssumeRoleWithWebIdentity", input, region) } catch {
            throw error.masking(webIdentityToken)
        }
    }

    private func ask(
        _ operation: String, _ input: JSONObject, _ region: String
    ) async throws(AWSError) -> AWSCredentials {
        let account = input["RoleArn"]?.string ?? ""
        do throws(AWSError) { return try await once(operation, input, region, account) } catch {
            // A session that one region's STS gave works in all regions, so another one does as well.
            guard error.isOfPath, let other = client.partitions.fallback(of: region) else { throw error }
            do throws(AWSError) { return try await once(operation, input, other, account) } catch let second {
                throw second.isOfPath ? error : second
            }
        }
    }

    private func once(
        _ operation: String, _ input: JSONObject, _ region: String, _ account: String
    ) async throws(AWSError) -> AWSCredentials {
        let output = try await client.call(
            service: "sts", operation: operation, region: region, parameters: .object(input), credentials: source,
            account: account
        ).value()
        guard let keys = output["Credentials"], let id = keys["AccessKeyId"]?.string,
            let secret = keys["SecretAccessKey"]?.string, let token = keys["SessionToken"]?.string,
            let end = keys["Expiration"]?.string.flatMap(WallTime.init(rfc3339:)), !id.isEmpty, !secret.isEmpty
        else { throw AWSError(.malformed("sts:\(operation) answered without complete credentials")) }
        // By this machine's clock, which decides when they are renewed.
        let own = end - client.clockAhead(service: "sts", region: region)
        return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: own)
    }
}

extension Partitions {
    /// Another region to ask what any region of the partition can answer: the home region or, from there, a neighbour
    /// that is on for every account (the first by name that begins as the home region does).
    func fallback(of region: String) -> String? {
        guard let partition = partition(ofRegion: region) else { return nil }
        if region != partition.homeRegion { return partition.homeRegion }
        let land = partition.homeRegion.prefix { $0 != "-" }
        return partition.regions.map(\.name).filter { $0 != region && $0.hasPrefix("\(land)-") }.min()
    }
}

extension AWSError {
    /// Whether no answer came at all.
    fileprivate var isOfPath: Bool {
        switch kind {
        case .connection, .timeout: true
        default: false
        }
    }

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
