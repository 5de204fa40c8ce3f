import JSON
import Testing

@testable import SyncService

@Suite struct FieldPathTests {
    private let value: JSONValue = [
        "A": [["B": 1, "C": ["x": "1", "y": "2"]], ["B": 2]], "D": ["E": "text"], "N": nil,
    ]

    @Test(arguments: [
        ("A[].B", [1, 2] as [JSONValue]), ("A[1].B", [2]), ("A[5].B", []), ("D.E", ["text"]), ("D.F", []), ("A.B", []),
        ("A[].C{}", ["1", "2"]), ("N.X", []),
    ])
    func `a path reaches its values in order`(text: String, values: [JSONValue]) throws {
        let path = try #require(FieldPath(text))
        #expect(path.values(in: value) == values)
        #expect(path.text == text)
    }

    @Test(arguments: [".", "A.", ".A", "A[", "A[x]", "A[-1]", "A[]B", "A b", "A{", "A..B"])
    func `text that is no path is refused`(text: String) { #expect(FieldPath(text) == nil) }

    @Test func `SQLite's form reaches the same`() throws {
        #expect(FieldPath(sqlite: "$.A[1].B") == FieldPath("A[1].B"))
        #expect(FieldPath(sqlite: "$.D.\"aws:x\"") == FieldPath(steps: [.member("D"), .member("aws:x")]))
        #expect(FieldPath(sqlite: "$")?.steps == [])
        for text in ["A", "$A", "$.", "$.A[]", "$.A[#-1]", "$.\"A"] { #expect(FieldPath(sqlite: text) == nil) }
    }

    @Test func `an update replaces or removes what is there and adds nothing`() throws {
        var changed = value
        try #require(FieldPath("A[].C{}")).update(&changed) { _ in "***" }
        try #require(FieldPath("D.E")).update(&changed) { _ in nil }
        try #require(FieldPath("D.F")).update(&changed) { _ in 1 }
        #expect(changed["A"]?[0]?["C"] == ["x": "***", "y": "***"])
        #expect(changed["D"] == [:])
    }

    @Test func `a template keeps the type of a value alone and makes text of the rest`() throws {
        func fill(_ text: String) throws -> Template.Outcome {
            try #require(Template(text)).fill { path in path.first(in: value).map { .value($0) } ?? .absent }
        }
        #expect(try fill("{A[0].B}") == .value(1))
        #expect(try fill("n{A[0].B}-{D.E}") == .value("n1-text"))
        #expect(try fill("{A[0].X}") == .absent)
        #expect(try fill("x{A}") == .absent)
        #expect(try fill("{{{D.E}}}") == .value("{text}"))
        #expect(try fill("{last(D.E)}") == .value("text"))
        #expect(Template.last("arn:aws:sns:eu-west-1:1:topic") == "topic" && Template.last("a/b") == "b")
        for text in ["{", "}", "{}", "a{b", "{a b}"] { #expect(Template(text) == nil) }
    }
}
