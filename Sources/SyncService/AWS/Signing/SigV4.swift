import Crypto
import Platform
import Synchronization

/// Signs requests as AWS's Signature Version 4 asks for, by the `Authorization` header.
struct SigV4: Sendable {
    struct Options: Sendable {
        /// The path is normalised and encoded once more; S3 alone signs it as it is sent.
        var normalizesPath = true
        /// `X-Amz-Content-Sha256` is sent and signed, as S3 demands.
        var signsBodyHeader = false
        /// The session token is added after signing; no service we call wants that, the test suite does.
        var addsTokenUnsigned = false

        static let s3 = Options(normalizesPath: false, signsBodyHeader: true)
        static let standard = Options()
    }

    let region: String
    let service: String
    var options = Options.standard

    /// What is signed, for tests to look at.
    struct Trace: Sendable, Equatable {
        var canonicalRequest: String
        var stringToSign: String
        var signature: String
    }

    /// Adds `X-Amz-Date`, the token, the body's hash where asked for, and `Authorization`.
    @discardableResult
    func sign(
        _ request: inout HTTPRequest, with credentials: AWSCredentials, at time: WallTime, keys: SigningKeys? = nil
    ) -> Trace {
        let stamp = Self.stamp(time)
        if !request.headers.contains(where: { $0.name.lowercased() == "host" }) {
            request.headers.append(.init(name: "Host", value: request.authority))
        }
        request.setHeader("X-Amz-Date", stamp)
        let bodyHash = Hex.encode(SHA256.digest(request.body))
        if options.signsBodyHeader { request.setHeader("X-Amz-Content-Sha256", bodyHash) }
        if let token = credentials.sessionToken, !options.addsTokenUnsigned {
            request.setHeader("X-Amz-Security-Token", token)
        }
        let headers = canonicalHeaders(request.headers)
        let signed = headers.map(\.name).joined(separator: ";")
        let canonical = canonicalRequest(request, headers: headers, signed: signed, bodyHash: bodyHash)
        let day = String(stamp.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let toSign = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n" + Hex.encode(SHA256.digest(canonical))
        let key =
            keys?.key(credentials, day: day, region: region, service: service)
            ?? SigningKeys.derive(credentials.secretAccessKey, day: day, region: region, service: service)
        let signature = Hex.encode(HMACSHA256.authenticate(Array(toSign.utf8), key: key))
        request.setHeader(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(signed), "
                + "Signature=\(signature)")
        if let token = credentials.sessionToken, options.addsTokenUnsigned {
            request.setHeader("X-Amz-Security-Token", token)
        }
        return Trace(canonicalRequest: canonical, stringToSign: toSign, signature: signature)
    }

    private func canonicalRequest(
        _ request: HTTPRequest, headers: [HTTPRequest.Header], signed: String, bodyHash: String
    ) -> String {
        let path =
            options.normalizesPath
            ? PercentEncoding.encode(Self.normalized(request.path), keepingSlash: true)
            : PercentEncoding.encode(PercentEncoding.decode(request.path), keepingSlash: true)
        let query = request.query
            .map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0.0 == $1.0 ? Self.precedes($0.1, $1.1) : Self.precedes($0.0, $1.0) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        return "\(request.method)\n\(path)\n\(query)\n\(lines)\n\(signed)\n\(bodyHash)"
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Names in lower case, sorted; values of one name joined by commas, blanks trimmed and runs of them made one.
    private func canonicalHeaders(_ headers: [HTTPRequest.Header]) -> [HTTPRequest.Header] {
        var values: [String: [String]] = [:]
        for header in headers where !Self.unsigned.contains(header.name.lowercased()) {
            let words = header.value.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
            values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return values.sorted { Self.precedes($0.key, $1.key) }
            .map { HTTPRequest.Header(name: $0.key, value: $0.value.joined(separator: ",")) }
    }

    /// What a proxy may change on the way.
    private static let unsigned: Set<String> = ["authorization", "user-agent", "x-amzn-trace-id", "expect"]

    /// Dot segments resolved, empty ones removed; a slash at the end stays.
    static func normalized(_ path: String) -> String {
        var segments: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for part in parts {
            switch part {
            case "", ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(part)
            }
        }
        let directory = parts.last.map { $0.isEmpty || $0 == "." || $0 == ".." } ?? false
        if segments.isEmpty { return "/" }
        return "/" + segments.joined(separator: "/") + (directory ? "/" : "")
    }

    /// `20261124T220000Z`.
    static func stamp(_ time: WallTime) -> String {
        String(time.rfc3339().prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}

/// The keys of days, derived once.
final class SigningKeys: Sendable {
    private struct Name: Hashable {
        var accessKeyID: String
        var day: String
        var region: String
        var service: String
    }

    private let known = Mutex<[Name: [UInt8]]>([:])
    private static let capacity = 1024

    func key(_ credentials: AWSCredentials, day: String, region: String, service: String) -> [UInt8] {
        let name = Name(accessKeyID: credentials.accessKeyID, day: day, region: region, service: service)
        if let key = known.withLock({ $0[name] }) { return key }
        let key = Self.derive(credentials.secretAccessKey, day: day, region: region, service: service)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[name] = key
        }
        return key
    }

    static func derive(_ secret: String, day: String, region: String, service: String) -> [UInt8] {
        var key = Array("AWS4\(secret)".utf8)
        for part in [day, region, service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        return key
    }
}
