import JSON
import Platform

/// The metadata service of an EC2 instance (IMDS): a token first, then the role's name, then its credentials.
struct InstanceMetadata: Sendable {
    private static let path = "latest/meta-data/iam/security-credentials/"
    /// How long a token of the service is valid; one is asked for each time.
    private static let tokenSeconds = "21600"

    let settings: AWSSettings
    let http: LocalHTTP
    let clock: any WallClock
    /// Uniform in `0..<1`.
    let random: @Sendable () -> Double

    func credentials() async throws(AWSError) -> AWSCredentials {
        guard settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else {
            throw AWSError(.credentials("AWS_EC2_METADATA_DISABLED is true"))
        }
        let base = try baseURL()
        let token = try await token(base)
        let role = String(decoding: try await get(base + Self.path, token), as: UTF8.self)
        guard role.utf8.allSatisfy(Self.isOfRoleName), !role.isEmpty else {
            throw AWSError(.credentials("the metadata service names no role: has the instance a profile with one?"))
        }
        let body = try await get(base + Self.path + role, token)
        guard let value = try? JSONValue(parsing: body) else {
            throw AWSError(.credentials("the metadata service's credentials are no JSON"), isTransient: true)
        }
        var found = try AWSCredentials(document: value, tokenName: "Token", needsExpiration: true)
        if let end = found.expiration { found.expiration = extended(end) }
        return found
    }

    /// Where the service itself could not renew, its old credentials are used on and asked for anew some 20 minutes
    /// later: AWS takes them for longer than they say.
    private func extended(_ end: WallTime) -> WallTime {
        let window = RenewedCredentials.advisory + .seconds(120 + Int64(random() * 480))
        return clock.now() + window < end ? end : clock.now() + window
    }

    private func baseURL() throws(AWSError) -> String {
        let mode = settings.value(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")?.lowercased()
        guard mode == nil || mode == "ipv4" || mode == "ipv6" else {
            throw AWSError(.credentials("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is ipv4 or ipv6"))
        }
        let isIPv6 = mode.map { $0 == "ipv6" } ?? settings.flag("AWS_IMDS_USE_IPV6", "imds_use_ipv6")
        let usual = isIPv6 ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/"
        let base = settings.value("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") ?? usual
        guard LocalURL(base) != nil else {
            throw AWSError(.credentials("AWS_EC2_METADATA_SERVICE_ENDPOINT is no http or https URL"))
        }
        return base.hasSuffix("/") ? base : base + "/"
    }

    private var timeout: Duration {
        let seconds =
            settings.value("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout").flatMap { Int($0) } ?? 1
        return .seconds(min(max(seconds, 1), 60))
    }

    private var attempts: Int {
        let count = settings.value("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")
        return min(max(count.flatMap { Int($0) } ?? 1, 1), 10)
    }

    /// Nil where the service has no tokens, or its answer did not reach us: then the first version is asked.
    private func token(_ base: String) async throws(AWSError) -> String? {
        let headers = [HTTPRequest.Header(name: "x-aws-ec2-metadata-token-ttl-seconds", value: Self.tokenSeconds)]
        var failure: AWSError?
        for _ in 0..<attempts {
            do throws(AWSError) {
                let (status, body) = try await http.send(
                    "PUT", base + "latest/api/token", headers: headers, timeout: timeout)
                switch status {
                case 200 where Self.isToken(body): return String(decoding: body, as: UTF8.self)
                case 400: throw AWSError(.credentials("the metadata service refuses to give a token"))
                case 403, 404, 405: return try first("it gives no token (HTTP \(status))")
                default: failure = AWSError(.credentials("it answered with HTTP \(status)"))
                }
            } catch {
                switch error.kind {
                case .timeout: return try first("it did not answer in \(timeout.components.seconds) s \(Self.hop)")
                case .connection, .malformed: failure = error
                default: throw error
                }
            }
        }
        throw AWSError(
            .credentials("the metadata service cannot be asked: \(failure?.message ?? "no answer")"), isTransient: true)
    }

    private static let hop =
        "(from a container its answer needs a hop limit of 2: aws ec2 modify-instance-metadata-options "
        + "--http-put-response-hop-limit 2)"

    /// The first version is asked without a token, unless it is switched off here.
    private func first(_ reason: String) throws(AWSError) -> String? {
        if settings.flag("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled") {
            throw AWSError(
                .credentials("no token of the metadata service: \(reason); its first version is disabled"),
                isTransient: true)
        }
        return nil
    }

    private func get(_ url: String, _ token: String?) async throws(AWSError) -> [UInt8] {
        let headers = token.map { [HTTPRequest.Header(name: "x-aws-ec2-metadata-token", value: $0)] } ?? []
        var words = ""
        for _ in 0..<attempts {
            do throws(AWSError) {
                let (status, body) = try await http.send("GET", url, headers: headers, timeout: timeout)
                if status == 200, !body.isEmpty { return body }
                words = status == 404 ? "the instance has no role (HTTP 404)" : "it answered with HTTP \(status)"
            } catch {
                if error.kind == .cancelled { throw error }
                words = error.message
            }
        }
        if token == nil, !words.contains("404") { words += " \(Self.hop)" }
        throw AWSError(.credentials("the metadata service: \(words)"), isTransient: true)
    }

    private static func isOfRoleName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_+=,.@-".utf8.contains(byte)
        }
    }

    private static func isToken(_ body: [UInt8]) -> Bool {
        !body.isEmpty && body.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
