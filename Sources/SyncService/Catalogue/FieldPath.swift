import JSON

/// Where something is in a JSON value: `A.B[0].C`, `A[]` for each element of a list, `A{}` for each value of a map.
struct FieldPath: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case member(String)
        case index(Int)
        case elements
        case values
    }

    var steps: [Step]

    init(steps: [Step]) { self.steps = steps }

    /// Nil for text that is no path. The empty text is the value itself.
    init?(_ text: String) {
        steps = []
        guard !text.isEmpty else { return }
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard let parsed = Self.part(part) else { return nil }
            steps += parsed
        }
    }

    /// Reads SQLite's form, `$.A."b c"[0]`; nil for anything else, `[]` included.
    init?(sqlite text: String) {
        guard text.first == "$" else { return nil }
        steps = []
        var rest = text.dropFirst()
        while let first = rest.first {
            if first == "[" {
                guard let end = rest.firstIndex(of: "]"),
                    let index = Int(rest[rest.index(after: rest.startIndex)..<end]),
                    index >= 0
                else { return nil }
                steps.append(.index(index))
                rest = rest[rest.index(after: end)...]
                continue
            }
            guard first == "." else { return nil }
            rest = rest.dropFirst()
            if rest.first == "\"" {
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: "\"") else { return nil }
                steps.append(.member(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                guard !name.isEmpty else { return nil }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
        }
    }

    private static func part(_ part: Substring) -> [Step]? {
        let name = part.prefix { $0 != "[" && $0 != "{" }
        guard !name.isEmpty, name.allSatisfy({ !"]}\"' ".contains($0) }) else { return nil }
        var steps: [Step] = [.member(String(name))]
        var rest = part.dropFirst(name.count)
        while !rest.isEmpty {
            if rest.hasPrefix("[]") {
                steps.append(.elements)
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("{}") {
                steps.append(.values)
                rest = rest.dropFirst(2)
            } else if rest.first == "[", let end = rest.firstIndex(of: "]"),
                let index = Int(rest[rest.index(after: rest.startIndex)..<end]), index >= 0
            {
                steps.append(.index(index))
                rest = rest[rest.index(after: end)...]
            } else {
                return nil
            }
        }
        return steps
    }

    /// The first member's name.
    var head: String? {
        if case .member(let name)? = steps.first { name } else { nil }
    }

    var text: String {
        var text = ""
        for step in steps {
            switch step {
            case .member(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            case .elements: text += "[]"
            case .values: text += "{}"
            }
        }
        return text
    }

    /// All values at this path, in order; a missing member gives none, and so does `null` on the way.
    func values(in value: JSONValue) -> [JSONValue] {
        var found = [value]
        for step in steps {
            found = found.flatMap { value -> [JSONValue] in
                switch step {
                case .member(let name): value[name].map { [$0] } ?? []
                case .index(let index): value[index].map { [$0] } ?? []
                case .elements: value.array ?? []
                case .values: value.object.map { $0.map(\.value) } ?? []
                }
            }
        }
        return found
    }

    /// The first value at this path.
    func first(in value: JSONValue) -> JSONValue? { values(in: value).first }

    /// Replaces each value at this path; nil removes the member (a list keeps its length: `null` stands there then).
    func update(_ value: inout JSONValue, _ change: (JSONValue) -> JSONValue?) {
        value = Self.updated(value, steps[...], change) ?? .null
    }

    private static func updated(
        _ value: JSONValue, _ steps: ArraySlice<Step>, _ change: (JSONValue) -> JSONValue?
    ) -> JSONValue? {
        guard let step = steps.first else { return change(value) }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.member(let name), .object(var object)):
            guard let member = object[name] else { return value }
            object[name] = updated(member, rest, change)
            return .object(object)
        case (.values, .object(var object)):
            for (name, member) in object { object[name] = updated(member, rest, change) }
            return .object(object)
        case (.elements, .array(let items)):
            return .array(items.map { updated($0, rest, change) ?? .null })
        case (.index(let index), .array(var items)) where items.indices.contains(index):
            items[index] = updated(items[index], rest, change) ?? .null
            return .array(items)
        default: return value
        }
    }
}
