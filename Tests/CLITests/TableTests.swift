import JSON
import Testing

@testable import CLI

@Suite struct TableTests {
    private func sample() -> Table {
        var table = Table([
            .init(key: "name", heading: "NAME"), .init(key: "reason", heading: "REASON", shrinks: true),
            .init(key: "hidden"),
        ])
        table.append(["a", "is 1, should be 2", 7])
        table.append(["long name", .string("x\u{1B}[31m\u{7}y\u{202E}"), .null])
        return table
    }

    @Test func `columns are aligned, and those for programs are left out`() {
        let lines = sample().text(.table, width: nil).split(separator: "\n")
        #expect(lines.first == "NAME       REASON")
        #expect(lines.dropFirst().first == "a          is 1, should be 2")
    }

    @Test func `a resource's text cannot drive the terminal`() {
        let text = sample().text(.table, width: nil)
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 || $0.value == 0x202E })
    }

    @Test func `a narrow terminal shortens the columns that may shrink`() {
        var table = Table([.init(key: "k", heading: "K"), .init(key: "r", heading: "R", shrinks: true)])
        table.append(["key", .string(String(repeating: "r", count: 100))])
        let longest = table.text(.table, width: 50).split(separator: "\n").map(\.count).max()
        #expect(longest == 50)
    }

    @Test func `jsonl has one object a row with every column`() throws {
        let lines = sample().text(.jsonl, width: nil).split(separator: "\n")
        #expect(lines.count == 2)
        let first = try JSONValue(parsing: String(lines.first ?? ""))
        #expect(first["name"] == "a")
        #expect(first["hidden"] == 7)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("=1+1", "'=1+1"),
    ])
    func `a CSV field is quoted where it must be, and never a formula`(text: String, field: String) {
        #expect(Table.csvField(text) == field)
    }
}
