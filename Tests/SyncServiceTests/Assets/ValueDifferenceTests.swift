import JSON
import Testing

@testable import SyncService

@Suite struct ValueDifferenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var before: JSONValue
        var after: JSONValue
        /// A line each: the kind's sign, the path, and the values.
        var lines: [String]
        var testDescription: String { name }

        init(_ name: String, _ before: JSONValue, _ after: JSONValue, _ lines: String...) {
            (self.name, self.before, self.after, self.lines) = (name, before, after, lines)
        }
    }

    private static func state(
        _ body: JSONValue, name: String = "", tags: JSONValue = [:], gaps: JSONValue? = nil
    ) -> AssetState {
        AssetState(
            facts: VersionFacts(
                name: name, arn: "arn", region: "eu-central-1", tags: tags.text(), gaps: gaps?.text()),
            body: body.bytes(canonical: true))
    }

    private static func lines(_ values: [ValueDifference]) -> [String] {
        values.map { value in
            let (before, after) = (value.before?.text(canonical: true), value.after?.text(canonical: true))
            return switch value.kind {
            case .added: "+ \(value.path) \(after ?? "nothing")"
            case .removed: "- \(value.path) \(before ?? "nothing")"
            case .changed: "~ \(value.path) \(before ?? "nothing") \(after ?? "nothing")"
            case .unknown: "? \(value.path) \(before ?? "nothing") \(after ?? "nothing")"
            }
        }
    }

    static let cases = [
        Case("nothing", ["a": [1, ["b": 2]]], ["a": [1, ["b": 2]]]),
        Case(
            "members", ["a": 1, "b": ["c": true], "d": nil], ["b": ["c": false], "d": 1, "e": "x"], "- $.a 1",
            "~ $.b.c true false", "~ $.d null 1", "+ $.e \"x\""),
        Case("a number in another form", ["a": 1], ["a": .double(1)]),
        Case("a name that is no word", ["a.b": 1], ["a.b": 2], "~ $[\"a.b\"] 1 2"),
        Case("another kind of value", ["a": [1]], ["a": ["x": 1]], "~ $.a [1] {\"x\":1}"),
        Case(
            "texts of a list", ["a": ["x", "y", "y"]], ["a": ["y", "z"]], "- $.a[*] \"x\"", "- $.a[*] \"y\"",
            "+ $.a[*] \"z\""),
        Case("another order", ["a": ["x", "y"]], ["a": ["y", "x"]], "~ $.a [\"x\",\"y\"] [\"y\",\"x\"]"),
        Case(
            "elements by the member that is their own, wherever they stand",
            ["Rules": [["Id": "r1", "On": true], ["Id": "r2", "On": true], ["Id": "r3", "On": true]]],
            ["Rules": [["Id": "r9", "On": true], ["Id": "r3", "On": true], ["Id": "r2", "On": false]]],
            "- $.Rules[Id=r1] {\"Id\":\"r1\",\"On\":true}", "~ $.Rules[Id=r2].On true false",
            "+ $.Rules[Id=r9] {\"Id\":\"r9\",\"On\":true}"),
        Case(
            "elements that moved, and are told apart by a member, do not differ", ["a": [["K": 1], ["K": 2]]],
            ["a": [["K": 2], ["K": 1]]]),
        Case(
            "a member that two elements share tells nothing",
            ["a": [["Id": "x", "Port": 1], ["Id": "x", "Port": 2]]],
            ["a": [["Id": "x", "Port": 1], ["Id": "y", "Port": 2]]], "~ $.a[Port=2].Id \"x\" \"y\""),
        Case(
            "an element whose id changed is another one", ["a": [["GroupId": "sg-1", "Kind": "k"]]],
            ["a": [["GroupId": "sg-2", "Kind": "k"]]], "~ $.a[Kind=k].GroupId \"sg-1\" \"sg-2\""),
        Case(
            "elements without a member of their own, by what is left of them",
            ["a": [["v": [1]], ["v": [2]], ["v": [3]]]], ["a": [["v": [3]], ["v": [2, 4]], ["v": [1]]]],
            "+ $.a[1].v[*] 4"),
        Case("an element more", ["a": [["v": [1]]]], ["a": [["v": [1]], ["v": [2]]]], "+ $.a[1] {\"v\":[2]}"),
        Case("an element less", ["a": [["v": [1]], ["v": [2]]]], ["a": [["v": [2]]]], "- $.a[0] {\"v\":[1]}"),
        Case("a list that was empty", ["a": []], ["a": [["Id": "x"]]], "+ $.a[0] {\"Id\":\"x\"}"),
        Case(
            "a document in a text", ["Policy": #"{"Statement":[{"Sid":"A","Effect":"Allow"}]}"#],
            ["Policy": #"{"Statement": [{"Sid":"A","Effect":"Deny"}]}"#],
            "~ $.Policy.Statement[Sid=A].Effect \"Allow\" \"Deny\""),
        Case(
            "a document that is written otherwise", ["Policy": #"{"a":1}"#], ["Policy": #"{ "a": 1 }"#],
            #"~ $.Policy "{\"a\":1}" "{ \"a\": 1 }""#),
        Case("a document that is none any more", ["P": "{}"], ["P": "x"], "~ $.P \"{}\" \"x\""),
    ]

    @Test(arguments: cases)
    func `what differs is named by its path`(sample: Case) {
        let (values, isCut) = Self.state(sample.before).differences(to: Self.state(sample.after), limit: 100)
        let found = Self.lines(values)
        #expect(found.sorted() == sample.lines.sorted())
        #expect(values.map(\.path) == values.map(\.path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(!isCut)
    }

    @Test func `name and tags stand beside the configuration`() {
        let before = Self.state(["a": 1], name: "x", tags: ["env": "dev", "team": "t"])
        let after = Self.state(["a": 1], name: "y", tags: ["env": "prod", "aws:stack": "s"])
        #expect(
            Self.lines(before.differences(to: after, limit: 9).values) == [
                "~ name \"x\" \"y\"", "~ tags.env \"dev\" \"prod\"", "- tags.team \"t\"", "+ tags[\"aws:stack\"] \"s\"",
            ])
    }

    @Test func `what a call did not tell is unknown, neither added nor removed`() {
        func gap(_ code: String) -> JSONValue { [["call": "GetPolicy", "code": .string(code), "message": "m"]] }
        let known = Self.state(["GetPolicy": ["Policy": "p"], "n": 1])
        let denied = Self.state(["n": 2], gaps: gap("AccessDenied"))
        #expect(
            Self.lines(known.differences(to: denied, limit: 9).values) == [
                "? $.GetPolicy {\"Policy\":\"p\"} nothing", "~ $.n 1 2",
            ])
        #expect(
            Self.lines(denied.differences(to: known, limit: 9).values) == [
                "? $.GetPolicy nothing {\"Policy\":\"p\"}", "~ $.n 2 1",
            ])
        #expect(denied.differences(to: Self.state(["n": 2], gaps: gap("AccessDenied")), limit: 9).values.isEmpty)
        #expect(
            Self.lines(denied.differences(to: Self.state(["n": 2], gaps: gap("Throttling")), limit: 9).values)
                == ["? $.GetPolicy nothing nothing"])
    }

    @Test func `more differences than are told are cut, and it is said`() {
        let before = JSONValue.object(JSONObject((0..<50).map { ("k\($0)", .integer($0)) }))
        let after = JSONValue.object(JSONObject((0..<50).map { ("k\($0)", .integer($0 + 1)) }))
        let (values, isCut) = Self.state(before).differences(to: Self.state(after), limit: 20)
        #expect(values.count == 20)
        #expect(isCut)
        #expect(!Self.state(before).differences(to: Self.state(after), limit: 50).isCut)
    }

    @Test func `the state before is known from what the next one notes`() {
        let older = VersionFacts(name: "a", arn: "x", region: "r", tags: "{}", gaps: nil)
        let newer = VersionFacts(name: "b", arn: "x", region: "s", tags: #"{"k":"v"}"#, gaps: "[]")
        #expect(newer.before(older.differences(from: newer)) == older)
        #expect(older.before(newer.differences(from: older)) == newer)
        #expect(older.differences(from: older) == nil)
        #expect(older.before(nil) == older)
    }
}
