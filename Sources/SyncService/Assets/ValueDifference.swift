import JSON

/// One value of an asset that differs between two of its states.
struct ValueDifference: Sendable, Equatable {
    enum Kind: Sendable { case added, removed, changed, unknown }

    /// As `ValueChange.path` in sync.proto says.
    var path: String
    var kind: Kind
    /// Nil where it was not there, or is not known.
    var before: JSONValue?
    var after: JSONValue?
}

/// A state of an asset, as differences are made of.
struct AssetState: Sendable {
    var facts: VersionFacts
    /// Canonical JSON.
    var body: [UInt8]

    /// What differs in `next`, ordered by path, at most `limit`; `isCut` where there is more.
    func differences(to next: AssetState, limit: Int) -> (values: [ValueDifference], isCut: Bool) {
        var search = DifferenceSearch(limit: limit)
        for (name, before, after) in [
            ("arn", facts.arn, next.facts.arn), ("name", facts.name, next.facts.name),
            ("region", facts.region, next.facts.region),
        ] where before != after {
            search.compare(JSONValue.string(before), JSONValue.string(after), name)
        }
        let hidden = facts.unanswered.merging(next.facts.unanswered) { before, _ in before }
        let (before, after) = (Self.object(body), Self.object(next.body))
        for call in hidden.keys.sorted() where search.hasRoom {
            let (old, new) = (facts.unanswered[call], next.facts.unanswered[call])
            // The same refusal of both hides the same.
            if old == new { continue }
            search.note(
                ValueDifference(
                    path: "$" + DifferenceSearch.step(call), kind: .unknown, before: old == nil ? before[call] : nil,
                    after: new == nil ? after[call] : nil))
        }
        search.compare(before, after, "$") { hidden[$0] == nil }
        search.compare(Self.object(Array(facts.tags.utf8)), Self.object(Array(next.facts.tags.utf8)), "tags")
        return (search.found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }, search.isCut)
    }

    private static func object(_ text: [UInt8]) -> JSONObject { (try? JSONValue(parsing: text))?.object ?? [:] }
}

/// Compares JSON values, and says where they differ.
struct DifferenceSearch {
    private(set) var found: [ValueDifference] = []
    private(set) var isCut = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var hasRoom: Bool { !isCut }

    mutating func note(_ difference: ValueDifference) {
        if found.count < limit { found.append(difference) } else { isCut = true }
    }

    mutating func compare(_ before: JSONValue, _ after: JSONValue, _ path: String) {
        guard hasRoom, before != after else { return }
        switch (before, after) {
        case (.object(let old), .object(let new)): compare(old, new, path)
        case (.array(let old), .array(let new)): compare(old, new, path)
        case (.string(let old), .string(let new)):
            // A policy is a document in a text.
            if let old = EmbeddedJSON.document(Array(old.utf8)), let new = EmbeddedJSON.document(Array(new.utf8)),
                old != new
            {
                compare(old, new, path)
            } else {
                note(ValueDifference(path: path, kind: .changed, before: before, after: after))
            }
        default: note(ValueDifference(path: path, kind: .changed, before: before, after: after))
        }
    }

    /// - Parameter isWanted: Which members are compared.
    mutating func compare(
        _ before: JSONObject, _ after: JSONObject, _ path: String, isWanted: (String) -> Bool = { _ in true }
    ) {
        for (name, old) in before.sorted where isWanted(name) {
            let path = path + Self.step(name)
            if let new = after[name] {
                compare(old, new, path)
            } else {
                note(ValueDifference(path: path, kind: .removed, before: old, after: nil))
            }
        }
        for (name, new) in after.sorted where isWanted(name) && before[name] == nil {
            note(ValueDifference(path: path + Self.step(name), kind: .added, before: nil, after: new))
        }
    }

    // MARK: Lists

    private mutating func compare(_ before: [JSONValue], _ after: [JSONValue], _ path: String) {
        if let name = ListKey.name(before, after) {
            compare(ListKey.keyed(before, by: name), ListKey.keyed(after, by: name), path, name)
            return
        }
        let (old, new) = Self.withoutCommon(before, after)
        if old.isEmpty && new.isEmpty {
            note(ValueDifference(path: path, kind: .changed, before: .array(before), after: .array(after)))
        } else if (old + new).allSatisfy({ $0.value.isPlain }) {
            for item in old {
                note(ValueDifference(path: path + "[*]", kind: .removed, before: item.value, after: nil))
            }
            for item in new {
                note(ValueDifference(path: path + "[*]", kind: .added, before: nil, after: item.value))
            }
        } else {
            // What is left on both sides is taken for the same element, in order.
            for (item, other) in zip(old, new) { compare(item.value, other.value, path + "[\(other.index)]") }
            for item in old.dropFirst(new.count) {
                note(ValueDifference(path: path + "[\(item.index)]", kind: .removed, before: item.value, after: nil))
            }
            for item in new.dropFirst(old.count) {
                note(ValueDifference(path: path + "[\(item.index)]", kind: .added, before: nil, after: item.value))
            }
        }
    }

