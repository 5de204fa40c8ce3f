import JSON
import Platform
import Testing

@testable import SyncService

/// AWS's public signing test cases, both editions.
@Suite struct SigV4SuiteTests {
    static let root = Fixtures.path("sigv4-testsuite")

    static func cases(_ edition: String, marker: String) -> [String] {
        var found: [String] = []
        var pending = ["\(root)/\(edition)"]
        while let directory = pending.popLast() {
            for name in (try? Files.list(directory)) ?? [] {
                let path = "\(directory)/\(name)"
                if Files.isDirectory(path) { pending.append(path) }
                if name.hasSuffix(marker) { found.append(directory) }
            }
        }
        return found.sorted()
    }

    static let current = cases("v4", marker: "request.txt").reduce(into: [String]()) {
        if $0.last != $1 { $0.append($1) }
    }
    static let legacy = cases("legacy", marker: ".req")

    @Test func `no case of the suite is lost`() {
        #expect(Self.current.count == 38)
        #expect(Self.legacy.count == 34)
    }

    @Test(arguments: current)
    func `a request of the current edition is signed as AWS does`(directory: String) throws {
        let context = try JSONValue(parsing: Files.read("\(directory)/context.json"))
        let credentials = AWSCredentials(
            accessKeyID: try #require(context["credentials"]?["access_key_id"]?.string),
            secretAccessKey: try #require(context["credentials"]?["secret_access_key"]?.string),
            sessionToken: context["credentials"]?["token"]?.string)
        var signer = SigV4(
            region: try #require(context["region"]?.string), service: try #require(context["service"]?.string))
        signer.options.normalizesPath = try #require(context["normalize"]?.bool as Bool?)
        signer.options.signsBodyHeader = try #require(context["sign_body"]?.bool as Bool?)
        signer.options.addsTokenUnsigned = context["omit_session_token"]?.bool ?? false
        let time = try #require(WallTime(rfc3339: context["timestamp"]?.string ?? ""))
        var request = try parse(Fixtures.text("\(directory)/request.txt"))
        let trace = signer.sign(&request, with: credentials, at: time)
        #expect(try trace.canonicalRequest == Fixtures.text("\(directory)/header-canonical-request.txt"))
        #expect(try trace.stringToSign == Fixtures.text("\(directory)/header-string-to-sign.txt"))
        #expect(try trace.signature == Fixtures.text("\(directory)/header-signature.txt"))
    }

    @Test(arguments: legacy)
    func `a request of the legacy edition is signed as AWS does`(directory: String) throws {
        let name = try #require(directory.split(separator: "/").last.map(String.init))
        var request = try parse(Fixtures.text("\(directory)/\(name).req"))
        let expected = try Fixtures.text("\(directory)/\(name).authz")
        let token = try parse(Fixtures.text("\(directory)/\(name).sreq")).headers
            .first { $0.name == "X-Amz-Security-Token" }?.value
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            sessionToken: token)
        var signer = SigV4(region: "us-east-1", service: "service")
        signer.options.addsTokenUnsigned = !expected.contains("x-amz-security-token")
        let time = try #require(WallTime(rfc3339: "2015-08-30T12:36:00Z"))
        let trace = signer.sign(&request, with: credentials, at: time)
        #expect(try trace.canonicalRequest == Fixtures.text("\(directory)/\(name).creq"))
        #expect(try trace.stringToSign == Fixtures.text("\(directory)/\(name).sts"))
        let authorization = request.headers.first { $0.name == "Authorization" }?.value
        #expect(authorization == expected)
        #expect(request.headers.first { $0.name == "X-Amz-Security-Token" }?.value == token)
    }

    /// Reads a request as the suite writes it: a header line that begins with a blank continues the one before.
    private func parse(_ text: String) throws -> HTTPRequest {
        let halves = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        var lines = halves[0].split(separator: "\n")
        let first = lines.removeFirst()
        let blank = try #require(first.firstIndex(of: " "))
        var target = first[first.index(after: blank)...]
        if target.hasSuffix(" HTTP/1.1") { target = target.dropLast(9) }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var request = HTTPRequest(
            method: String(first[..<blank]), scheme: "https", authority: "", path: String(parts[0]))
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            request.query.append(
                .init(
                    name: PercentEncoding.decode(pair[0]),
                    value: pair.count > 1 ? PercentEncoding.decode(pair[1]) : ""))
        }
        for line in lines {
            if line.first == " ", var last = request.headers.popLast() {
                last.value += "\n" + line
                request.headers.append(last)
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                request.headers.append(
                    .init(name: String(line[..<colon]), value: String(line[line.index(after: colon)...])))
            }
        }
        if halves.count > 1 { request.body = Array(halves[1].utf8) }
        return request
    }
}
