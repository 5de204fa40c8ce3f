import JSON
import Testing

@testable import AccountService

struct PolicySplitterTests {
    private func actions(_ documents: [JSONValue]) -> [String] {
        documents.flatMap { $0["Statement"]?.array ?? [] }.flatMap { $0["Action"]?.array ?? [] }.compactMap(\.string)
    }

    @Test func `a short policy stays one`() throws {
        let text = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get"],"Resource":"*"}]}"#
        #expect(try PolicySplitter.split(text).map { $0.text() } == [text])
    }

    @Test func `no document is no policy`() throws {
        #expect(try PolicySplitter.split("").isEmpty)
    }

    @Test func `a long policy is divided and grants the same`() throws {
        let names = (0..<900).map { "service\($0 % 7):DescribeSomethingLong\($0)" }
        let statement: JSONValue = [
            "Sid": "Read", "Effect": "Allow", "Action": .array(names.map { .string($0) }), "Resource": "*",
        ]
        let document: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [statement, ["Sid": "Other", "Effect": "Allow", "Action": ["s3:Get"], "Resource": "*"]],
        ]
        let parts = try PolicySplitter.split(document.text())
        #expect(parts.count > 4)
        #expect(parts.allSatisfy { $0.text().utf8.count <= PolicySplitter.limit })
        #expect(actions(parts) == names + ["s3:Get"])
        for part in parts {
            let sids = (part["Statement"]?.array ?? []).compactMap { $0["Sid"]?.string }
            #expect(Set(sids).count == sids.count)
        }
    }

    @Test func `what cannot be divided or is no policy is an error`() {
        #expect(throws: AccountError.self) { try PolicySplitter.split("{") }
        #expect(throws: AccountError.self) { try PolicySplitter.split("{}") }
        #expect(throws: AccountError.self) {
            try PolicySplitter.split(#"{"Statement":[{"Effect":"Allow","Action":"s3:Get","Resource":"*"}]}"#, limit: 20)
        }
    }
}
