import Crypto
import Platform

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
        fileprivate var request: [UInt8]
        fileprivate var toSign: [UInt8]
        var signature: String

        var canonicalRequest: String { String(decoding: request, as: UTF8.self) }
        var stringToSign: String { String(decoding: toSign, as: UTF8.self) }
    }

    /// Adds `X-Amz-Date`, the token, the body's hash where asked for, and `Authorization`.
    @discardableResult
    func sign(
        _ request: inout HTTPRequest, with credentials: AWSCredentials, at time: WallTime, keys: SigningKeys? = nil
    ) -> Trace {
        let stamp = Self.stamp(time)
        if !request.headers.contains(where: { $0.isNamed("host") }) {
            request.headers.append(.init(name: "Host", value: request.authority))
        }
        request.setHeader("X-Amz-Date", stamp)
        let bodyHash = request.body.isEmpty ? Self.emptyHash : Hex.encode(SHA256.digest(request.body))
        if options.signsBodyHeader { request.setHeader("X-Amz-Content-Sha256", bodyHash) }
        if let token = credentials.sessionToken, !options.addsTokenUnsigned {
            request.setHeader("X-Amz-Security-Token", token)
        }
        let headers = canonicalHeaders(request.headers)
        var signed = ""
        for header in headers { signed += signed.isEmpty ? header.name : ";" + header.name }
        let canonical = canonicalRequest(request, headers: headers, signed: signed, bodyHash: bodyHash)
        let day = String(stamp.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        var toSign = Array("AWS4-HMAC-SHA256\n".utf8)
        toSign.reserveCapacity(160)
        toSign += stamp.utf8
        toSign.append(UInt8(ascii: "\n"))
        toSign += scope.utf8
        toSign.append(UInt8(ascii: "\n"))
        toSign += Hex.encode(SHA256.digest(canonical)).utf8
        let key =
            keys?.key(credentials, day: day, region: region, service: service)
            ?? SigningKey(SigningKeys.derive(credentials.secretAccessKey, day: day, region: region, service: service))
        let signature = Hex.encode(key.code(of: toSign))
        request.setHeader(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(signed), "
                + "Signature=\(signature)")
        if let token = credentials.sessionToken, options.addsTokenUnsigned {
            request.setHeader("X-Amz-Security-Token", token)
        }
        return Trace(request: canonical, toSign: toSign, signature: signature)
    }

    private static let emptyHash = Hex.encode(SHA256.digest([UInt8]()))

    private func canonicalRequest(
        _ request: HTTPRequest, headers: [HTTPRequest.Header], signed: String, bodyHash: String
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        func line(_ part: String) {
            text += part.utf8
            text.append(UInt8(ascii: "\n"))
        }
        line(request.method)
        line(canonicalPath(request.path))
        line(canonicalQuery(request.query))
        for header in headers {
            text += header.name.utf8
            text.append(UInt8(ascii: ":"))
            line(header.value)
        }
        text.append(UInt8(ascii: "\n"))
        line(signed)
        text += bodyHash.utf8
        return text
    }

    private func canonicalPath(_ path: String) -> String {
        if PercentEncoding.isPlainPath(path) { return path }
        return options.normalizesPath
            ? PercentEncoding.encode(Self.normalized(path), keepingSlash: true)
            : PercentEncoding.encode(PercentEncoding.decode(path), keepingSlash: true)
    }

    private func canonicalQuery(_ query: [HTTPRequest.QueryItem]) -> String {
        if query.isEmpty { return "" }
        return
            query
            .map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0.0 == $1.0 ? Self.precedes($0.1, $1.1) : Self.precedes($0.0, $1.0) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Names in lower case, sorted; values of one name joined by commas, blanks trimmed and runs of them made one.
    private func canonicalHeaders(_ headers: [HTTPRequest.Header]) -> [HTTPRequest.Header] {
        var found: [HTTPRequest.Header] = []
        found.reserveCapacity(headers.count)
        for header in headers {
            let name = header.name.lowercased()
            if Self.unsigned.contains(name) { continue }
            let value = Self.trimmed(header.value)
            // Names are few, and each finds its place at once.
            var place = found.count
            while place > 0, Self.precedes(name, found[place - 1].name) { place -= 1 }
            if place > 0, found[place - 1].name == name {
                found[place - 1].value += "," + value
            } else {
                found.insert(HTTPRequest.Header(name: name, value: value), at: place)
            }
        }
        return found
    }

    private static func trimmed(_ value: String) -> String {
        var last = UInt8(ascii: " ")
        var isPlain = true
        for byte in value.utf8 {
            isPlain = isPlain && byte != 0x09 && byte != 0x0A && byte != 0x0D && (byte != 0x20 || last != 0x20)
            last = byte
        }
        if isPlain, last != 0x20 || value.isEmpty { return value }
        return value.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }.joined(separator: " ")
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
        let date = time.civil
        var text: [UInt8] = []
        text.reserveCapacity(16)
        func digits(_ value: Int64, _ count: Int) {
            var divisor: Int64 = count == 4 ? 1000 : 10
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
                divisor /= 10
            }
        }
        digits(date.year, 4)
        digits(date.month, 2)
        digits(date.day, 2)
        text.append(UInt8(ascii: "T"))
        digits(date.hour, 2)
        digits(date.minute, 2)
        digits(date.second, 2)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}
