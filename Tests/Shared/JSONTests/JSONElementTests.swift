import JSON
import Testing

struct JSONElementTests {
    @Test func `a document is walked without a tree`() throws {
        let document = try JSONDocument(
            parsing: Array(
                "{\"Buckets\":[{\"Name\":\"a\",\"Size\":-3,\"Rate\":0.5},{\"Name\":\"b\"}],\"n\":null,\"t\":true}".utf8)
        )
        let buckets = try #require(document.root.member("Buckets"))
        #expect(buckets.kind == .array)
        #expect(buckets.items.map { $0.member("Name")?.string } == ["a", "b"])
        let first = try #require(buckets.items.first { _ in true })
        #expect(first.member("Size")?.int64 == -3)
        #expect(first.member("Rate")?.double == 0.5)
        #expect(first.members.map(\.name) == ["Name", "Size", "Rate"])
        #expect(document.root.member("n")?.isNull == true)
        #expect(document.root.member("t")?.bool == true)
        #expect(document.root.member("absent") == nil)
        #expect(try first.value() == ["Name": "a", "Size": -3, "Rate": .double(0.5)])
    }

    @Test func `what is not there is nil or empty`() throws {
        let root = try JSONDocument(parsing: Array("\"text\"".utf8)).root
        #expect(root.int64 == nil && root.double == nil && root.bool == nil && root.member("a") == nil)
        #expect(root.items.map { $0 }.isEmpty && root.members.map(\.name).isEmpty)
    }

    @Test func `an element keeps its document alive`() throws {
        func inner() throws -> JSONElement? {
            try JSONDocument(parsing: Array("[[\"kept\"]]".utf8)).root.items.first { _ in true }
        }
        #expect(try inner()?.value() == ["kept"])
    }
}
