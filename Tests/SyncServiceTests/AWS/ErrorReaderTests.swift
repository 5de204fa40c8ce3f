import JSON
import Platform
import TestSupport
import Testing

@testable import SyncService

/// Errors in each protocol's form, and in each other's, against what botocore reads of them.
@Suite struct ErrorReaderTests {
    private static let bodies = [
        "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Denied</Code><Message>a &amp; b</Message></Error>"
            + "<RequestId>1</RequestId></ErrorResponse>",
        "<Response><Errors><Error><Code>Denied.Part</Code><Message>words</Message></Error></Errors>"
            + "<RequestID>1</RequestID></Response>",
        "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchThing</Code><Message>words</Message><BucketName>b</BucketName></Error>",
        "<ErrorResponse><Error><Code>Denied</Code></Error></ErrorResponse>",
        #"{"__type":"DeniedException","message":"words"}"#, #"{"__type":"com.amazon.api#Denied","Message":"words"}"#,
        #"{"__type":"com.amazon.api#Denied:http://internal.amazon.com/a#b","message":"words"}"#,
        #"{"code":"Denied","message":"words"}"#, #"{"Code":"com.x#Denied:x","Message":"words"}"#,
        #"{"message":"words"}"#, #"{"__type":"Denied"}"#, "{}", "", "<html><body>502</body></html>", "not JSON {",
        #"{"__type":"Denied","message":null}"#, #"{"__type":"Denied","code":"Other","message":"words"}"#,
    ]

    private static let heads: [[String: String]] = [
        [:], ["x-amzn-errortype": "FromHead"],
        ["x-amzn-errortype": "FromHead:http://internal.amazon.com/coral/com.amazon.api/"],
        ["x-amzn-errortype": "com.amazon.api#FromHead:http://x/#y"],
    ]

    private struct Case {
        var wire: ServiceModel.WireProtocol
        var status: Int
        var headers: [String: String]
        var body: String

        var json: JSONValue {
            var names = JSONObject()
            for header in headers { names[header.key] = .string(header.value) }
            return [
                "protocol": .string(wire.rawValue), "status": .integer(Int64(status)), "headers": .object(names),
                "body": .string(body),
            ]
        }
    }

    private static let services: [(ServiceModel.WireProtocol, String)] = [
        (.query, "sns"), (.ec2, "ec2"), (.json, "kms"), (.restXML, "s3"), (.restJSON, "efs"),
    ]

    /// Those of a protocol's own form: what botocore does with another's (XML from a JSON service) is to lose it.
    private static let cases = services.flatMap { wire, _ in
        bodies.flatMap { body in
            heads.compactMap { headers -> Case? in
                let isXML = body.hasPrefix("<Err") || body.hasPrefix("<Res") || body.hasPrefix("<?xml")
                guard isXML == wire.isXML, headers.isEmpty || wire == .restJSON else { return nil }
                return Case(wire: wire, status: 400, headers: headers, body: body)
            }
        }
    }

    private func read(_ one: Case) throws -> AWSError {
        let service = try #require(Self.services.first { $0.0 == one.wire }?.1)
        var head = HTTPResponseHead(status: one.status)
        for header in one.headers { head.add(name: header.key, value: header.value) }
        return ErrorReader.read(head: head, body: Array(one.body.utf8), model: try Fixtures.shapes.model(service))
    }

    @Test(.enabled(if: INIFileTests.isAvailable, "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `code and words of an error are botocore's`() async throws {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-errors")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(JSONValue.array(Self.cases.map(\.json)).bytes(), to: folder + "/cases.json")
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.path("botocore_errors.py"), folder + "/cases.json"], timeout: .seconds(60))
        try #require(run.status.isSuccess, "\(String(decoding: run.error.suffix(1000), as: UTF8.self))")
        let answers = try JSONValue(parsing: run.output).array ?? []
        try #require(answers.count == Self.cases.count && answers.count > 60)
        for (one, answer) in zip(Self.cases, answers) {
            let error = try read(one)
            let (code, message) = (answer.array?.first?.string ?? "", answer.array?.last?.string ?? "")
            let name = "\(one.wire) \(one.headers) \(one.body)"
            // Where botocore finds no code it makes one of the status; we may know another protocol's form.
            if code.isEmpty || Int(code) != nil {
                #expect(one.body.lowercased().contains("code") || error.code == "Parapet.MalformedResponse", "\(name)")
            } else {
                #expect(error.code == code && error.message == message, "\(name): \(error)")
            }
        }
    }

    @Test(arguments: services.map(\.0))
    func `an error of XML is read from any service`(wire: ServiceModel.WireProtocol) throws {
        for body in Self.bodies where body.contains("<Code>") {
            let error = try read(Case(wire: wire, status: 403, headers: [:], body: body))
            #expect(
                error.httpStatus == 403 && ["Denied", "Denied.Part", "NoSuchThing"].contains(error.code), "\(body)")
        }
    }

    @Test func `the code of an older protocol is taken where no other is`() throws {
        let header = ["x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"]
        func code(_ body: String) throws -> AWSError {
            try read(Case(wire: .json, status: 400, headers: header, body: body))
        }
        let alone = try code(#"{"message":"words"}"#)
        #expect(alone.code == "AWS.SimpleQueueService.NonExistentQueue" && alone.message == "words")
        #expect(try code(#"{"__type":"com.x#QueueDoesNotExist"}"#).code == "QueueDoesNotExist")
    }
}
