import JSON
import Testing

@testable import SyncService

@Suite struct TagTextTests {
    private static func object(_ tags: JSONValue) -> CanonicalObject {
        CanonicalObject(JSONObject([(name: "Tags", value: tags)]))
    }

    private static let path = FieldPath(steps: [.member("Tags")])

    @Test func `tags are read from the text where they are plain`() {
        let plain = Self.object([["Key": "a", "Value": "1"], ["Key": "Name", "Value": "web"]])
        #expect(plain.textPairs(at: Self.path, "Key", "Value") == ["a": "1", "Name": "web"])
        #expect(TagText.tags(of: plain, at: Self.path) == ["a": "1", "Name": "web"])
        #expect(Self.object([]).textPairs(at: Self.path, "Key", "Value") == [:])
    }

    @Test(
        arguments: [
            ([["Key": "a", "Value": "x\"y"]], ["a": "x\"y"]), ([["Key": "a"]], ["a": ""]),
            ([["Key": "a", "Value": 1]], ["a": "1"]), (["a"], [:]), (["a": "b"], ["a": "b"]), ("a", [:]),
            ([["Key": "a", "Value": "1", "More": "2"]], ["a": "1"]), ([["TagKey": "a", "TagValue": "1"]], ["a": "1"]),
        ] as [(JSONValue, [String: String])])
    func `in any other form they are read from the tree`(value: JSONValue, tags: [String: String]) {
        let object = Self.object(value)
        #expect(object.textPairs(at: Self.path, "Key", "Value") == nil)
        #expect(TagText.tags(of: object, at: Self.path) == tags)
    }

    @Test func `an object that is cut is refused at every byte`() {
        let text = Array(
            #"{"A":{"b":[1,"x\"]",{"c":null}]},"Tags":[{"Key":"long enough","Value":"\\"}],"z":-1.5}"#.utf8)
        #expect(CanonicalObject(canonical: text)?.bytes == text)
        for count in 0..<text.count { #expect(CanonicalObject(canonical: Array(text[..<count])) == nil, "\(count)") }
    }
}
