import JSON
import Testing

struct JSONWriterTests {
    @Test func `canonical text has sorted names, no spaces and one text per number`() throws {
        let value = try JSONValue(
            parsing: "{ \"b\": 1.50, \"a\": {\"é\": 1e2, \"z\": -0}, \"B\": [1.0, 12345678901234567890] }")
        #expect(value.text(canonical: true) == "{\"B\":[1,12345678901234567890],\"a\":{\"z\":0,\"é\":100},\"b\":1.5}")
        #expect(value.text() == "{\"b\":1.50,\"a\":{\"é\":1e2,\"z\":-0},\"B\":[1.0,12345678901234567890]}")
    }

    @Test func `strings are escaped as little as JSON allows`() throws {
        let text = "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é\u{2028}"
        let written = JSONValue.string(text).text()
        #expect(written == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7F}é\u{2028}\"")
        #expect(try JSONValue(parsing: written) == .string(text))
    }

    @Test func `pretty text has a member a line`() {
        let value: JSONValue = ["a": [1, true], "b": [:], "c": []]
        #expect(value.text(pretty: true) == "{\n  \"a\": [\n    1,\n    true\n  ],\n  \"b\": {},\n  \"c\": []\n}")
    }

    @Test func `objects are equal whatever the order of their members`() {
        #expect(["a": 1, "b": 2] as JSONValue == ["b": 2, "a": 1])
        #expect(["a": 1] as JSONValue != ["a": 1, "b": 2])
    }

    @Test(arguments: [("1.50", "1.5"), ("15e-1", "1.5"), ("100", "1e2"), ("0", "-0.0")])
    func `numbers are equal when their values are`(left: String, right: String) throws {
        #expect(try JSONValue(parsing: left) == JSONValue(parsing: right))
    }

    @Test func `a number is an integer when its value is`() throws {
        #expect(try JSONValue(parsing: "1e2").int64 == 100)
        #expect(try JSONValue(parsing: "1.5").int64 == nil)
        #expect(try JSONValue(parsing: "18446744073709551615").int64 == nil)
        #expect(try JSONValue(parsing: "18446744073709551615").number?.uint64 == .max)
        #expect(JSONNumber(Double.nan) == nil)
    }
}
