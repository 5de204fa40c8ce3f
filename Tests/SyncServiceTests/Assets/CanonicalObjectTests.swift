import JSON
import TestSupport
import Testing

@testable import SyncService

/// What is found and changed in canonical text is what would be found and changed in the tree of it.
@Suite struct CanonicalObjectTests {
    /// As the catalogue has them, for members and paths.
    static let plain = ["A", "Aa", "B", "a", "z", "two words", "é", "😀", ""]
    /// As AWS has them in maps within.
    static let odd = plain + ["q\"uote", "back\\slash", "line\nend"]

    @Test(arguments: 0..<200)
    func `reading and changing the text equals doing so to the tree`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var tree = Self.object(&random, depth: 3, names: Self.plain)
        var text = try #require(CanonicalObject(tree))
        for step in 0..<12 {
            // With its members in the text's order, which `{}` goes by.
            tree = try JSONValue(parsing: tree.text(canonical: true))
            let path = Self.path(&random)
            let told: Comment = "seed \(seed), step \(step), path \(path.steps)"
            #expect(text.values(at: path) == path.values(in: tree), told)
            #expect(text.first(at: path) == path.first(in: tree), told)
            let name = Self.plain.randomElement(using: &random) ?? ""
            #expect(text.has(name) == (tree[name] != nil), told)
            Self.change(&text, &tree, name, path, &random)
            #expect(text.text == tree.text(canonical: true), told)
        }
    }

    @Test(arguments: [
        "", "[]", "null", "{", "{\"a\":1", "{\"a\":1}x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":[1}", "{a:1}",
    ])
    func `what is no object is refused`(text: String) {
        #expect(CanonicalObject(canonical: Array(text.utf8)) == nil)
    }

    private static func change(
        _ text: inout CanonicalObject, _ tree: inout JSONValue, _ name: String, _ path: FieldPath,
        _ random: inout SeededGenerator
    ) {
        var object = tree.object ?? [:]
        let value = value(&random, depth: 2)
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            text.set(name, value.bytes(canonical: true))
            object[name] = value
            tree = .object(object)
        case 1:
            text.remove(name)
            object[name] = nil
            tree = .object(object)
        case 2:
            text.remove(at: path)
            path.update(&tree) { _ in nil }
        case 3:
            text.replace(at: path) { $0.count % 2 == 0 ? value.bytes(canonical: true) : nil }
            path.update(&tree) { $0.bytes(canonical: true).count % 2 == 0 ? value : $0 }
        default:
            text.sortLists(at: path)
            path.update(&tree) { found in
                guard let items = found.array else { return found }
                return .array(
                    items.sorted { $0.bytes(canonical: true).lexicographicallyPrecedes($1.bytes(canonical: true)) })
            }
        }
    }

    private static func path(_ random: inout SeededGenerator) -> FieldPath {
        var steps = [FieldPath.Step.member(plain.randomElement(using: &random) ?? "A")]
        for _ in 0..<Int.random(in: 0..<3, using: &random) {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: steps.append(.member(plain.randomElement(using: &random) ?? "A"))
            case 1: steps.append(.elements)
            case 2: steps.append(.values)
            default: steps.append(.index(Int.random(in: 0..<3, using: &random)))
            }
        }
        return FieldPath(steps: steps)
    }

    private static func object(_ random: inout SeededGenerator, depth: Int, names: [String] = odd) -> JSONValue {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0..<7, using: &random) {
            object[names.randomElement(using: &random) ?? "A"] = value(&random, depth: depth - 1)
        }
        return .object(object)
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(Int.random(in: -3...1000, using: &random)))
        case 3: return .string(odd.randomElement(using: &random) ?? "")
        case 4: return "}]\",{[: in a text"
        case 5: return object(&random, depth: depth)
        default:
            let count = Int.random(in: 0..<4, using: &random)
            return .array((0..<count).map { _ in value(&random, depth: depth - 1) })
        }
    }
}
