import JSON
import Platform

/// The endpoint that ECS, and EKS by its pod identity agent, give credentials at.
struct ContainerEndpoint: Sendable {
    /// Where `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` leads.
    static let host = "169.254.170.2"
    /// Hosts that may be asked without TLS, beside those of the machine itself.
    private static let allowed: Set<String> = [host, "169.254.170.23", "fd00:ec2::23", "localhost"]
    private static let attempts = 3
    private static let timeout = Duration.seconds(2)

    let settings: AWSSettings
    let http: LocalHTTP
    let sleep: @Sendable (Duration) async throws(CancellationError) -> Void

    func credentials(_ url: String) async throws(AWSError) -> AWSCredentials {
        guard let place = LocalURL(url) else { throw AWSError(.credentials("no http or https URL")) }
        guard place.scheme == "https" || place.isLoopback || Self.allowed.contains(place.host) else {
            throw AWSError(
                .credentials(
                    "\(place.host) may not be asked without TLS: only this machine's own addresses and "
                        + Self.allowed.sorted().joined(separator: ", ")))
        }
        var headers = [HTTPRequest.Header(name: "Accept", value: "application/json")]
        if let token = try token() { headers.append(.init(name: "Authorization", value: token)) }
        var attempt = 1
        while true {
            do throws(AWSError) { return try await once(url, headers) } catch {
                guard error.isTransient, attempt < Self.attempts else { throw error }
            }
            do { try await sleep(.seconds(1)) } catch { throw AWSError(.cancelled) }
            attempt += 1
        }
    }

    private func once(_ url: String, _ headers: [HTTPRequest.Header]) async throws(AWSError) -> AWSCredentials {
        let (status, body) = try await http.send("GET", url, headers: headers, timeout: Self.timeout)
        guard status == 200 else { throw AWSError(.credentials("it answered with HTTP \(status)"), isTransient: true) }
        guard let value = try? JSONValue(parsing: body) else {
            throw AWSError(.credentials("it answered with something that is no JSON"), isTransient: true)
        }
        return try AWSCredentials(document: value, tokenName: "Token", needsExpiration: true)
    }

    /// Sent as it is; a file is read each time, because its token is renewed.
    private func token() throws(AWSError) -> String? {
        var token = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let path = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            do { token = String(decoding: try Files.read(path, limitBytes: 1 << 16), as: UTF8.self) } catch {
                throw AWSError(.credentials("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: \(error)"))
            }
        }
        guard let token else { return nil }
        guard !token.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
            throw AWSError(.credentials("the container's authorization token holds the end of a line"))
        }
        return token
    }
}

extension AWSCredentials {
    /// Reads what an endpoint or a process answers with.
    ///
    /// - Parameter tokenName: `Token` or `SessionToken`.
    init(document: JSONValue, tokenName: String, needsExpiration: Bool) throws(AWSError) {
        func text(_ name: String) -> String? { document[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        guard let key = text("AccessKeyId"), let secret = text("SecretAccessKey") else {
            // Such a reply may say what is wrong, in words for people.
            let said = [text("Code") ?? text("code"), text("Message") ?? text("message")].compactMap { $0 }
            let words = said.isEmpty ? "" : ": " + said.joined(separator: ": ").prefix(300)
            throw AWSError(.credentials("its answer lacks AccessKeyId or SecretAccessKey\(words)"))
        }
        self.init(accessKeyID: key, secretAccessKey: secret, sessionToken: text(tokenName))
        if let end = text("Expiration") {
            guard let time = WallTime(rfc3339: end) else {
                throw AWSError(.credentials("the Expiration of its answer is no time of RFC 3339"))
            }
            expiration = time
        } else if needsExpiration {
            throw AWSError(.credentials("its answer has no Expiration"))
        }
    }
}
