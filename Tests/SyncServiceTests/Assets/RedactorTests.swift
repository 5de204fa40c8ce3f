import JSON
import Platform
import Testing

@testable import SyncService

@Suite struct RedactorTests {
    static let secret = "tenant/42:KJ+h7=w.x@y"
    let redactor = Redactor(externalID: RedactorTests.secret)

    private func redacted(_ value: JSONValue) -> String {
        String(decoding: redactor.redacted(CanonicalObject(value) ?? .empty), as: UTF8.self)
    }

    private static func policy(_ key: String, _ value: String) -> String {
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},\
        "Action":"sts:AssumeRole","Condition":{"StringEquals":{"\(key)":\(value)}}}]}
        """
    }

    @Test(arguments: ["sts:ExternalId", "STS:EXTERNALID", "sts:externalid", "Sts:ExternalID"])
    func `a condition's value becomes a mask under its operator, whatever the key's case`(key: String) throws {
        let document = try JSONValue(parsing: Self.policy(key, "\"another-account's\""))
        let text = redacted(["AssumeRolePolicyDocument": document])
        #expect(text.contains("\"StringEquals\":{\"\(key)\":\"***\"}"))
        #expect(!text.contains("another"))
    }

    @Test func `each value of a list is masked`() throws {
        let document = try JSONValue(parsing: Self.policy("sts:ExternalId", "[\"one\",\"two\"]"))
        #expect(redacted(document).contains("[\"***\",\"***\"]"))
    }

    @Test func `a policy as text in a string is masked`() {
        let text = redacted(["Policy": .string(Self.policy("sts:ExternalId", "\"hidden-one\""))])
        #expect(!text.contains("hidden-one"))
        #expect(text.contains("***"))
        #expect(text.contains("StringEquals"))
    }

    @Test func `a percent-encoded policy is masked`() {
        let plain = Self.policy("sts:ExternalId", "\"hidden-one\"")
        let encoded = plain.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isLetter || character.isNumber ? String(character) : "%" + [byte].hexText.uppercased()
        }.joined()
        let text = redacted(["AssumeRolePolicyDocument": .string(encoded)])
        #expect(!text.contains("hidden"))
        #expect(text.contains("***"))
    }

    @Test func `a policy in text inside text is masked`() {
        let inner = JSONValue.object(["doc": .string(Self.policy("sts:ExternalId", "\"hidden-one\""))]).text()
        #expect(!redacted(["Template": .string(inner)]).contains("hidden-one"))
    }

    @Test(arguments: [
        "      Condition:\n        StringEquals:\n          sts:ExternalId: hidden-one\n      Next: kept",
        "          'sts:ExternalId':\n            - hidden-one\n            - hidden-two\n      Next: kept",
        "\"sts:ExternalId\" = [\n  \"hidden-one\",\n \"hidden-two\"\n]\nNext: kept",
        "{\"sts:ExternalId\": \"hidden-one\",\nNext: kept",
    ])
    func `templates that are no JSON are masked by lines, and the rest is kept`(template: String) {
        let text = redacted(["TemplateBody": .string(template)])
        #expect(!text.contains("hidden"))
        #expect(text.contains("Next: kept"))
        #expect(text.contains("***"))
    }

    @Test func `the account's own ID is masked wherever it stands`() {
        let value: JSONValue = [
            "Parameters": [["ParameterKey": "ExternalId", "ParameterValue": .string(Self.secret)]],
            "Url": .string("https://x.test/?id=\(Self.secret)&more=1"),
            "Encoded": "id=tenant%2F42%3AKJ%2Bh7%3Dw.x%40y;",
            "Lower": "id=tenant%2f42%3aKJ%2bh7%3dw.x%40y;",
            "Twice": "id=tenant%252F42%253AKJ%252Bh7%253Dw.x%2540y;",
            "Escaped": "id=tenant\\/42:KJ\\u002bh7\\u003dw.x@y;",
            "key \(Self.secret)": "value",
        ]
        let text = redacted(value)
        #expect(!text.contains("tenant"))
        #expect(!text.contains("42"))
        #expect(text.contains("https://x.test/?id=***&more=1"))
    }

    /// Alone in its document: nothing else has the text looked at.
    @Test(arguments: [
        "tenant/42:KJ+h7=w.x@y", "tenant%2F42%3AKJ%2Bh7%3Dw.x%40y", "tenant%252F42%253AKJ%252Bh7%253Dw.x%2540y",
        "tenant\\/42:KJ\\u002bh7\\u003dw.x@y", "\\u0074enant/42:KJ+h7=w.x@y",
    ])
    func `the account's own ID is masked in each form`(form: String) {
        #expect(redacted(["Text": .string("id=\(form);")]) == #"{"Text":"id=***;"}"#)
    }

    @Test(arguments: 0..<3)
    func `the account's own ID is masked in base64 at each alignment`(shift: Int) {
        let plain = Array(String(repeating: "x", count: shift).utf8) + Array((Self.secret + " tail").utf8)
        let encoded = Base64.text(plain, .json)
        let text = redacted(["UserData": .string(encoded)])
        #expect(text.contains("***"))
        // What is left of the digits tells no more than the edges.
        #expect(!text.contains(encoded.dropFirst(4).prefix(12)))
    }

    @Test func `a short ID is masked as a word and not inside of words`() {
        let short = Redactor(externalID: "prod")
        #expect(short.mask("id=prod; production") == "id=***; production")
    }

    @Test func `what holds no ID stays byte for byte`() {
        let value: JSONValue = ["b": "plain", "a": [1, true, nil], "externalId": "kept"]
        #expect(redacted(value) == value.text(canonical: true))
    }

    @Test func `a document without a condition keeps its text`() {
        let text = "{\"note\": \"externalId is explained here\"}"
        #expect(redactor.mask(text) == text)
    }
}