    private mutating func compare(
        _ before: [(key: String, value: JSONValue)], _ after: [(key: String, value: JSONValue)], _ path: String,
        _ name: String
    ) {
        let (old, new) = (
            Dictionary(before) { first, _ in first }, Dictionary(after) { first, _ in first }
        )
        for (key, value) in before {
            let path = "\(path)[\(name)=\(key)]"
            if let other = new[key] {
                compare(value, other, path)
            } else {
                note(ValueDifference(path: path, kind: .removed, before: value, after: nil))
            }
        }
        for (key, value) in after where old[key] == nil {
            note(ValueDifference(path: "\(path)[\(name)=\(key)]", kind: .added, before: nil, after: value))
        }
    }

    private typealias Placed = (index: Int, value: JSONValue)

    /// What either list has and the other has not, each as often as it is there.
    private static func withoutCommon(_ before: [JSONValue], _ after: [JSONValue]) -> ([Placed], [Placed]) {
        var counts: [String: Int] = [:]
        for value in after { counts[value.text(canonical: true), default: 0] += 1 }
        var common: [String: Int] = [:]
        let old: [Placed] = before.enumerated().compactMap { index, value in
            let text = value.text(canonical: true)
            guard let left = counts[text], left > 0 else { return (index, value) }
            counts[text] = left - 1
            common[text, default: 0] += 1
            return nil
        }
        let new: [Placed] = after.enumerated().compactMap { index, value in
            let text = value.text(canonical: true)
            guard let left = common[text], left > 0 else { return (index, value) }
            common[text] = left - 1
            return nil
        }
        return (old, new)
    }

    // MARK: Paths

    /// A member's name as a step of a path: `.Name`, or `["a.b"]` where the name is no word.
    static func step(_ name: String) -> String {
        let isWord =
            !name.isEmpty
            && name.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
        return isWord ? "." + name : "[" + JSONValue.string(name).text() + "]"
    }
}

/// The member that tells the elements of a list from each other.
private enum ListKey {
    /// Of members that every element has, as a text or number that no other element has: the one that most elements of
    /// both lists share, then one that sounds like a name of it. Nil where there is none.
    static func name(_ before: [JSONValue], _ after: [JSONValue]) -> String? {
        guard let first = before.first?.object, !after.isEmpty else { return nil }
        var best: (shared: Int, rank: Int, name: String)?
        for name in first.names {
            guard let old = values(before, name), let new = values(after, name) else { continue }
            let candidate = (shared: old.intersection(new).count, rank: rank(name), name: name)
            guard candidate.shared > 0 || candidate.rank > 0 else { continue }
            if best.map({ ($0.shared, $0.rank) < (candidate.shared, candidate.rank) }) ?? true { best = candidate }
        }
        return best?.name
    }

    private static func rank(_ name: String) -> Int {
        let name = name.lowercased()
        if name.hasSuffix("arn") { return 4 }
        if name.hasSuffix("id") { return 3 }
        if name.hasSuffix("name") { return 2 }
        return name == "key" ? 1 : 0
    }

    /// The values of a member over a list; nil unless each element has one of its own.
    private static func values(_ list: [JSONValue], _ name: String) -> Set<String>? {
        var values: Set<String> = []
        for element in list {
            guard let text = text(element[name]), values.insert(text).inserted else { return nil }
        }
        return values
    }

    static func keyed(_ list: [JSONValue], by name: String) -> [(key: String, value: JSONValue)] {
        list.map { (text($0[name]) ?? "", $0) }
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.canonicalText
        default: nil
        }
    }
}

extension JSONValue {
    /// Whether it is neither a list nor an object.
    fileprivate var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }
}

extension VersionFacts {
    /// The calls that were not answered, with AWS's codes.
    fileprivate var unanswered: [String: String] {
        guard let gaps, let items = (try? JSONValue(parsing: gaps))?.array else { return [:] }
        return Dictionary(
            items.map { ($0["call"]?.string ?? "", $0["code"]?.string ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
