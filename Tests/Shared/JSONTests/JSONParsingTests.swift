import JSON
import Testing

struct JSONParsingTests {
    private static let trees: [(String, JSONValue)] = [
        ("null", nil), (" true ", true), ("\"a\\u00e9\\ud83d\\ude00\\n\"", "aé😀\n"), ("[]", []),
        ("{}", [:]), ("[1,[2],{\"a\":[]}]", [1, [2], ["a": []]]), ("-0", 0), ("\"\"", ""),
    ]

    @Test(arguments: trees)
    func `a text becomes its tree`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "0", "-0", "1.0", "1e2", "0.1000", "9223372036854775807", "18446744073709551615", "1E-7", "-12.50e+3",
    ])
    func `a number keeps its text`(text: String) throws {
        #expect(try JSONValue(parsing: text).number?.text == text)
        #expect(try JSONValue(parsing: "[7,{\"a\":\(text)},8]")[1]?["a"]?.number?.text == text)
    }

    private static let faults: [(String, JSONError)] = [
        ("", JSONError(.empty, offset: 0)), ("  ", JSONError(.empty, offset: 2)),
        ("[1,]", JSONError(.malformed, offset: 3)), ("{\"a\":1,}", JSONError(.malformed, offset: 7)),
        ("{\"a\" 1}", JSONError(.malformed, offset: 5)), ("[1] 2", JSONError(.malformed, offset: 4)),
        ("nul", JSONError(.malformed, offset: 3)), ("[01]", JSONError(.malformed, offset: 2)),
        ("[1.]", JSONError(.malformed, offset: 3)), ("\"\\x\"", JSONError(.malformed, offset: 2)),
        ("\"\\ud800\"", JSONError(.malformed, offset: 7)), ("\"a\tb\"", JSONError(.malformed, offset: 2)),
        ("\"abc", JSONError(.malformed, offset: 4)), ("[1e400]", JSONError(.numberOutOfRange, offset: 1)),
        ("18446744073709551616", JSONError(.numberOutOfRange, offset: 0)),
        ("{\"a\":1,\"b\":{\"x\\\"\":\"{\"},\"\\u0061\":2}", JSONError(.duplicateName, offset: 23)),
        ("// c\n1", JSONError(.malformed, offset: 0)), ("'a'", JSONError(.malformed, offset: 0)),
        ("NaN", JSONError(.malformed, offset: 0)),
    ]

    @Test(arguments: faults)
    func `an error says what is wrong and where`(text: String, error: JSONError) {
        #expect(throws: error) { try JSONValue(parsing: text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSONError(.invalidUTF8, offset: 1)) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
    }

    @Test func `nesting stops at the limit`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue(parsing: nested(128)).array != nil)
        #expect(throws: JSONError(.tooDeep, offset: 128)) { try JSONValue(parsing: nested(129)) }
        #expect(throws: JSONError(.tooDeep, offset: 128)) {
            try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
        }
        #expect(throws: JSONError(.tooDeep, offset: 1)) { try JSONValue(parsing: "[[1]]", depthLimit: 1) }
    }

    @Test func `every truncated text is refused`() throws {
        let text = Array("{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\"],\"b\":{\"c\":\"d\"}}".utf8)
        _ = try JSONValue(parsing: text)
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) }
        }
    }

    @Test func `large objects find their names and keep their order`() throws {
        let text = "{" + (0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        var object = try #require(try JSONValue(parsing: text).object)
        #expect(object["k73"] == 73)
        #expect(object.names.prefix(3) == ["k0", "k1", "k2"])
        object["k0"] = nil
        object["new"] = true
        #expect(object["k73"] == 73 && object["k0"] == nil && object.names.last == "new" && object.count == 100)
    }
}
