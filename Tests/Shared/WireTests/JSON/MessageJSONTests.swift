import JSON
import Testing
import Wire

struct MessageJSONTests {
    @Test func `a message is written canonically`() {
        #expect(
            Sample.full.jsonText() == """
                {"number":-1,"text":"testing é","big":"-9223372036854775808","numbers":[3,270,86942,-1],"blob":"AP8=",\
                "flag":true,"ratio":-0.5,"unsigned":4294967295,"huge":"18446744073709551615","single":1.5,\
                "colour":"COLOUR_GREEN","colours":["COLOUR_RED","COLOUR_UNSPECIFIED","COLOUR_GREEN"],\
                "maybeColour":"COLOUR_UNSPECIFIED","maybeNumber":0,"maybeText":"",\
                "children":[{},{"children":[{"text":"deep"}]}],"time":"1970-01-01T00:00:01.500Z","texts":["","b"],\
                "blobs":["","AQ=="],"labels":{"":"","k":"v"},"counts":{"n":"-3"},"child":{"number":7},"zigzag":"-3",\
                "fixed":[1,4294967295]}
                """)
    }

    @Test func `a message with every field comes back`() throws {
        #expect(try Sample(json: Sample.full.jsonValue()) == .full)
        #expect(try Sample(json: JSONValue(parsing: Sample.full.jsonText(pretty: true))) == .full)
        #expect(try Sample(json: [:]) == Sample())
    }

    private static let lenient: [(String, Sample)] = [
        ("{\"maybe_number\":5}", .with { $0.maybeNumber = 5 }), ("{\"big\":5}", .with { $0.big = 5 }),
        ("{\"number\":\"7\"}", .with { $0.number = 7 }), ("{\"number\":1e2}", .with { $0.number = 100 }),
        ("{\"number\":2.0}", .with { $0.number = 2 }), ("{\"colour\":5}", .with { $0.colour = .green }),
        ("{\"blob\":\"-_8\"}", .with { $0.blob = [0xFB, 0xFF] }),
        ("{\"text\":null,\"time\":null,\"numbers\":null}", Sample()),
        ("{\"ratio\":\"-Infinity\"}", .with { $0.ratio = -.infinity }),
        ("{\"ratio\":\"1.5\"}", .with { $0.ratio = 1.5 }),
        ("{\"huge\":18446744073709551615}", .with { $0.huge = .max }),
    ]

    @Test(arguments: lenient)
    func `the mapping's other forms are read`(text: String, sample: Sample) throws {
        #expect(try Sample(json: JSONValue(parsing: text)) == sample)
    }

    private static let refused: [(String, WireError)] = [
        ("[]", .json(path: "", problem: "expected an object")),
        ("{\"nobody\":1}", .json(path: "", problem: "no field nobody in parapet.test.Sample")),
        ("{\"maybeNumber\":1,\"maybe_number\":1}", .json(path: "", problem: "a field is given under both its names")),
        ("{\"number\":2147483648}", .json(path: "number", problem: "expected int32")),
        ("{\"number\":1.5}", .json(path: "number", problem: "expected int32")),
        ("{\"number\":\" 1\"}", .json(path: "number", problem: "expected int32")),
        ("{\"unsigned\":-1}", .json(path: "unsigned", problem: "expected uint32")),
        ("{\"flag\":\"true\"}", .json(path: "flag", problem: "expected bool")),
        ("{\"single\":1e39}", .json(path: "single", problem: "expected float")),
        ("{\"blob\":\"*\"}", .json(path: "blob", problem: "expected bytes")),
        ("{\"colour\":\"BLUE\"}", .json(path: "colour", problem: "no value BLUE in parapet.test.Colour")),
        ("{\"children\":[{},{\"text\":1}]}", .json(path: "children.1.text", problem: "expected string")),
        ("{\"labels\":{\"a\":1}}", .json(path: "labels.a", problem: "expected string")),
        ("{\"numbers\":[null]}", .json(path: "numbers.0", problem: "expected int32")),
        ("{\"numbers\":{}}", .json(path: "numbers", problem: "expected an array")),
        ("{\"time\":\"yesterday\"}", .json(path: "time", problem: "expected a time such as 2026-11-24T22:00:00Z")),
    ]

    @Test(arguments: refused)
    func `an error leads to the value`(text: String, error: WireError) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: error) { try Sample(json: json) }
    }

    @Test func `unknown names may be ignored`() throws {
        let json = try JSONValue(parsing: "{\"nobody\":1,\"children\":[{\"x\":{}}],\"number\":3}")
        let sample = try Sample(json: json, ignoresUnknownNames: true)
        #expect(sample.number == 3 && sample.children == [Sample()])
    }

    @Test func `nesting is limited`() {
        let deep = (0..<101).reduce(JSONValue.object(JSONObject())) { inner, _ in ["children": [inner]] }
        #expect(throws: WireError.tooDeep(limit: 100)) { try Sample(json: deep) }
    }

    @Test func `floats are as short as they can be`() {
        #expect(Sample.with { $0.single = 0.1 }.jsonText() == "{\"single\":0.1}")
        #expect(Sample.with { $0.ratio = 1e21 }.jsonText() == "{\"ratio\":1e+21}")
        #expect(Sample.with { $0.ratio = -0.0 }.jsonText() == "{\"ratio\":-0}")
        #expect(Sample.with { $0.ratio = .nan }.jsonText() == "{\"ratio\":\"NaN\"}")
    }
}
